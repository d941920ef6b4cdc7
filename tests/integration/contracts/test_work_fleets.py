"""`FleetsPort`, kept by every durable database."""

from collections.abc import Iterable

import pytest

from plg.application.ports.fleets.fleets import FleetClaim
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.fleets.fleets import Fleet, Staged
from plg.domain.records.vehicles import Vin
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, undone

VINS = [Vin(f"WVWZZZE1ZMP{number:06}") for number in range(9)]
NORTH = Fleet("north", "north", 2, NOON)


async def claimed(work: UnitOfWorkPort, code: str = "north", new_id: str = "F1") -> FleetClaim:
    async with work.change() as ports:
        return await ports.fleets.claim(code, new_id)


async def staged(work: UnitOfWorkPort, claim: FleetClaim, vins: Iterable[Vin]) -> Staged | None:
    async with work.change() as ports:
        return await ports.fleets.stage(claim, list(vins))


async def finished(
    work: UnitOfWorkPort, claim: FleetClaim, fleet: Fleet = NORTH, *, replaces: bool = False
) -> None:
    async with work.change() as ports:
        assert await ports.fleets.claimed(claim) is not None
        await ports.fleets.finish(claim, fleet, replaces=replaces)


async def swept(work: UnitOfWorkPort, claim: FleetClaim, *, limit: int = 2) -> list[str]:
    """Sweep to the end; return where it came to meanwhile."""
    places: list[str] = []
    while True:
        async with work.change() as ports:
            after = await ports.fleets.sweep(claim, places[-1] if places else None, limit=limit)
        if after is None:
            return places
        places.append(after)


async def imported(
    work: UnitOfWorkPort,
    vins: Iterable[Vin],
    code: str = "north",
    new_id: str = "F1",
    *,
    replaces: bool = False,
) -> Staged | None:
    claim = await claimed(work, code, new_id)
    await swept(work, claim)
    result = await staged(work, claim, vins)
    await finished(work, claim, Fleet(code, code, 2, NOON), replaces=replaces)
    await swept(work, claim)
    return result


async def bind(work: UnitOfWorkPort, code: str = "north", account_id: str = ANA.id) -> bool:
    async with work.change() as ports:
        return await ports.fleets.bind(account_id, code)


async def unbind(work: UnitOfWorkPort, code: str = "north", account_id: str = ANA.id) -> bool:
    async with work.change() as ports:
        return await ports.fleets.unbind(account_id, code)


async def opened(work: UnitOfWorkPort) -> bool:
    async with work.change() as ports:
        return await ports.fleets.open(ANA.id)


async def had(work: UnitOfWorkPort, account_id: str = ANA.id) -> list[Vin]:
    """Return which of all vehicles an account has."""
    async with work.look() as ports:
        return [vin for vin in VINS if await ports.fleets.has(account_id, vin)]


async def codes(work: UnitOfWorkPort) -> list[str]:
    async with work.look() as ports:
        return [fleet.code for fleet in await ports.fleets.page(after=None, limit=10)]


async def test_there_are_no_fleets_at_first(work: UnitOfWorkPort) -> None:
    assert await codes(work) == []
    assert await had(work) == []
    async with work.look() as ports:
        assert await ports.fleets.get("north") is None
        assert not await ports.fleets.is_bound(ANA.id)
        assert await ports.fleets.accounts("north", limit=9) == []


async def test_an_account_has_the_vehicles_of_its_fleets_and_no_others(
    work: UnitOfWorkPort,
) -> None:
    await imported(work, VINS[:3])
    await imported(work, VINS[2:5], "south", "F2")
    await imported(work, VINS[5:7], "west", "F3")
    bound = [await bind(work), await bind(work, "south"), await bind(work, "west", BEN.id)]

    assert bound == [True] * 3
    assert await had(work) == VINS[:5]
    assert await had(work, BEN.id) == VINS[5:7]
    assert await had(work, "nobody") == []


async def test_a_binding_is_made_once_and_undone_once(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:3])
    seen = []
    for act in (bind, bind, unbind, unbind, opened, opened):
        done = await act(work)
        async with work.look() as ports:
            seen.append((done, await ports.fleets.is_bound(ANA.id)))

    assert seen == [
        (True, True),
        (False, True),
        (True, True),
        (False, True),
        (True, False),
        (False, False),
    ]
    assert await had(work) == []


async def test_bindings_of_others_stay(work: UnitOfWorkPort) -> None:
    for code, new_id in (("north", "F1"), ("south", "F2")):
        await imported(work, VINS[:1], code, new_id)
        await bind(work, code)
        await bind(work, code, BEN.id)
    await unbind(work)

    async with work.look() as ports:
        assert await ports.fleets.accounts("north", limit=9) == [BEN.id]
        assert await ports.fleets.accounts("south", limit=9) == [ANA.id, BEN.id]
        assert await ports.fleets.accounts("south", limit=1) == [ANA.id]


