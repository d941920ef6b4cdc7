"""`PlayerSourcePort`, kept by the adapter for HTTP and by its twin."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol

import httpx
import pytest

from plg.application.ports.records.source import Fetched, NotModified, PlayerSourcePort
from plg.domain.errors import SourceFailed
from plg.domain.records.players import KillerBiId
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from tests.fakes.entries import ANA, BEN, NOBODY
from tests.fakes.source import MemoryPlayerSource
from tests.integration.upstream.sources import source_over


class BackgroundTasks(Protocol):
    """A source, and the hand that moves what is behind it."""

    source: PlayerSourcePort

    @abstractmethod
    def change(self) -> None:
        """Give every record other content."""

    @abstractmethod
    def lose(self, key: KillerBiId) -> None:
        """Forget a record."""

    @abstractmethod
    def give_no_validators(self) -> None:
        """Answer without entity tags."""

    @abstractmethod
    def break_down(self) -> None:
        """Fail from now on."""


class BehindMemory(BackgroundTasks):
    def __init__(self) -> None:
        self.source = self.memory = MemoryPlayerSource()

    def change(self) -> None:
        self.memory.version += 1

    def lose(self, key: KillerBiId) -> None:
        self.memory.known.discard(key)

    def give_no_validators(self) -> None:
        self.memory.has_validators = False

    def break_down(self) -> None:
        self.memory.error = SourceFailed("no", status=503)


class BehindHttp(BackgroundTasks):
    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.source = source_over(httpx.ASGITransport(app=simulator))

    def change(self) -> None:
        self.simulator.control(version=self.simulator.faults.version + 1)

    def lose(self, key: KillerBiId) -> None:
        self.simulator.control(gone=[key.value])

    def give_no_validators(self) -> None:
        self.simulator.control(etag=False)

    def break_down(self) -> None:
        self.simulator.control(error_ratio=1, error_status=503)


@pytest.fixture(params=["http", "twin"])
async def behind(request: pytest.FixtureRequest) -> AsyncIterator[BackgroundTasks]:
    """Every source."""
    if request.param == "twin":
        yield BehindMemory()
        return
    http = BehindHttp(create_simulator(SimulatorConfig(seed=7)))
    yield http


async def fetched(behind: BackgroundTasks, key: KillerBiId = ANA) -> tuple[bytes, str | None]:
    answer = await behind.source.fetch(key)
    assert isinstance(answer, Fetched)
    assert answer.record.killer_bi_id == key
    return answer.record.document, answer.validator


async def test_a_known_key_gives_its_record(behind: BackgroundTasks) -> None:
    document, _ = await fetched(behind)

    assert b"KB-000001" in document


async def test_each_key_gives_its_own_record(behind: BackgroundTasks) -> None:
    assert await fetched(behind, ANA) != await fetched(behind, BEN)


async def test_an_unknown_key_is_no_match(behind: BackgroundTasks) -> None:
    assert await behind.source.fetch(NOBODY) is None


async def test_a_record_that_was_lost_is_no_match(behind: BackgroundTasks) -> None:
    _, validator = await fetched(behind)
    behind.lose(ANA)

    assert await behind.source.fetch(ANA, validator) is None


async def test_what_has_not_changed_is_not_modified(behind: BackgroundTasks) -> None:
    _, validator = await fetched(behind)
    assert validator is not None

    assert await behind.source.fetch(ANA, validator) == NotModified(validator)


async def test_what_has_changed_comes_anew(behind: BackgroundTasks) -> None:
    document, validator = await fetched(behind)
    behind.change()
    answer = await behind.source.fetch(ANA, validator)

    assert isinstance(answer, Fetched)
    assert (answer.record.document != document, answer.validator != validator) == (True, True)


async def test_without_a_validator_the_record_always_comes(behind: BackgroundTasks) -> None:
    assert await fetched(behind) == await fetched(behind)


async def test_a_source_without_entity_tags_gives_no_validator(behind: BackgroundTasks) -> None:
    behind.give_no_validators()
    _, validator = await fetched(behind)

    assert validator is None


async def test_a_source_that_is_broken_fails(behind: BackgroundTasks) -> None:
    behind.break_down()

    with pytest.raises(SourceFailed):
        await behind.source.fetch(ANA)
