"""Records move to files, and nothing is lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plg.application.ledger.list_usage_records import RecordQuery
from plg.domain.audit import Action
from plg.domain.errors import Archived, InvalidParameter, StorageUnavailable
from plg.domain.ledger.archives import ArchiveHeader, KeptCheckpoint
from plg.domain.ledger.kept_statements import KeptStatement
from plg.domain.ledger.periods import Period
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.ledger.verification.findings import Fault
from tests.fakes.usage import ANA, BEN
from tests.unit.billing.keeping import FOLDER, WEEK, Keeping

FILE = FOLDER / f"{ANA}-000000000001-000000000003.jsonl.gz"


@pytest.fixture
async def keeping() -> Keeping:
    """Ana's 1 to 3 were billed a week ago, 4 and 5 today, 6 was not."""
    keeping = Keeping()
    keeping.use(2)
    keeping.use(vin="V1")
    await keeping.pay()
    keeping.clock.advance(WEEK)
    keeping.use(2)
    await keeping.pay()
    keeping.use()
    return keeping


async def test_what_old_statements_cover_moves_to_a_file(keeping: Keeping) -> None:
    report = await keeping.archive()

    assert (len(report.archived), report.removed, report.findings.count) == (1, 3, 0)
    assert keeping.sequences() == [4, 5, 6]
    assert list(keeping.files.files) == [FILE]
    kinds = [type(line) for line in keeping.files.files[FILE]]
    assert kinds == [ArchiveHeader, *[SealedRecord] * 3, KeptStatement, KeptCheckpoint]


async def test_the_ledger_fits_afterwards(keeping: Keeping) -> None:
    await keeping.archive()
    report = await keeping.verify()

    assert report.differences == []
    assert (report.records, report.archived, report.statements) == (3, 3, 2)


async def test_the_file_fits_by_itself(keeping: Keeping) -> None:
    await keeping.archive()
    report = await keeping.verify_file(FILE)

    assert report.differences == []
    assert (report.accounts, report.records, report.statements) == (1, 3, 1)


async def test_it_is_written_down(keeping: Keeping) -> None:
    await keeping.archive()
    (record,) = [e for e in keeping.work.audit_records if e.action is Action.LEDGER_ARCHIVED]

    assert record.target == f"account:{ANA}"
    assert record.details == {"records": "1 to 3", "file": str(FILE)}


async def test_the_next_archive_goes_on_where_the_last_one_ended(keeping: Keeping) -> None:
    await keeping.archive()
    assert (await keeping.archive()).archived == []
    keeping.clock.advance(WEEK)
    (kept,) = (await keeping.archive()).archived

    assert (kept.checkpoint.first, kept.checkpoint.last) == (4, 5)
    assert keeping.sequences() == [6]
    assert (await keeping.verify()).differences == []
    assert (await keeping.verify_file(Path(kept.file))).differences == []


async def test_all_accounts_are_archived(keeping: Keeping) -> None:
    keeping.use(2, account=BEN)
    await keeping.pay(keeping.ben)
    keeping.clock.advance(WEEK)
    report = await keeping.archive(None)

    assert [each.checkpoint.account_id for each in report.archived] == [ANA, BEN]
    assert (keeping.sequences(), keeping.sequences(BEN)) == ([6], [])
    assert (await keeping.verify()).differences == []


async def test_an_account_goes_on_after_all_of_it_was_archived(keeping: Keeping) -> None:
    await keeping.pay()
    keeping.clock.advance(WEEK)
    await keeping.archive()
    keeping.use(2)
    await keeping.pay()

    assert keeping.sequences() == [7, 8]
    assert (await keeping.verify()).differences == []


async def test_what_is_young_stays(keeping: Keeping) -> None:
    with pytest.raises(InvalidParameter, match="at least 3 days ago"):
        await keeping.archive(days=2.9)
    assert (await keeping.archive(days=8)).archived == []
    assert keeping.sequences() == [1, 2, 3, 4, 5, 6]


