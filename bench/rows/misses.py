"""Misses: players nobody has asked for yet."""

import json
from collections import Counter

from bench.findings import Figure, Finding, Verdict, rate_ratio, series_figures
from bench.gateway import gateway, simulator
from bench.lab import Lab
from bench.load.burst import burst
from bench.load.job import Job, Order
from bench.peers.servers import ONE_PLAYER, plain, source
from bench.processes import BenchError
from bench.records import KEY_HEADER, PLAYER_PATH, player_id
from bench.rounds import Contender, interleaved
from bench.wire import fetch

CONNECTIONS = 32
_IDS_A_ROUND = 200_000
_CALLERS = 1000


def miss(lab: Lab) -> Finding:
    """Measure fetch, remember and answer against the plain version's way on httpx."""
    with source(lab) as upstream:
        upstream.wait_for("/players?killer_bi_id=KB-000001")
        url = f"http://127.0.0.1:{upstream.port}"
        with (
            gateway(lab, lab.workspace / "data-miss", _source_at(url)) as ours,
            plain(lab, lab.workspace / "plain-miss.sqlite3", url) as theirs,
        ):
            theirs.wait_for(ONE_PLAYER, KEY_HEADER)
            series = interleaved(lab, [Contender(each, _new_ids) for each in (ours, theirs)])
    return Finding(
        "miss (source answers at once, 32 concurrent, distinct keys)",
        [rate_ratio(series["plg"], series["plain"], 6.0)],
        series_figures(list(series.values())),
    )


def collapse(lab: Lab) -> Finding:
    """Let a thousand callers ask for one unknown player, and count the calls to the source."""
    with simulator(lab, players=10, latency_seconds=0.5) as upstream:
        url = f"http://127.0.0.1:{upstream.port}"
        with gateway(lab, lab.workspace / "data-collapse", _source_at(url)) as ours:
            statuses = Counter(burst(ours.port, PLAYER_PATH + player_id(7), KEY_HEADER, _CALLERS))
            calls = json.loads(fetch(upstream.port, "/_stats").body)["calls"]
    if statuses != {200: _CALLERS}:
        raise BenchError(f"not all callers were answered: {dict(statuses)}")
    return Finding(
        f"{_CALLERS:,} concurrent misses on one key",
        [Verdict("source calls", calls, 1, form="{:.0f}", is_ceiling=True)],
        [Figure("plg", f"{_CALLERS:,} answers 200, {calls} calls")],
    )


def _source_at(url: str) -> dict[str, str]:
    return {"EXTERNAL_API_BASE_URL": url}


def _new_ids(round_number: int) -> Job:
    first = 10 + round_number * _IDS_A_ROUND
    return Job(CONNECTIONS, order=Order.SEQUENCE, first=first)
