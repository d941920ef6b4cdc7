"""Fleets, and who is bound to them, for admins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from msgspec import Struct

from plg.container.fleets import FleetUseCases
from plg.domain.errors import Conflict, NotFound, TooManyHeld
from plg.domain.fleets.fleets import CODE_PATTERN, Fleet, fleet_code_of
from plg.entrypoints.http.api.identity.users import ADMIN, TAG, AccountId
from plg.entrypoints.http.arguments import Ask, in_path
from plg.entrypoints.http.protocol.moments import moment
from plg.entrypoints.http.queries import ListQuery
from plg.entrypoints.http.routes import Page, Routes


class FleetView(Struct, frozen=True):
    """A fleet: how many vehicles it has, and when an import last came to its end."""

    code: str
    name: str
    vehicles: int
    imported_at: datetime


EXAMPLE: Final = {
    "code": "north",
    "name": "North",
    "vehicles": 1200,
    "imported_at": "2026-11-22T09:30:00.000Z",
}
FleetCode = Annotated[
    str,
    in_path(
        "code",
        "The fleet's code.",
        str(EXAMPLE["code"]),
        {"type": "string", "pattern": f"^{CODE_PATTERN}$"},
        fleet_code_of,
    ),
]
routes = Routes("/api/v1/fleets", ADMIN, tag=TAG)
of_account = Routes("/api/v1/users/{id}", ADMIN, tag=TAG, fails=(NotFound,))


@dataclass(frozen=True, slots=True)
class FleetsApi:
    """Lists fleets, and binds accounts to them."""

    fleets: FleetUseCases

    @routes.get(example=EXAMPLE)
    async def list(self, _ask: Ask, query: ListQuery) -> Page[FleetView]:
        """
        List fleets.

        By code. `plg fleets import` makes them.
        """
        return await self._page(None, query)

    @of_account.get("/fleets", example=EXAMPLE)
    async def list_of_account(
        self, _ask: Ask, account_id: AccountId, query: ListQuery
    ) -> Page[FleetView]:
        """
        List the fleets of an account.

        By code. An account that was never bound to one may ask for every vehicle, any other for
        those of its fleets only.
        """
        return await self._page(account_id, query)

    @of_account.put("/fleets/{code}", fails=(TooManyHeld,))
    async def bind(self, ask: Ask, account_id: AccountId, code: FleetCode) -> None:
        """
        Bind an account to a fleet.

        From then on it may ask for vehicles of its fleets only; every other one is a 403, whether
        or not there is such a vehicle. One that is bound already stays so.
        """
        await self.fleets.bind_account(account_id, code, ask.actor)

    @of_account.delete("/fleets/{code}")
    async def unbind(self, ask: Ask, account_id: AccountId, code: FleetCode) -> None:
        """
        Unbind an account from a fleet.

        With its last fleet an account has no vehicle left; another operation opens every vehicle
        to it.
        """
        await self.fleets.unbind_account(account_id, code, ask.actor)

    @of_account.put("/every-vehicle", fails=(Conflict,))
    async def open(self, ask: Ask, account_id: AccountId) -> None:
        """
        Open every vehicle to an account.

        For one that was bound to fleets, and is bound to none now. One that may ask for every
        vehicle already stays so.
        """
        await self.fleets.open_account(account_id, ask.actor)

    async def _page(self, account_id: str | None, query: ListQuery) -> Page[FleetView]:
        found = await self.fleets.list_fleets(account_id, after=query.cursor, limit=query.one_more)
        return Page.of(found, query, fleet_view, lambda fleet: fleet.code)


def fleet_view(fleet: Fleet) -> FleetView:
    """Return the fleet as it is shown."""
    return FleetView(fleet.code, fleet.name, fleet.vehicles, moment(fleet.imported_at))
