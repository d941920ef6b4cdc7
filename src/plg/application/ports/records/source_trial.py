"""A source that is asked once, before anything is declared of it."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """Where a source over HTTP is; `headers` may hold secrets, and so may the address."""

    base_url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    timeout_seconds: float


class SourceTrialPort(Protocol):
    """Asks a source that nothing is known of."""

    @abstractmethod
    async def ask(self, address: SourceAddress, target: str) -> Any:  # noqa: ANN401 - any JSON
        """
        Return the JSON value of one answer; None where the source says that there is no record.

        Redirects are not followed, and nothing is tried again.

        Raises:
            SourceFailed: If there was no connection, or no usable status.
            SourceBroken: If the answer is no JSON, too large or nested too deep.
            SourceTimeout: If the source was too slow.
        """
