"""`RecordKeysPort`, kept by every durable database."""

from plg.application.ports.ledger.record_keys import BoundKey
from plg.application.ports.ledger.usage import RecordFilter
from plg.application.ports.work import UnitOfWorkPort
from tests.fakes.memory_usage import CHAIN
from tests.fakes.usage import ANA, BEN, asked, charge
from tests.integration.contracts.books import Booked
from tests.integration.contracts.works import undone

KEY, OTHER = "123456", "V1"


def use(booked: Booked) -> None:
    """Ana's 1, 2 and 4 hold the key, her 3 another; Ben's holds the key."""
    booked.write(
        charge(asked(1)),
        charge(asked(2, idempotency_key="once")),
        charge(asked(3, vin=OTHER, idempotency_key="twice")),
        charge(asked(4)),
        charge(asked(5, account=BEN, idempotency_key="once")),
    )


async def held(work: UnitOfWorkPort, *keys: str, resource: str | None = None) -> list[int]:
    async with work.look() as ports:
        found = await ports.record_keys.held(ANA, 1, 9, keys, resource)
    return [each.sequence for each in found]


async def test_records_that_hold_a_key_are_found(booked: Booked) -> None:
    use(booked)

    assert await held(booked.work, KEY) == [1, 2, 4]
    assert await held(booked.work, KEY, OTHER) == [1, 2, 3, 4]
    assert await held(booked.work, KEY, OTHER, resource="static-data") == [3]
    assert await held(booked.work, "v1") == []
    async with booked.work.look() as ports:
        (found,) = await ports.record_keys.held(ANA, 2, 3, [KEY], None)
    assert found == (2, asked(2).id, CHAIN.pepper_id, KEY)


async def test_a_key_is_erased_once(booked: Booked) -> None:
    use(booked)
    async with booked.work.change() as ports:
        assert await ports.record_keys.erase(ANA, {1: b"d" * 32, 3: b"e" * 32}) == 2
        assert await ports.record_keys.erase(ANA, {1: b"x" * 32, 9: b"x" * 32}) == 0
        assert await ports.record_keys.erase(ANA, {}) == 0

    assert await held(booked.work, KEY, OTHER) == [2, 4]
    async with booked.work.look() as ports:
        records = await ports.usage.records(ANA, 1, 9, RecordFilter(), 9)
    assert [each.record_key for each in records] == [KEY, None, KEY, None]


async def test_vehicles_are_forgotten(booked: Booked) -> None:
    use(booked)
    async with booked.work.change() as ports:
        assert await ports.record_keys.forget_vehicles(ANA, [OTHER, KEY]) == 1
        assert await ports.record_keys.forget_vehicles(ANA, [OTHER]) == 0
        assert await ports.record_keys.forget_vehicles("nobody", [OTHER]) == 0


async def test_idempotency_keys_are_bound_to_something_else(booked: Booked) -> None:
    use(booked)
    async with booked.work.change() as ports:
        keys = ports.record_keys
        assert await keys.bound(ANA, [KEY, OTHER], None) == [("once", KEY), ("twice", OTHER)]
        assert await keys.bound(ANA, [KEY, OTHER], "players") == [("once", KEY)]
        await keys.rebind(ANA, [BoundKey("once", "other")])
        await keys.rebind(ANA, [])

    async with booked.work.look() as ports:
        assert await ports.record_keys.bound(ANA, [KEY], None) == []
        assert await ports.record_keys.bound(ANA, ["other"], None) == [("once", "other")]
        assert await ports.record_keys.bound(BEN, [KEY], None) == [("once", KEY)]


async def test_what_was_undone_was_not_erased(booked: Booked) -> None:
    use(booked)
    await undone(booked.work, lambda ports: ports.record_keys.erase(ANA, {1: b"d" * 32}))

    assert await held(booked.work, KEY) == [1, 2, 4]
