"""What a client asked for, and what it heard: its own journal, which no kill touches."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final

OK: Final = 200
TOO_MANY: Final = 429
UNAVAILABLE: Final = 503


class Loss(Enum):
    """Why a request has no answer."""

    KILLED = auto()  # the server was killed while it was in flight
    STOPPED = auto()  # the server was told to stop; what it had begun it must have answered
    LEFT = auto()  # the client went away


@dataclass(slots=True)
class Request:
    """
    One request, and what became of it.

    Attributes:
        id: Its X-Request-ID.
        idempotency_key: Shared by all that may be billed once together.
        status: Of the complete answer; None while there is none.
    """

    id: str
    holder: str
    target: str
    idempotency_key: str | None = None
    status: int | None = None
    loss: Loss | None = None

    @property
    def claim(self) -> str:
        """What may have one record: the request, or all with its idempotency key."""
        return self.id if self.idempotency_key is None else f"={self.idempotency_key}"


@dataclass(slots=True)
class Journal:
    """
    Every request that was sent; complete answers are appended to a file as they arrive.

    Attributes:
        claims: The requests that may have one record together.
        touched: Claims that somebody has to look at again.
        surprises: What no client should live to see.
    """

    path: Path
    requests: dict[str, Request] = field(default_factory=dict)
    claims: dict[str, list[Request]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    losses: Counter[Loss] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def sent(self, requests: Iterable[Request]) -> None:
        """Note requests, before their first byte is sent."""
        for request in requests:
            self.requests[request.id] = request
            self.claims[request.claim].append(request)
            self.touched.add(request.claim)

    def answered(self, request: Request, request_id: str, status: int) -> None:
        """Note a complete answer to what was sent first of what is not answered."""
        if request_id != request.id:
            self.surprises.append(f"{request.id} was answered by what {request_id} asked for")
        if status not in (OK, TOO_MANY, UNAVAILABLE):
            self.surprises.append(f"{request.id} was answered by {status}")
        request.status = status
        self.statuses[status] += 1
        with self.path.open("a") as file:
            file.write(f"{request_id} {status}\n")

    def lost(self, requests: Iterable[Request], loss: Loss | None) -> None:
        """Note what will not be answered; where nothing ended the connection, that is a fault."""
        for request in requests:
            if loss is None:
                self.surprises.append(f"{request.id} was not answered, and nobody was killed")
            else:
                request.loss = loss
                self.losses[loss] += 1
