"""Somebody who writes down what happens."""

from plg.application.ports.observer import ObserverPort
from plg.domain.errors import SourceError


class RecordingObserver(ObserverPort):
    """Keeps one line for each event."""

    def __init__(self) -> None:
        self.reads: list[tuple[str, bool]] = []
        self.cache_failures: list[tuple[str, str]] = []
        self.collapses = 0
        self.source_results: list[str] = []
        self.source_seconds: list[float] = []
        self.undone: list[tuple[str, str]] = []
        self.ended: list[tuple[str, str]] = []

    def cache_read(self, tier: str, *, found: bool) -> None:
        self.reads.append((tier, found))

    def cache_failed(self, tier: str, error: Exception) -> None:
        self.cache_failures.append((tier, str(error)))

    def collapsed(self, resource: str) -> None:
        assert resource == "players"
        self.collapses += 1

    def source_called(self, resource: str, result: str, seconds: float) -> None:
        assert resource == "players"
        self.source_results.append(result)
        self.source_seconds.append(seconds)

    def source_failed(self, resource: str, error: SourceError, seconds: float) -> None:
        assert resource == "players"
        self.source_results.append(error.code)
        self.source_seconds.append(seconds)

    def background_failed(self, name: str, error: Exception) -> None:
        self.undone.append((name, str(error)))

    def work_ended(self, name: str, error: BaseException) -> None:
        self.ended.append((name, str(error)))
