"""A record key goes, and the chain holds."""

from dataclasses import replace

import pytest

from plg.domain.audit import Action
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import LedgerChain
from plg.domain.ledger.erasures import hidden, shown
from plg.domain.ledger.verification.chains import SealedRecord
from plg.domain.plans.plans import Metered
from plg.domain.records.vehicles import Vin
from tests.fakes import memory_usage
from tests.fakes.memory_usage import CHAIN
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.fakes.vehicles import observation_of
from tests.unit.billing.keeping import WEEK, Keeping
from tests.unit.billing.test_archives import FILE

KEY, OTHER = "123456", "V1"


@pytest.fixture
async def keeping() -> Keeping:
    """Ana: 1 to 3 were billed a week ago, 4 and 5 were not. Ben: one. All but 3 hold the key."""
    keeping = Keeping()
    keeping.use(2)
    keeping.use(vin=OTHER)
    await keeping.pay()
    keeping.clock.advance(WEEK)
    keeping.use(2)
    keeping.use(account=BEN)
    return keeping


def held(keeping: Keeping) -> list[tuple[str, int]]:
    usage = keeping.work.tables.usage
    return [place for place, record in sorted(usage.items()) if record.record_key == KEY]


async def test_a_key_goes_everywhere_and_the_ledger_fits(keeping: Keeping) -> None:
    done = await keeping.erase(KEY)

    assert (done.records, held(keeping)) == (5, [])
    assert keeping.work.tables.usage[ANA, 3].record_key == OTHER
    assert (await keeping.verify()).differences == []


async def test_once_more_it_is_not_there(keeping: Keeping) -> None:
    await keeping.erase(KEY)

    assert (await keeping.erase(KEY)).records == 0
    assert (await keeping.verify()).differences == []


async def test_a_key_goes_in_one_account(keeping: Keeping) -> None:
    assert (await keeping.erase(KEY, account_id=BEN)).records == 1
    assert held(keeping) == [(ANA, 1), (ANA, 2), (ANA, 4), (ANA, 5)]


async def test_a_key_goes_in_records_of_one_kind(keeping: Keeping) -> None:
    assert (await keeping.erase(KEY, OTHER, resource="static-data")).records == 1
    assert len(held(keeping)) == 5


async def test_what_is_used_later_is_recorded_as_ever(keeping: Keeping) -> None:
    await keeping.erase(KEY)
    keeping.use()
    await keeping.pay()

    assert held(keeping) == [(ANA, 6)]
    assert (await keeping.verify()).differences == []


async def test_a_vehicle_is_not_seen_any_more(keeping: Keeping) -> None:
    keeping.use(vin=OTHER)
    keeping.use(vin="V2")
    done = await keeping.erase(OTHER)

    assert (done.records, done.vehicles) == (2, 2)
    assert {key for _, (_, key) in keeping.work.tables.meters[ANA].seen} == {"V2"}
    assert (await keeping.verify()).differences == []


async def test_it_is_written_down_without_the_key(keeping: Keeping) -> None:
    await keeping.erase(KEY)
    record = keeping.work.audit_records[-1]

    assert (record.action, record.target) == (Action.RECORD_KEY_ERASED, "ledger")
    assert record.details["records"] == "5"
    assert KEY not in repr(record)


async def test_a_repeat_is_still_known_after_its_key_was_erased(keeping: Keeping) -> None:
    what = asked(99, at=keeping.clock.now(), idempotency_key="once")
    memory_usage.submit(keeping.work.tables, [charge(what)])
    assert (await keeping.erase(KEY)).bindings == 1

    kept = keeping.work.tables.meters[ANA].bindings["once"].record_key
    assert KEY not in kept
    assert shown(CHAIN, f"{ANA}:once", kept, KEY) == KEY
    assert shown(CHAIN, f"{ANA}:once", kept, "other") == kept


