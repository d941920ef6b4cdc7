"""What a client was answered stands in the ledger once, however the gateway ended."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.http.soak.installation import Installation
from tests.integration.http.soak.journal import OK, TOO_MANY, Loss
from tests.integration.http.soak.rounds import Ending, Round, Soak, Trouble
from tests.integration.servers import SERVERS, Server, fresh
from tests.length import times

SEED = 7
ROUNDS = (
    Round(Trouble.FULL, ends_amid=True, lane="off"),
    Round(),
    Round(lane="off"),
    Round(Trouble.LOCKED, ends_amid=True),
    Round(Trouble.FULL),
    Round(ending=Ending.KILL_TWICE),
    Round(workers=2),
    Round(Trouble.LOCKED, Ending.STOP),
    Round(ending=Ending.STOP, lane="off"),
    Round(),
)[: times(short=2, long=10)]


async def test_every_answer_has_one_record_whatever_was_killed_when(tmp_path: Path) -> None:
    await played(tmp_path / "installation", ROUNDS)


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
async def test_the_same_holds_where_the_ledger_is_on_a_server(
    tmp_path: Path, server: Server
) -> None:
    rounds = [each for each in ROUNDS if each.trouble is not Trouble.FULL] or [Round()]
    async with fresh(server, "kill") as url:
        await played(tmp_path / "installation", rounds, url)


async def played(folder: Path, rounds: Sequence[Round], database: str | None = None) -> None:
    folder.mkdir()
    with Installation.opened(folder, database) as installation:
        soak = Soak.of(installation, SEED, requests=800, vins=5)
        soak.busy_seconds = (0.1, 0.5)
        for planned in rounds:
            await soak.run(planned)
        await soak.finish()

    journal, books = soak.journal, soak.books
    assert books.faults == []
    assert min(journal.statuses[OK], journal.statuses[TOO_MANY], journal.losses[Loss.KILLED]) > 0
    assert books.unanswered <= sum(journal.losses.values())