async def test_what_does_not_fit_stays_and_is_said(keeping: Keeping) -> None:
    place = (ANA, 2)
    record = keeping.work.tables.usage[place]
    keeping.work.tables.usage[place] = record._replace(request_id="other")
    report = await keeping.archive()

    assert [each.fault for each in report.findings.differences] == [Fault.CHANGED]
    assert (report.archived, keeping.files.files) == ([], {})
    assert keeping.sequences() == [1, 2, 3, 4, 5, 6]


async def test_nothing_is_removed_while_a_file_is_missing(keeping: Keeping) -> None:
    usage = dict(keeping.work.tables.usage)
    await keeping.archive()
    keeping.work.tables.usage = usage
    lines = keeping.files.files.pop(FILE)
    with pytest.raises(StorageUnavailable, match="put it back"):
        await keeping.archive()
    assert keeping.sequences() == [1, 2, 3, 4, 5, 6]

    keeping.files.files[FILE] = lines
    assert (await keeping.archive()).removed == 3
    assert keeping.sequences() == [4, 5, 6]


async def test_where_it_was_interrupted_the_ledger_fits_and_the_next_call_goes_on(
    keeping: Keeping,
) -> None:
    usage = dict(keeping.work.tables.usage)
    await keeping.archive()
    keeping.work.tables.usage = usage
    del usage[ANA, 1]

    assert (await keeping.verify()).differences == []
    assert (await keeping.archive()).removed == 2
    assert keeping.sequences() == [4, 5, 6]


async def test_others_get_time_to_write_between_steps(keeping: Keeping) -> None:
    keeping.use(1200)
    await keeping.pay()
    keeping.clock.advance(WEEK)
    await keeping.archive()

    assert keeping.naps == 7
    assert keeping.sequences() == []


async def test_two_at_once_archive_once(keeping: Keeping) -> None:
    keeping.files.drafts.add(FILE)
    with pytest.raises(StorageUnavailable, match="another process"):
        await keeping.archive()
    assert keeping.sequences() == [1, 2, 3, 4, 5, 6]


async def test_a_list_of_records_ends_where_older_ones_were_archived(keeping: Keeping) -> None:
    await keeping.archive()
    page = await keeping.records(keeping.ana, RecordQuery(), limit=9)

    assert [each.record.sequence for each in page.records] == [6, 5, 4]
    assert page.next_before is None


async def test_records_of_an_archived_statement_are_gone_and_the_statement_stays(
    keeping: Keeping,
) -> None:
    await keeping.archive()
    archived, later = "PLG-2023-000001", "PLG-2023-000002"
    for asked in (
        keeping.covered(keeping.ana, archived),
        keeping.records(keeping.ana, RecordQuery(statement=archived), limit=9),
    ):
        with pytest.raises(Archived, match=archived):
            await asked

    assert (await keeping.statement(keeping.ana, archived)).number == archived
    pages = (await keeping.covered(keeping.ana, later)).pages()
    assert [[each.sequence for each in page] async for page in pages] == [[4, 5]]


async def test_a_period_that_was_archived_is_not_simulated(keeping: Keeping) -> None:
    await keeping.archive()
    now = keeping.clock.now()
    with pytest.raises(Archived):
        await keeping.simulate("basic", None, Period(now - 2 * WEEK, now), ANA)

    assert await keeping.simulate("basic", None, Period(now - WEEK / 2, now + 1), ANA)


def changed(keeping: Keeping, number: int, **changes: Any) -> None:  # noqa: ANN401 - any value
    """Tamper with a line of the file."""
    lines = keeping.files.files[FILE]
    match lines[number]:
        case SealedRecord() as sealed if "mac" in changes:
            lines[number] = sealed._replace(**changes)
        case SealedRecord() as sealed:
            lines[number] = sealed._replace(record=sealed.record._replace(**changes))
        case KeptCheckpoint() as kept:
            lines[number] = kept._replace(checkpoint=replace(kept.checkpoint, **changes))
        case KeptStatement() as statement:
            lines[number] = statement._replace(**changes)
        case ArchiveHeader() as header:
            lines[number] = replace(header, **changes)