def test_what_stands_for_a_key_differs_from_place_to_place() -> None:
    kept = hidden(CHAIN, "ana:once", KEY)

    assert kept != hidden(CHAIN, "ana:twice", KEY)
    assert shown(CHAIN, "ana:twice", kept, KEY) == kept
    assert len(kept) <= 128


def test_what_an_earlier_secret_hid_is_known_and_what_none_did_is_not() -> None:
    kept = hidden(CHAIN, "p", KEY)
    rotated = LedgerChain(Keyring("y" * 32, ("x" * 32,)))

    assert shown(rotated, "p", kept, KEY) == KEY
    assert shown(LedgerChain(Keyring("y" * 32)), "p", kept, KEY) == kept


@pytest.mark.parametrize("key", ["erased", "erased:", "erased:x:y", "plain"])
def test_a_key_that_looks_like_an_erased_one_is_itself(key: str) -> None:
    assert shown(CHAIN, "p", key, "other") == key


async def test_files_that_hold_it_are_named(keeping: Keeping) -> None:
    await keeping.archive()
    done = await keeping.erase(KEY)

    assert (done.records, done.holding, done.rewritten) == (3, [str(FILE)], [])
    assert (await keeping.erase("nobody")).holding == []
    assert (await keeping.erase(KEY, resource="static-data")).holding == []


async def test_files_that_are_elsewhere_are_named(keeping: Keeping) -> None:
    await keeping.archive()
    keeping.files.files.clear()

    assert (await keeping.erase(KEY)).unread == [str(FILE)]


async def test_a_file_is_written_anew_without_it_and_fits(keeping: Keeping) -> None:
    await keeping.archive()
    done = await keeping.erase(KEY, in_files=True)
    records = [each.record for each in keeping.files.files[FILE] if isinstance(each, SealedRecord)]

    assert (done.holding, done.rewritten) == ([], [str(FILE)])
    assert [each.record_key for each in records] == [None, None, OTHER]
    assert (await keeping.verify_file(FILE)).differences == []
    assert (await keeping.erase(KEY)).holding == []


async def test_an_erased_record_is_archived_as_it_is(keeping: Keeping) -> None:
    await keeping.erase(KEY)
    await keeping.archive()

    assert (await keeping.verify_file(FILE)).differences == []
    assert (await keeping.erase(KEY)).holding == []


async def test_what_a_lost_secret_sealed_cannot_be_erased_and_nothing_is(keeping: Keeping) -> None:
    lost = replace(keeping.erasing, chain=LedgerChain(Keyring("y" * 32)))
    keeping.erasing = lost
    with pytest.raises(StorageUnavailable, match="SECRET_KEY_PREVIOUS"):
        await keeping.erase(KEY)

    assert len(held(keeping)) == 5


async def test_observations_of_a_vehicle_go_where_that_is_wanted(keeping: Keeping) -> None:
    seen = [observation_of(at=float(at)) for at in range(450)]
    async with keeping.work.change() as work:
        await work.observations.add(seen)
    key = seen[0].vin.value
    await keeping.erase(key)
    assert len(keeping.work.tables.observations) == 450

    assert (await keeping.erase(key, KEY, in_observations=True)).observations == 450
    assert keeping.work.tables.observations == {}
    assert Vin(key) == seen[0].vin


async def test_a_record_that_is_taken_back_after_its_key_was_erased_fits(keeping: Keeping) -> None:
    record_id = keeping.use(metered=Metered.MISS, vin="V3")
    await keeping.erase("V3")
    keeping.take_back(record_id)

    assert (await keeping.verify()).differences == []


async def test_where_it_was_interrupted_the_ledger_fits(keeping: Keeping) -> None:
    keeping.use(vin="V3")
    seen = dict(keeping.work.tables.meters[ANA].seen)
    await keeping.erase("V3")
    keeping.work.tables.meters[ANA].seen = seen

    assert (await keeping.verify()).differences == []
