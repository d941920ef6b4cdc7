"""Billed hits: a usage record of each is on disk before its first byte is sent."""

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.findings import (
    Figure,
    Finding,
    latency_ratio,
    rate_ratio,
    series_figures,
    tail_ratio,
)
from bench.gateway import filled, gateway
from bench.identities import UNLIMITED, add_a_key_each, add_accounts, add_keys, register
from bench.lab import Lab
from bench.ledger import fill, synced_commit_seconds
from bench.load.job import Job
from bench.peers.servers import ONE_PLAYER, raw_asgi
from bench.processes import Server
from bench.records import KEY_HEADER
from bench.rounds import Contender, Series, always, interleaved
from bench.wire import fetch

CONNECTIONS = 64
CEILING_AIM = 1.0
LANE_OFF_AIM = 0.40
TAIL_AIM = 3.0
GROWTH_AIM = 1.2
_ROWS = 1000
_FEW, _MANY = 10_000, 10_000_000
_ACCOUNTS = 10_000


def billed_hit(lab: Lab) -> Finding:
    """Measure both carriers against the ceiling, and the tail against that of an unbilled hit."""
    with ExitStack() as stack:
        lane = stack.enter_context(gateway(lab, _folder(lab, "lane"), UNLIMITED, name="plg"))
        off = stack.enter_context(
            gateway(lab, _folder(lab, "off"), {**UNLIMITED, "FAST_LANE": "off"}, name="plg-off")
        )
        key, other = (_customer(lab, *each)[1] for each in ((lane, "lane"), (off, "off")))
        lane.wait_for(ONE_PLAYER, KEY_HEADER)
        raw = stack.enter_context(raw_asgi(lab, fetch(lane.port, ONE_PLAYER, KEY_HEADER).size))
        raw.wait_for(ONE_PLAYER)
        commit = synced_commit_seconds(lab.workspace)
        contenders = [
            _contender("billed", lane, key),
            _contender("billed, lane off", off, other),
            Contender(lane, always(Job(CONNECTIONS)), "unbilled"),
            Contender(raw, always(Job(CONNECTIONS)), "raw-asgi"),
        ]
        series = interleaved(lab, contenders)
        commits = [commit, synced_commit_seconds(lab.workspace)]
    billed, lane_off, unbilled, ceiling = series.values()
    return Finding(
        "billed hit, on disk before its first byte",
        [
            rate_ratio(billed, ceiling, CEILING_AIM),
            rate_ratio(lane_off, ceiling, LANE_OFF_AIM, "FAST_LANE=off, to raw-asgi"),
            tail_ratio(billed, unbilled, "p99, billed to unbilled", TAIL_AIM),
        ],
        [*series_figures([*series.values()]), _ledger_figure(billed, commits)],
    )


def billed_growth(lab: Lab) -> Finding:
    """Measure a hit, and the account's usage, with few records in the ledger and with many."""
    sizes = (_FEW, lab.plan.scaled(_MANY))
    with ExitStack() as stack:
        contenders, readers = [], []
        for size in sizes:
            name = f"records-{size}"
            data = _folder(lab, name)
            server = stack.enter_context(gateway(lab, data, UNLIMITED, name=f"plg-{name}"))
            account_id, key = _customer(lab, server, name)
            fill(data, account_id, size)
            contenders.append(_contender(f"{size:,} records", server, key))
            readers.append(_reader(f"usage, {size:,} records", server, key))
        few, many, read_few, read_many = interleaved(lab, [*contenders, *readers]).values()
    return Finding(
        f"billed hit, {sizes[0]:,} to {sizes[1]:,} usage records of the account",
        [
            latency_ratio(many, few, "p50, many records to few", GROWTH_AIM),
            latency_ratio(read_many, read_few, "p50 of the account's usage", GROWTH_AIM),
        ],
        series_figures([few, many, read_few, read_many]),
    )


def billed_accounts(lab: Lab) -> Finding:
    """Measure one account alone, one among many, and many in turn."""
    count = lab.plan.scaled(_ACCOUNTS)
    with ExitStack() as stack:
        alone = stack.enter_context(gateway(lab, _folder(lab, "alone"), UNLIMITED, name="plg-one"))
        crowd = stack.enter_context(gateway(lab, _folder(lab, "crowd"), UNLIMITED, name="plg-many"))
        account_id, key = _customer(lab, alone, "alone")
        keys_of_one = add_keys(_folder(lab, "alone"), account_id, count)
        model, _ = _customer(lab, crowd, "crowd")
        keys = add_a_key_each(
            _folder(lab, "crowd"), add_accounts(_folder(lab, "crowd"), model, count)
        )
        for server, known in ((alone, keys_of_one), (crowd, keys)):
            for each in known:
                server.wait_for(ONE_PLAYER, {"X-API-Key": each})
        contenders = [
            _contender("one account", alone, key),
            _contender(f"one of {count:,} accounts", crowd, keys[0]),
            _in_turn(lab, "keys of one account in turn", alone, keys_of_one),
            _in_turn(lab, f"{count:,} accounts in turn", crowd, keys),
        ]
        series = interleaved(lab, contenders)
    one, one_of_many, turns_of_one, turns = series.values()
    return Finding(
        f"billed hit, 1 to {count:,} accounts",
        [
            latency_ratio(one_of_many, one, "p50, one of many to one alone", GROWTH_AIM),
            latency_ratio(turns, turns_of_one, "p50, all in turn to keys of one", GROWTH_AIM),
        ],
        series_figures([*series.values()]),
    )


def _ledger_figure(billed: Series, commits: Sequence[float]) -> Figure:
    rows, commit = statistics.median(billed.rates), statistics.mean(commits)
    return Figure(
        "ledger",
        f"{rows:,.0f} rows/s; a synced commit of one row takes {commit * 1e6:,.0f} us here, "
        f"{1 / commit:,.0f}/s: {rows * commit:.1f} times as many rows as commits would fit",
    )


def _folder(lab: Lab, name: str) -> Path:
    """Return a data folder of its own, with players to be asked for."""
    template, folder = filled(lab, _ROWS), lab.workspace / f"billed-{name}"
    if not folder.exists():
        folder.mkdir()
        (folder / "cache.sqlite3").write_bytes((template / "cache.sqlite3").read_bytes())
    return folder


def _customer(lab: Lab, server: Server, name: str) -> tuple[str, str]:
    """Register an account that pays; return its id and a key that the server knows."""
    account_id = register(server.port)
    (key,) = add_keys(_folder(lab, name), account_id, 1)
    server.wait_for(ONE_PLAYER, {"X-API-Key": key})
    return account_id, key


def _contender(name: str, server: Server, key: str) -> Contender:
    return Contender(server, always(Job(CONNECTIONS, headers={"X-API-Key": key})), name)


def _reader(name: str, server: Server, key: str) -> Contender:
    job = Job(1, headers={"X-API-Key": key}, path="/api/v1/billing/usage?of=")
    return Contender(server, always(job), name)


def _in_turn(lab: Lab, name: str, server: Server, keys: Sequence[str]) -> Contender:
    file = lab.workspace / name.replace(" ", "-")
    file.write_text("\n".join(keys))
    job = Job(CONNECTIONS, headers={}, has_request_ids=True, keys=file)
    return Contender(server, always(job), name)
