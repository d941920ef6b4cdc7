"""What a client was answered stands in the ledger once, however the gateway ended."""

from pathlib import Path

from tests.integration.http.soak.installation import Installation
from tests.integration.http.soak.journal import OK, TOO_MANY, Loss
from tests.integration.http.soak.rounds import Ending, Round, Soak, Trouble
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
    folder = tmp_path / "installation"
    folder.mkdir()
    with Installation.opened(folder) as installation:
        soak = Soak.of(installation, SEED, requests=800, vins=5)
        soak.busy_seconds = (0.1, 0.5)
        for planned in ROUNDS:
            await soak.run(planned)
        await soak.finish()

    journal, books = soak.journal, soak.books
    assert books.faults == []
    assert min(journal.statuses[OK], journal.statuses[TOO_MANY], journal.losses[Loss.KILLED]) > 0
    assert books.unanswered <= sum(journal.losses.values())
