"""Who watches."""

from abc import abstractmethod
from typing import Protocol

from plg.domain.errors import SourceError


class ObserverPort(Protocol):
    """Takes note of what happens inside, for metrics and logs. Never raises, never waits."""

    @abstractmethod
    def cache_read(self, tier: str, *, found: bool) -> None:
        """A tier was asked for an entry."""

    @abstractmethod
    def cache_failed(self, tier: str, error: Exception) -> None:
        """A tier did not answer; the lookup continues without it."""

    @abstractmethod
    def collapsed(self, resource: str) -> None:
        """A caller waits for another's call to the source."""

    @abstractmethod
    def source_called(self, resource: str, result: str, seconds: float) -> None:
        """The source answered: `result` is `match`, `no_match` or `not_modified`."""

    @abstractmethod
    def source_failed(self, resource: str, error: SourceError, seconds: float) -> None:
        """A call to the source, or the attempt at one, failed."""

    @abstractmethod
    def background_failed(self, job: str, error: Exception) -> None:
        """Work that no request waits for, such as mail or a purge, could not be done."""

    @abstractmethod
    def work_ended(self, name: str, error: BaseException) -> None:
        """Work that lasts as long as the process serves has ended; any thread may say so."""