async def test_fleets_come_by_code_in_pages(work: UnitOfWorkPort) -> None:
    for number, code in enumerate(("b-2", "a", "b", "1")):
        await imported(work, VINS[:1], code, f"F{number}")
        await bind(work, code)

    assert await codes(work) == ["1", "a", "b", "b-2"]
    async with work.look() as ports:
        for page in (
            await ports.fleets.page(after="1", limit=2),
            await ports.fleets.of_account(ANA.id, after="1", limit=2),
        ):
            assert page == [Fleet("a", "a", 2, NOON), Fleet("b", "b", 2, NOON)]
        assert await ports.fleets.of_account(BEN.id, after=None, limit=9) == []


async def test_nobody_sees_of_an_import_before_its_end(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:2])
    await bind(work)
    claim = await claimed(work)
    counted = await staged(work, claim, VINS[1:4])
    before = await had(work)
    await finished(work, claim)

    assert counted == Staged(added=2, already=1)
    assert before == VINS[:2]
    assert await had(work) == VINS[:4]


async def test_a_fleet_is_not_there_before_its_first_import_is(work: UnitOfWorkPort) -> None:
    claim = await claimed(work)
    await staged(work, claim, VINS[:2])
    async with work.change() as ports:
        assert await ports.fleets.get("north") is None
        assert await ports.fleets.claimed(claim) == Fleet("north", "north", 0, 0.0)
    before = await codes(work)
    await finished(work, claim, Fleet("north", "Nördlich", 2, NOON + 0.5))

    assert before == []
    async with work.look() as ports:
        assert await ports.fleets.get("north") == Fleet("north", "Nördlich", 2, NOON + 0.5)


async def test_an_import_counts_each_vehicle_once(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:2])
    claim = await claimed(work)
    counted = [
        await staged(work, claim, vins)
        for vins in ([VINS[0], VINS[4], VINS[4]], [VINS[4], VINS[0]], VINS[:5], [])
    ]

    assert counted == [Staged(1, 1), Staged(), Staged(2, 1), Staged()]


async def test_an_import_that_replaces_leaves_only_what_it_names(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:5])
    await bind(work)
    counted = await imported(work, VINS[3:7], replaces=True)

    assert counted == Staged(added=2, already=2)
    assert await had(work) == VINS[3:7]
    assert await imported(work, VINS[:1]) == Staged(added=1)
    assert await had(work) == [VINS[0], *VINS[3:7]]


async def test_a_later_claim_takes_the_fleet_away(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:1])
    await bind(work)
    first = await claimed(work)
    await staged(work, first, VINS[1:3])
    second = await claimed(work)

    assert await staged(work, first, VINS[3:4]) is None
    async with work.change() as ports:
        assert await ports.fleets.claimed(first) is None
    await swept(work, first)
    await swept(work, second)
    assert await staged(work, second, VINS[2:5]) == Staged(added=3)
    await finished(work, second)
    assert await had(work) == [VINS[0], *VINS[2:5]]


@pytest.mark.parametrize("replaces", [False, True])
@pytest.mark.parametrize("abandoned_after", ["stage", "finish"])
async def test_what_an_abandoned_import_left_comes_back_in_no_later_one(
    work: UnitOfWorkPort, abandoned_after: str, *, replaces: bool
) -> None:
    await imported(work, VINS[:4])
    await bind(work)
    claim = await claimed(work)
    await staged(work, claim, VINS[3:6])
    if abandoned_after == "finish":
        await finished(work, claim, replaces=True)  # and what it replaced is not swept
    kept = VINS[3:6] if abandoned_after == "finish" else VINS[:4]
    assert await had(work) == kept

    await imported(work, VINS[7:8], replaces=replaces)
    assert await had(work) == ([] if replaces else kept) + VINS[7:8]
    await imported(work, VINS[8:])
    assert await had(work) == ([] if replaces else kept) + VINS[7:]


async def test_a_fleet_that_is_removed_is_gone_with_its_vehicles(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:5])
    async with work.change() as ports:
        claim = await ports.fleets.remove("north")
        assert await ports.fleets.removed() == [claim]

    assert await codes(work) == []
    await imported(work, VINS[7:], "north", "F2")  # while the old one's are still there
    await bind(work)
    assert await had(work) == VINS[7:]
    await swept(work, claim)
    assert await had(work) == VINS[7:]
    async with work.look() as ports:
        assert await ports.fleets.removed() == []


async def test_an_import_under_way_ends_where_its_fleet_is_removed(work: UnitOfWorkPort) -> None:
    await imported(work, VINS[:2])
    claim = await claimed(work)
    async with work.change() as ports:
        await ports.fleets.remove("north")

    assert await staged(work, claim, VINS[3:]) is None
    async with work.change() as ports:
        assert await ports.fleets.claimed(claim) is None


async def test_what_was_undone_is_not_there(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.fleets.claim("north", "F1"))
    await imported(work, VINS[:2])
    await undone(work, lambda ports: ports.fleets.bind(ANA.id, "north"))
    await undone(work, lambda ports: ports.fleets.remove("north"))

    assert await codes(work) == ["north"]
    async with work.look() as ports:
        assert not await ports.fleets.is_bound(ANA.id)
