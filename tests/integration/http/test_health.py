"""Health, for those who decide where requests go."""

import sqlite3
from contextlib import closing

import pytest

from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway

REPORTS = ["/health", "/health/ready", "/api/v1/health"]


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_process_that_runs_is_live(gateway: Gateway, slash: str) -> None:
    async with gateway.client(headers={}) as client:
        answer = await client.get("/health/live" + slash)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [*REPORTS, *(f"{path}/" for path in REPORTS)])
async def test_all_is_well(gateway: Gateway, path: str) -> None:
    answer = await gateway.get(path)

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {name: {"status": "ok"} for name in ("database", "cache", "source")},
    }


@pytest.mark.parametrize("path", REPORTS)
async def test_the_source_is_never_called(gateway: Gateway, path: str) -> None:
    await gateway.get(path)

    assert not gateway.simulator.stats.calls


async def break_source(gateway: Gateway) -> None:
    gateway.simulator.control(error_ratio=1)
    for number in range(6):
        await gateway.get(f"/api/v1/players/KB-{number:06}")


async def test_a_source_that_is_down_leaves_it_ready_while_stale_answers_are_allowed(
    gateway: Gateway,
) -> None:
    await break_source(gateway)

    answer = await gateway.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["source"] == {
        "status": "degraded",
        "detail": "the breaker is open",
    }


async def test_a_source_that_is_down_makes_it_unready_where_none_are(open_: OpenGateway) -> None:
    gateway = await open_(CACHE_STALE_IF_ERROR_SECONDS="0")
    await break_source(gateway)

    answer = await gateway.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["source"]["status"] == "down"
    assert (await gateway.get("/health/live")).status_code == 200


async def test_it_says_when_the_source_may_be_back(gateway: Gateway) -> None:
    await break_source(gateway)
    gateway.clock.advance(11)

    assert (await gateway.get("/health")).json()["checks"]["source"]["detail"] == (
        "the breaker is half-open"
    )


@pytest.mark.parametrize("path", REPORTS)
async def test_without_its_database_it_is_down(gateway: Gateway, path: str) -> None:
    lose(gateway, "db.sqlite3")

    answer = await gateway.get(path)

    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert answer.json()["checks"]["database"]["status"] == "down"


@pytest.mark.parametrize("path", REPORTS)
async def test_where_what_is_billable_cannot_be_written_it_is_down(
    gateway: Gateway, path: str
) -> None:
    await gateway.container.ledger().close()

    answer = await gateway.get(path)

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {
        "status": "down",
        "detail": "what is billable cannot be written",
    }


async def test_where_work_in_the_background_has_ended_it_is_down_and_counted(
    gateway: Gateway,
) -> None:
    gateway.container.background().ended("ledger", ZeroDivisionError())

    assert (await gateway.get("/health/ready")).status_code == 503
    assert 'plg_background_ended_total{work="ledger"} 1.0' in await gateway.metrics()


async def test_without_its_durable_cache_it_goes_on(gateway: Gateway) -> None:
    lose(gateway, "cache.sqlite3")

    answer = await gateway.get("/health")

    assert answer.status_code == 200
    assert answer.json()["checks"]["cache"]["status"] == "degraded"
    assert (await gateway.get()).status_code == 200


@pytest.mark.parametrize("file", ["db.sqlite3", "cache.sqlite3"])
async def test_it_tells_strangers_nothing_of_the_inside(gateway: Gateway, file: str) -> None:
    lose(gateway, file)

    text = (await gateway.get("/health")).text

    for inside in ("sqlite", "/data", "SELECT", "Error", "plg_", "alembic"):
        assert inside not in text


def lose(gateway: Gateway, file: str) -> None:
    """Take everything out of a database, as a bad restore does."""
    with closing(sqlite3.connect(gateway.settings.storage.data_dir / file)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (name,) in rows.fetchall():
            if not name.startswith("sqlite_"):
                connection.execute(f"DROP TABLE {name}")
        connection.commit()


async def test_a_cache_file_that_was_deleted_is_told_until_it_is_opened_anew(
    gateway: Gateway,
) -> None:
    await gateway.get()
    await gateway.container.maintenance().follow_purges()
    (gateway.settings.storage.data_dir / "cache.sqlite3").unlink()
    told = (await gateway.get("/health")).json()
    await gateway.container.maintenance().follow_purges()

    assert told["status"] == "degraded"
    assert "deleted or replaced" in told["checks"]["cache"]["detail"]
    assert (await gateway.get("/health")).json()["status"] == "ok"
    assert "fwd=uri-miss" in (await gateway.get()).headers["cache-status"]
