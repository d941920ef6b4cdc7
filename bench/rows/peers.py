"""The peers among themselves, without PLG: to see that they and the load are in order."""

from contextlib import ExitStack

from bench.findings import Finding, series_figures
from bench.lab import Lab
from bench.load.job import Job
from bench.peers.servers import ONE_PLAYER, drf, nginx, plain, plain_database, raw_asgi
from bench.records import KEY_HEADER
from bench.rounds import Contender, always, interleaved

_ANSWER_BYTES = 1200
_ROWS = 10_000
_IDS_A_ROUND = 200_000


def peers_alone(lab: Lab) -> Finding:
    """Measure a hit on every peer."""
    database = plain_database(lab, _ROWS)
    with ExitStack() as stack:
        enter = stack.enter_context
        servers = [
            enter(raw_asgi(lab, _ANSWER_BYTES)),
            enter(plain(lab, database)),
            enter(drf(lab, database)),
        ]
        proxy = enter(nginx(lab, _ANSWER_BYTES))
        servers += [proxy] if proxy is not None else []
        for server in servers:
            server.wait_for(ONE_PLAYER, KEY_HEADER)
        series = interleaved(lab, [Contender(each, always(Job(64))) for each in servers])
    return Finding("hits on the peers", (), series_figures(list(series.values())))
