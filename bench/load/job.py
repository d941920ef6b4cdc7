"""What to ask of a server, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol

from bench.records import KEY_HEADER, PLAYER_PATH


class Order(Enum):
    """Which of the players is asked for next."""

    FIXED = "fixed"
    RANDOM = "random"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Job:
    """
    A closed loop of requests: each connection asks again once it has its answer.

    With `keys`, a file of one API key a line, each request carries the next of them.
    """

    connections: int
    headers: Mapping[str, str] = field(default_factory=lambda: KEY_HEADER)
    order: Order = Order.FIXED
    first: int = 1
    last: int = 1
    has_request_ids: bool = False
    path: str = PLAYER_PATH
    keys: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement."""

    per_second: float
    p50_seconds: float
    p99_seconds: float
    failures: int
    busy: float = float("nan")


class LoadGenerator(Protocol):
    """Asks a server on loopback for a number of seconds."""

    name: str

    def run(self, port: int, job: Job, seconds: int) -> Run:
        """Return what was measured; answers other than 200 are counted as failures."""
