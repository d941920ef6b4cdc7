"""`make soak`: kills a gateway under load, round after round, and checks the ledger."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.integration.http.soak.installation import Installation
from tests.integration.http.soak.report import figures
from tests.integration.http.soak.rounds import Round, Soak, Trouble

REQUESTS_A_ROUND = 100
VINS_A_ROUND = 1
FAILED = 1
_say = partial(print, flush=True)


def main() -> int:
    """Run the rounds; 1 as soon as something is wrong, and the folder stays."""
    options = _options()
    folder = Path(options.folder or tempfile.mkdtemp(prefix="plg-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    _say(f"seed {options.seed}, folder {folder}")
    with Installation.opened(folder, options.database) as installation:
        soak = Soak.of(
            installation,
            options.seed,
            requests=REQUESTS_A_ROUND * options.rounds,
            vins=max(3, VINS_A_ROUND * options.rounds),
        )
        soak.connections = options.connections
        return asyncio.run(_run(soak, options.rounds))


async def _run(soak: Soak, rounds: int) -> int:
    begun = time.monotonic()
    for number in range(1, rounds + 1):
        planned = Round.drawn(soak.chance)
        if soak.installation.is_on_server and planned.trouble is Trouble.FULL:
            planned = replace(planned, trouble=Trouble.LOCKED)  # its disk is not ours to fill
        _say(f"{number}: {planned.description}")
        await soak.run(planned)
        if number % 10 == 0:
            soak.books.faults += soak.installation.verify()
        if soak.books.faults:
            break
    else:
        await soak.finish()
    _say(figures(soak, time.monotonic() - begun))
    for fault in soak.books.faults[:50]:
        _say(f"WRONG: {fault}")
    return FAILED if soak.books.faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak ARGS=...", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--connections", type=int, default=24)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", metavar="URL", help="an empty one on a server")
    parser.add_argument("--folder", help="must be empty; otherwise a temporary one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
