"""A record key goes out of a real file, and the chain holds."""

from pathlib import Path

import pytest

from plg.application.ledger.erase_record_key import ErasureQuery
from plg.domain.audit import OPERATOR
from plg.domain.errors import IdempotencyMismatch
from tests.fakes.usage import ANA, asked, charge
from tests.integration.sql.ledger.files import counted, opened, records, rows, told, verified
from tests.integration.sql.ledger.keeping import keeping

WISH = ErasureQuery(frozenset({"123456"}))


@pytest.fixture
async def used(path: Path) -> Path:
    async with opened(path) as ledger:
        for number in range(450):
            ledger.submit(charge(asked(number)), lambda _: None)
        ledger.submit(charge(asked(900, vin="V1")), lambda _: None)
        await counted(ledger, charge(asked(901, idempotency_key="once")))
    return path


def dump(path: Path) -> str:
    tables = ("usage_records", "ledger_day_vins", "idempotency", "reservations", "audit_records")
    present = {row[0] for row in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    return repr([rows(path, f"SELECT * FROM {table}") for table in tables if table in present])


async def test_no_trace_of_it_is_left_and_the_ledger_fits(used: Path) -> None:
    assert "'123456'" in dump(used)
    async with keeping(used) as keeper:
        done = await keeper.erasing(WISH, OPERATOR)
        await keeper.erasing(ErasureQuery(frozenset({"V1"})), OPERATOR)

    assert (done.records, done.bindings) == (451, 1)
    assert {record.record_key for record in records(used)} == {None}
    assert "123456" not in dump(used)
    assert "'V1'" not in dump(used)
    assert (await verified(used)).differences == []


async def test_a_key_cannot_be_told_by_what_stands_in_its_place(used: Path) -> None:
    async with keeping(used) as keeper:
        await keeper.erasing(WISH, OPERATOR)
    digests = [row[0] for row in rows(used, "SELECT key_digest FROM usage_records")]

    assert len({each for each in digests if each is not None}) == 451


async def test_a_repeat_is_answered_and_not_recorded_again(used: Path) -> None:
    async with keeping(used) as keeper:
        await keeper.erasing(WISH, OPERATOR)
    async with opened(used) as ledger:
        for _ in range(2):
            again = await counted(ledger, charge(asked(902, idempotency_key="once")))
            assert (again.is_repeat, again.sequence) == (True, 452)
        other = await told(ledger, charge(asked(903, key="other", idempotency_key="once")))

    assert isinstance(other, IdempotencyMismatch)
    assert len(records(used)) == 452
    assert (await verified(used)).differences == []


async def test_a_vehicle_counts_anew_after_it_was_erased(used: Path) -> None:
    async with keeping(used) as keeper:
        done = await keeper.erasing(ErasureQuery(frozenset({"V1"}), account_id=ANA), OPERATOR)
    async with opened(used) as ledger:
        await counted(ledger, charge(asked(904, vin="V1")))

    assert (done.records, done.vehicles) == (1, 1)
    assert records(used)[-1].vins == 1
    assert (await verified(used)).differences == []
