"""What PLG needs: memory at rest, memory per player, time to the first answer."""

import statistics
import time
from pathlib import Path

from bench.findings import Figure, Finding, Verdict
from bench.gateway import COMMAND, filled, gateway, settings
from bench.lab import Lab
from bench.load.sweep import sweep
from bench.peers.servers import ONE_PLAYER
from bench.processes import free_port, running
from bench.records import KEY_HEADER, body
from bench.usage import private_bytes, resident_bytes

_MIB = 2**20
_SETTLE_SECONDS = 1.0
_WARM_PLAYERS = 5000
_MORE_PLAYERS = 30_000


def idle_memory(lab: Lab) -> Finding:
    """Measure the resident memory of a server that waits."""
    with gateway(lab, filled(lab, 1000)) as server:
        server.wait_for(ONE_PLAYER, KEY_HEADER)
        time.sleep(_SETTLE_SECONDS)
        resident = resident_bytes(server.process.pid) / _MIB
    verdict = Verdict("RSS", resident, 90, form="{:.0f} MiB", is_ceiling=True)
    return Finding("memory of the idle server", [verdict])


def player_memory(lab: Lab) -> Finding:
    """Measure by what the server grows for each player it takes into memory."""
    total = _WARM_PLAYERS + _MORE_PLAYERS
    with gateway(lab, filled(lab, total), {"CACHE_MEMORY_MAX_MIB": "1024"}) as server:
        pid = server.process.pid
        sweep(server.port, 1, _WARM_PLAYERS)
        before = private_bytes(pid)
        sweep(server.port, _WARM_PLAYERS + 1, total)
        grown = (private_bytes(pid) - before) / _MORE_PLAYERS
    encoded = len(body(total))
    aim = 2 * encoded + 400
    return Finding(
        f"memory per cached player ({encoded} bytes encoded)",
        [Verdict("growth", grown, aim, form="{:,.0f} bytes", is_ceiling=True)],
        [Figure("plg", f"{grown / encoded:.2f} times the encoded size, {_MORE_PLAYERS:,} players")],
    )


def start(lab: Lab) -> Finding:
    """Measure from the command to the first 200 on an existing database."""
    data = filled(lab, 1000)
    took = [_start_once(lab, data) for _ in range(lab.plan.rounds)]
    verdict = Verdict(
        "first answer after",
        statistics.median(took),
        1.5,
        form="{:.2f} s",
        is_ceiling=True,
        spread=(min(took), max(took)),
    )
    return Finding("start on an existing database", [verdict])


def _start_once(lab: Lab, data: Path) -> float:
    port = free_port()
    environment = settings(data, port, {})
    folder = lab.workspace / "plg-start"
    began = time.perf_counter()
    with running(
        "plg", COMMAND, port=port, folder=folder, core=lab.server_core, environment=environment
    ) as server:
        server.wait_for(ONE_PLAYER, KEY_HEADER)
        return time.perf_counter() - began