@pytest.mark.parametrize(
    ("number", "changes", "fault"),
    [
        (0, {"previous_head": b"x" * 32}, Fault.CHANGED),
        (0, {"head": b"x" * 32}, Fault.HEAD),
        (0, {"account_id": BEN}, Fault.CHANGED),
        (0, {"first": 2}, Fault.MISSING),
        (1, {"units": 7}, Fault.CHANGED),
        (2, {"record_key": "other"}, Fault.CHANGED),
        (3, {"mac": b"x" * 32}, Fault.CHANGED),
        (4, {"amount": "7"}, Fault.ARCHIVE),
        (4, {"last": 2}, Fault.RANGE),
        (5, {"to_at": 7}, Fault.ARCHIVE),
        (5, {"days": ()}, Fault.ARCHIVE),
        (5, {"pepper_id": "00000000"}, Fault.UNKNOWN_SECRET),
    ],
)
async def test_a_file_that_was_changed_is_found(
    keeping: Keeping, number: int, changes: dict[str, Any], fault: Fault
) -> None:
    await keeping.archive()
    changed(keeping, number, **changes)

    assert fault in {each.fault for each in (await keeping.verify_file(FILE)).differences}


@pytest.mark.parametrize("number", [1, 3, 4])
async def test_a_file_that_lacks_a_line_is_found(keeping: Keeping, number: int) -> None:
    await keeping.archive()
    del keeping.files.files[FILE][number]

    assert not (await keeping.verify_file(FILE)).is_good


@pytest.mark.parametrize(("number", "why"), [(0, "out of order"), (5, "before its checkpoint")])
async def test_a_file_without_its_ends_is_none(keeping: Keeping, number: int, why: str) -> None:
    await keeping.archive()
    del keeping.files.files[FILE][number]

    with pytest.raises(StorageUnavailable, match=why):
        await keeping.verify_file(FILE)


@pytest.mark.parametrize(
    "changes",
    [
        {"head": b"x" * 32},
        {"last": 4},
        {"first": 2},
        {"previous_head": b"x" * 32},
        {"days": ()},
        {"statements": b"x" * 32},
    ],
)
async def test_a_checkpoint_that_was_changed_is_found(
    keeping: Keeping, changes: dict[str, Any]
) -> None:
    await keeping.archive()
    checkpoints = keeping.work.tables.checkpoints
    made = replace(checkpoints[0].checkpoint, **changes)
    checkpoints[0] = checkpoints[0]._replace(checkpoint=made)

    found = {each.fault for each in (await keeping.verify()).differences}
    assert Fault.ARCHIVE in found


async def test_a_checkpoint_that_was_removed_is_found(keeping: Keeping) -> None:
    await keeping.archive()
    keeping.work.tables.checkpoints.clear()

    assert Fault.MISSING in {each.fault for each in (await keeping.verify()).differences}


async def test_an_archived_statement_that_was_changed_is_found(keeping: Keeping) -> None:
    await keeping.archive()
    statements = keeping.work.tables.statements
    (line,) = [each for each in statements["PLG-2023-000001"].lines if each.resource == "players"]
    others = [each for each in statements["PLG-2023-000001"].lines if each is not line]
    statements["PLG-2023-000001"] = replace(
        statements["PLG-2023-000001"], lines=(replace(line, units=9), *others)
    )

    found = {each.fault for each in (await keeping.verify()).differences}
    assert Fault.ARCHIVE in found


async def test_an_archived_statement_that_was_removed_is_found(keeping: Keeping) -> None:
    await keeping.archive()
    del keeping.work.tables.statements["PLG-2023-000001"]

    found = {each.fault for each in (await keeping.verify()).differences}
    assert {Fault.ARCHIVE, Fault.NUMBER} <= found
