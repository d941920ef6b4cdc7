"""Command line of the bench: which rows, how thorough, and whether to write the report."""

import argparse
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from bench import report
from bench.commands import commands
from bench.findings import Finding
from bench.gateway import check_gateway
from bench.lab import Lab, Plan
from bench.load.python import PythonLoad
from bench.load.wrk import Wrk
from bench.machine import allowed_cores, describe
from bench.processes import ROOT, BenchError
from bench.rows import (
    billed,
    credentials,
    footprint,
    logins,
    memory_hits,
    misses,
    peers,
    resources,
    sql_hits,
)

ROWS: dict[str, Callable[[Lab], Finding]] = {
    "hit": memory_hits.hit,
    "hit-sdk": memory_hits.hit_sdk,
    "hit-lane-off": memory_hits.hit_lane_off,
    "hit-credentials": credentials.hit_credentials,
    "hit-many-keys": credentials.hit_many_keys,
    "billed-hit": billed.billed_hit,
    "billed-growth": billed.billed_growth,
    "billed-accounts": billed.billed_accounts,
    "logins": logins.logins,
    "resources": resources.resources,
    "sql-hit": sql_hits.sql_hit,
    "miss": misses.miss,
    "collapse": misses.collapse,
    "growth": sql_hits.growth,
    "idle-memory": footprint.idle_memory,
    "player-memory": footprint.player_memory,
    "start": footprint.start,
}
WITHOUT_GATEWAY: dict[str, Callable[[Lab], Finding]] = {"peers": peers.peers_alone}


def main() -> int:
    """Measure, print, and write the report if told so; 1 if a row could not be measured."""
    options = _options()
    signal.signal(signal.SIGTERM, _leave)
    _allow_many_connections()
    with tempfile.TemporaryDirectory(prefix="plg-bench-") as workspace:
        lab = _lab(Path(workspace), options)
        findings = _measure(lab, options.only or list(ROWS))
    print(f"\n{report.table(findings)}\n\n{report.figures(findings)}")
    circumstances = [*describe(ROOT), *_conditions(lab)]
    print("\n" + "\n".join(f"{label}: {value}" for label, value in circumstances))
    is_whole = len(findings) == len(options.only or ROWS)
    if options.write and is_whole:
        report.write(ROOT / "docs" / "benchmarks.md", findings, circumstances, commands())
    return 0 if is_whole else 1


def _measure(lab: Lab, names: list[str]) -> list[tuple[str, Finding]]:
    if any(name in ROWS for name in names):
        check_gateway(lab)
    findings = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        try:
            findings.append((name, (ROWS | WITHOUT_GATEWAY)[name](lab)))
        except BenchError as error:
            print(f"{name} could not be measured: {error}", file=sys.stderr)
    return findings


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ROW", choices=[*ROWS, *WITHOUT_GATEWAY])
    parser.add_argument("--quick", action="store_true", help="2 rounds of 1 s, a tenth of the rows")
    parser.add_argument("--rounds", type=int, help="how often each server is measured (5)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.epilog = f"rows: {', '.join([*ROWS, *WITHOUT_GATEWAY])}"
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write reports a whole run: leave out --only")
    return options


def _lab(workspace: Path, options: argparse.Namespace) -> Lab:
    cores = allowed_cores()
    server_core, load_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    rounds = options.rounds or (2 if options.quick else 5)
    plan = Plan(rounds, seconds=1 if options.quick else 2, is_quick=options.quick)
    load = Wrk(load_core) if Wrk.is_installed() else PythonLoad(load_core)
    return Lab(workspace, plan, load, server_core, load_core)


def _conditions(lab: Lab) -> list[tuple[str, str]]:
    pinned = "not pinned, too few cores or no way to choose them"
    if lab.server_core is not None:
        pinned = f"servers on core {lab.server_core}, load on core {lab.load_core}"
    length = f"{lab.plan.rounds} rounds of {lab.plan.seconds} s" + " (quick)" * lab.plan.is_quick
    return [("load", lab.load.name), ("cores", pinned), ("length", length)]


def _allow_many_connections() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)
