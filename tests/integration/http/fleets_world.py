"""Fleets in a gateway, and who is bound to them."""

from collections.abc import Iterable
from typing import Final

from plg.application.fleets.import_fleet import FleetImport
from plg.domain.audit import OPERATOR
from plg.domain.records.vehicles import Vin
from tests.fakes.vehicles import IDA, NO_VEHICLE, TOM, dynamic_entry, static_entry
from tests.integration.http.gateway import Gateway

PARTS: Final = ("static", "dynamic", "warranty", "trendline", "dynamic-at")
OUTSIDE: Final = (TOM, Vin("WVWZZZE1ZMP000077"), NO_VEHICLE)
"""Vehicles of no fleet: one that is cached, one that is not, and one that does not exist."""
NORTH: Final = "north"


def target_of(part: str, vin: Vin = IDA) -> str:
    """Return the target of a route; `dynamic-at` is dynamic data as of then."""
    name, _, at = part.partition("-")
    return f"/api/v1/vehicle/{name}/{vin.value}" + ("?at=2023-11-14T22:13:30Z" if at else "")


async def imported(
    gateway: Gateway, vins: Iterable[Vin] = (IDA,), code: str = NORTH, *, replaces: bool = False
) -> None:
    """Import a fleet; that of Ida unless told otherwise."""
    await gateway.container.fleets().import_fleet(
        FleetImport(code, replaces=replaces), vins, OPERATOR
    )


async def bound(gateway: Gateway, account_id: str | None, code: str = NORTH) -> None:
    await gateway.container.fleets().bind_account(account_id or "", code, OPERATOR)


async def unbound(gateway: Gateway, account_id: str | None, code: str = NORTH) -> None:
    await gateway.container.fleets().unbind_account(account_id or "", code, OPERATOR)


async def opened(gateway: Gateway, account_id: str | None) -> None:
    await gateway.container.fleets().open_account(account_id or "", OPERATOR)


async def filled(gateway: Gateway, *vins: Vin) -> None:
    """Have fresh records of these vehicles in memory."""
    memories, now = gateway.container.resources(), gateway.clock.now()
    for vin in vins:
        await memories["vehicle_static"].memory.put(vin, static_entry(vin, fetched_at=now))
        await memories["vehicle_dynamic"].memory.put(vin, dynamic_entry(vin, fetched_at=now))
