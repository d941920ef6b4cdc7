"""Fresh hits in memory: one player, one key, 64 connections."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial

from bench.findings import Finding, rate_ratio, series_figures
from bench.gateway import filled, gateway
from bench.lab import Lab
from bench.load.job import Job
from bench.peers.servers import ONE_PLAYER, drf, nginx, plain, plain_database, raw_asgi
from bench.processes import Server
from bench.records import KEY_HEADER
from bench.rounds import Contender, Series, always, interleaved
from bench.wire import fetch

CONNECTIONS = 64
_ROWS = 1000

_SDK_HEADERS = {
    **KEY_HEADER,
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-GB,en;q=0.9,pl;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "X-Forwarded-For": "203.0.113.24",
    "X-Forwarded-Proto": "https",
    "X-Real-IP": "203.0.113.24",
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "tracestate": "vendor=00f067aa0ba902b7",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-site",
    "Cookie": "session=2b1f0d7e; theme=dark",
}
_BARE = Job(CONNECTIONS)
_SDK = Job(CONNECTIONS, headers=_SDK_HEADERS, has_request_ids=True)


def hit(lab: Lab) -> Finding:
    """Measure the fast lane against everyone."""
    database = plain_database(lab, _ROWS)
    with ExitStack() as stack:
        enter = stack.enter_context
        ours, size = enter(_warm_gateway(lab, {"FAST_LANE": "on"}))
        raw = enter(raw_asgi(lab, size))
        servers = [ours, raw, enter(plain(lab, database)), enter(drf(lab, database))]
        proxy = enter(nginx(lab, size))
        if proxy is not None:
            servers.append(proxy)
        series = _measured(lab, servers, _BARE)
    aims = {"raw-asgi": 1.5, "nginx": 1.0, "plain": 30.0, "drf": 40.0}
    return Finding(
        "fresh memory hit",
        [rate_ratio(series["plg"], series[name], aims[name]) for name in aims if name in series],
        series_figures(list(series.values())),
    )


def _against_the_ceiling(
    lab: Lab, *, work: str, own: Mapping[str, str], job: Job, aim: float
) -> Finding:
    with _warm_gateway(lab, own) as (ours, size), raw_asgi(lab, size) as raw:
        series = _measured(lab, [ours, raw], job)
    return Finding(
        work,
        [rate_ratio(series["plg"], series["raw-asgi"], aim)],
        series_figures(list(series.values())),
    )


hit_sdk = partial(
    _against_the_ceiling,
    work="the same with the headers of a browser behind nginx",
    own={"FAST_LANE": "on"},
    job=_SDK,
    aim=1.0,
)
hit_lane_off = partial(
    _against_the_ceiling,
    work="the same with FAST_LANE=off",
    own={"FAST_LANE": "off"},
    job=_BARE,
    aim=0.55,
)


@contextmanager
def _warm_gateway(lab: Lab, own: Mapping[str, str]) -> Iterator[tuple[Server, int]]:
    with gateway(lab, filled(lab, _ROWS), own) as server:
        server.wait_for(ONE_PLAYER, KEY_HEADER)
        yield server, fetch(server.port, ONE_PLAYER, KEY_HEADER).size


def _measured(lab: Lab, servers: list[Server], job: Job) -> dict[str, Series]:
    for server in servers:
        server.wait_for(ONE_PLAYER, KEY_HEADER)
    return interleaved(lab, [Contender(server, always(job)) for server in servers])
