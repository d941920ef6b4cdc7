"""Who is known to be gone before the answer is at hand does not pay for it."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from plg.application.plans.override_plan import NewOverride
from plg.domain.audit import OPERATOR
from plg.domain.plans.plans import Metered
from plg.domain.plans.terms import Terms
from tests.integration.http.conftest import Serve
from tests.integration.http.gateway import ANA_PATH, Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in
from tests.integration.http.listening import Listener
from tests.integration.http.wire import Peer, request

NOBODY_PATH = "/api/v1/players/KB-999999"
WITH_KEY = "Idempotency-Key: k"


def rows(gateway: Gateway, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(gateway.settings.storage.data_dir / "db.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def billed(gateway: Gateway) -> list[str]:
    """Return what usage records are for."""
    return [metered for (metered,) in rows(gateway, "SELECT metered FROM usage_records")]


async def waiting(listener: Listener, holder: Holder, path: str, *fields: str) -> Peer:
    """Return a client whose request waits for the source."""
    source = listener.gateway.source
    source.gate.clear()
    before = source.calls
    peer = await listener.connect()
    await peer.send(request(path, *fields, key=holder.key))
    await listener.until(lambda: source.calls > before)
    return peer


async def answer_nobody(listener: Listener) -> None:
    """Have the source answer, and all that comes of it done, once nobody is there."""
    await listener.until(lambda: not listener.state.connections)
    listener.gateway.source.gate.set()
    await listener.until_left()
    await listener.gateway.settle()


@pytest.mark.parametrize("path", [ANA_PATH, NOBODY_PATH])
async def test_a_miss_of_a_client_that_was_reset_is_not_billed(serve: Serve, path: str) -> None:
    listener = await serve()
    gateway = listener.gateway
    holder = await holder_in(gateway, "ana")
    await gateway.container.billing().override_plan(
        holder.caller.account_id or "",
        NewOverride(Terms(price=1, prices={Metered.NOT_FOUND: 1}, requests_per_day=1)),
        OPERATOR,
    )
    peer = await waiting(listener, holder, path)
    assert len(rows(gateway, "SELECT id FROM reservations")) == 1
    peer.reset()
    await answer_nobody(listener)

    assert billed(gateway) == []
    assert rows(gateway, "SELECT id FROM reservations") == []
    assert (await ask(gateway, holder.key)).status_code == 200  # the one request of the day


async def test_it_is_counted_among_what_nobody_pays_for(serve: Serve) -> None:
    listener = await serve()
    holder = await holder_in(listener.gateway, "ana")
    (await waiting(listener, holder, ANA_PATH)).reset()
    await answer_nobody(listener)
    await listener.gateway.container.usage().count_free_usage.write()

    query = "SELECT metered, count FROM free_usage_sums WHERE account_id LIKE '01ACCOUNT%'"
    assert rows(listener.gateway, query) == [("miss", 1)]


async def test_its_call_counts_against_the_limit_of_calls(serve: Serve) -> None:
    listener = await serve(None, RATE_LIMIT_SOURCE_CALLS="1/hour")
    holder = await holder_in(listener.gateway, "ana")
    (await waiting(listener, holder, ANA_PATH)).reset()
    await answer_nobody(listener)
    refused = await ask(listener.gateway, holder.key, "/api/v1/players/KB-000002")

    assert refused.status_code == 429
    assert refused.json()["violated-policies"] == ["source_calls"]


async def test_a_client_that_has_said_all_and_listens_pays(serve: Serve) -> None:
    listener = await serve()
    holder = await holder_in(listener.gateway, "ana")
    peer = await waiting(listener, holder, ANA_PATH)
    peer.half_close()
    listener.gateway.source.gate.set()

    assert (await peer.answer()).status == 200
    assert billed(listener.gateway) == ["miss"]


async def test_asked_again_under_its_idempotency_key_it_is_billed_once(serve: Serve) -> None:
    listener = await serve()
    holder = await holder_in(listener.gateway, "ana")
    (await waiting(listener, holder, ANA_PATH, WITH_KEY)).reset()
    await answer_nobody(listener)
    peer = await listener.connect()
    for _ in range(2):
        assert (await peer.ask(request(ANA_PATH, WITH_KEY, key=holder.key))).status == 200

    assert billed(listener.gateway) == ["hit"]
