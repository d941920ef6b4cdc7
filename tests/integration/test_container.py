"""Everything put together, without a channel."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from dependency_injector import providers

from plg.application.background import Job, every
from plg.application.health.check_health import Status
from plg.application.identity.identify import SERVICE
from plg.application.ports.records.invalidation import Invalidation
from plg.container import Container, close, prepare, running
from plg.domain.records.lookups import Lookup, Outcome
from plg.entrypoints.simulator.app import Simulator, SimulatorConfig, create_simulator
from plg.settings import Settings
from tests.fakes.entries import ANA
from tests.integration.simulator.recorded_sleep import RecordedSleep


@pytest.fixture
def simulator() -> Simulator:
    return create_simulator(SimulatorConfig(seed=7))


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        "DATA_DIR": str(tmp_path),
        "EXTERNAL_API_BASE_URL": "http://source.test",
        "API_KEY": "the-key",
    }


@asynccontextmanager
async def gateway(env: Mapping[str, str], simulator: Simulator) -> AsyncIterator[Container]:
    container = Container(settings=Settings.from_env(env))
    container.player_transport.override(providers.Object(httpx.ASGITransport(app=simulator)))
    await prepare(container)
    async with running(container):
        yield container


async def get(container: Container) -> Lookup:
    get_player = container.get_player()
    return await get_player(ANA, SERVICE)


@pytest.mark.parametrize(
    ("line", "files"),
    [("durable", ["db.sqlite3"]), ("cache", ["cache.sqlite3"])],
)
async def test_one_version_line_can_be_prepared_alone(
    env: dict[str, str], tmp_path: Path, line: str, files: list[str]
) -> None:
    container = Container(settings=Settings.from_env(env))
    await prepare(container, line)
    await close(container)

    assert [path.name for path in tmp_path.glob("*.sqlite3")] == files


async def test_a_player_goes_the_whole_way(env: dict[str, str], simulator: Simulator) -> None:
    async with gateway(env, simulator) as container:
        outcomes = [(await get(container)).outcome for _ in range(2)]

    assert (outcomes, simulator.stats.calls) == ([Outcome.MISS, Outcome.HIT], 1)


async def test_a_restart_keeps_what_was_fetched(env: dict[str, str], simulator: Simulator) -> None:
    async with gateway(env, simulator) as container:
        before = await get(container)
    async with gateway(env, simulator) as container:
        after = await get(container)

    assert (after.outcome, after.entry) == (Outcome.HIT, before.entry)


async def test_stopping_finishes_what_is_in_flight(
    env: dict[str, str],
) -> None:
    sleep = RecordedSleep()
    sleep.hold()
    simulator = create_simulator(SimulatorConfig(seed=7), sleep=sleep)
    simulator.control(latency=1)
    async with gateway(env, simulator) as container:
        caller = asyncio.create_task(get(container))
        await sleep.begun.wait()
        caller.cancel()
        asyncio.get_running_loop().call_later(0.01, sleep.release)
    async with gateway(env, simulator) as container:
        outcome = (await get(container)).outcome

    assert (outcome, simulator.stats.calls) == (Outcome.HIT, 1)


async def test_a_failure_of_the_upkeep_does_not_keep_it_from_stopping_well(
    env: dict[str, str], simulator: Simulator
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    container = Container(settings=Settings.from_env(env))
    container.player_transport.override(providers.Object(httpx.ASGITransport(app=simulator)))
    container.notice_jobs.override(providers.Object([Job("broken", fail, every(1))]))
    await prepare(container)
    with pytest.raises(ZeroDivisionError):
        async with running(container):
            await get(container)

    async with gateway(env, simulator) as container:
        assert (await get(container)).outcome is Outcome.HIT


async def test_a_purge_by_another_process_reaches_memory(
    env: dict[str, str], simulator: Simulator
) -> None:
    async with gateway(env, simulator) as ours, gateway(env, simulator) as theirs:
        await get(ours)
        await ours.maintenance().follow_purges()
        await theirs.invalidations().publish(Invalidation("players", ANA.value))
        await theirs.players().purge(ANA)
        await ours.maintenance().follow_purges()

        assert (await get(ours)).outcome is Outcome.MISS


async def test_it_is_well(env: dict[str, str], simulator: Simulator) -> None:
    async with gateway(env, simulator) as container:
        health = await container.check_health()()

    assert health.status is Status.OK


async def test_it_is_down_once_an_upkeep_has_ended(
    env: dict[str, str], simulator: Simulator
) -> None:
    async def end() -> None:
        raise ZeroDivisionError

    async with gateway(env, simulator) as container:
        with suppress(ZeroDivisionError):
            async with container.background().running([Job("cache", end, every(1))]):
                await asyncio.sleep(0)
        health = await container.check_health()()

    assert health.status is Status.DOWN


async def test_without_a_database_it_is_down(env: dict[str, str], simulator: Simulator) -> None:
    container = Container(settings=Settings.from_env(env))
    container.player_transport.override(providers.Object(httpx.ASGITransport(app=simulator)))
    async with running(container):
        health = await container.check_health()()

    assert health.status is Status.DOWN


async def test_it_knows_the_operators_key(env: dict[str, str], simulator: Simulator) -> None:
    async with gateway(env, simulator) as container:
        assert await container.access.identify()(b"the-key", "127.0.0.1") == SERVICE


async def test_its_readings_are_exported(env: dict[str, str], simulator: Simulator) -> None:
    async with gateway(env, simulator) as container:
        await get(container)
        await get(container)
        registry = container.registry()
        figures = {
            name: registry.get_sample_value(name)
            for name in (
                "plg_cache_memory_entries",
                "plg_cache_memory_hits_total",
                "plg_cache_evictions_total",
                "plg_lookups_in_flight",
                "plg_source_busy",
                "plg_source_waiting",
            )
        }
        closed = registry.get_sample_value("plg_source_breaker", {"state": "closed"})

    assert figures == {
        "plg_cache_memory_entries": 1,
        "plg_cache_memory_hits_total": 1,
        "plg_cache_evictions_total": 0,
        "plg_lookups_in_flight": 0,
        "plg_source_busy": 0,
        "plg_source_waiting": 0,
    }
    assert closed == 1


async def test_the_calls_headers_and_timeouts_are_those_of_the_settings(
    env: dict[str, str], simulator: Simulator
) -> None:
    seen: list[httpx.Headers] = []

    class Listening(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.headers)
            return await super().handle_async_request(request)

    container = Container(
        settings=Settings.from_env({**env, "EXTERNAL_API_HEADERS": '{"X-Key": "theirs"}'})
    )
    container.player_transport.override(providers.Object(Listening(app=simulator)))
    await prepare(container)
    async with running(container):
        await get(container)

    assert seen[0]["x-key"] == "theirs"
