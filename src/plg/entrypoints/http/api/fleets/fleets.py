"""Fleets, and who is bound to them, for admins."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from msgspec import Struct
from starlette.types import Scope

from plg.application.fleets.bind_account import BindAccount
from plg.application.fleets.list_fleets import ListFleets
from plg.application.fleets.open_account import OpenAccount
from plg.application.fleets.unbind_account import UnbindAccount
from plg.domain.fleets.fleets import CODE_PATTERN, Fleet, fleet_code_of
from plg.domain.identity.access import Caller
from plg.entrypoints.http.api.identity.users import ADMIN, SHOW, TAG, id_of
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty
from plg.entrypoints.http.protocol.exchange import Exchange
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of
from plg.entrypoints.http.protocol.moments import moment
from plg.entrypoints.http.protocol.paths import decode_segment

PATH: Final = "/api/v1/fleets"
OF_ACCOUNT_PATH: Final = "/api/v1/users/{id}/fleets"
BINDING_PATH: Final = "/api/v1/users/{id}/fleets/{code}"
OPEN_PATH: Final = "/api/v1/users/{id}/every-vehicle"


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
_ID: Final = SHOW.parameters
_CODE: Final = Parameter(
    "code",
    "path",
    "The fleet's code.",
    str(EXAMPLE["code"]),
    schema={"type": "string", "pattern": f"^{CODE_PATTERN}$"},
)

LIST: Final = Operation(
    summary="List fleets",
    description="By code. `plg fleets import` makes them.",
    answer=FleetView,
    is_page=True,
    example={"items": [EXAMPLE], "next_cursor": None},
    parameters=LIST_PARAMETERS,
    problems=("invalid_parameter",),
    tag=TAG,
)
LIST_OF_ACCOUNT: Final = replace(
    LIST,
    summary="List the fleets of an account",
    description="By code. An account that was never bound to one may ask for every vehicle, any "
    "other for those of its fleets only.",
    parameters=(*_ID, *LIST_PARAMETERS),
    problems=("invalid_parameter", "not_found"),
)
BIND: Final = replace(
    SHOW,
    summary="Bind an account to a fleet",
    description="From then on it may ask for vehicles of its fleets only; every other one is a "
    "403, whether or not there is such a vehicle. One that is bound already stays so.",
    answer=None,
    example=None,
    status=204,
    parameters=(*_ID, _CODE),
    problems=("invalid_parameter", "not_found", "too_many_held"),
)
UNBIND: Final = replace(
    BIND,
    summary="Unbind an account from a fleet",
    description="With its last fleet an account has no vehicle left; another operation opens every "
    "vehicle to it.",
    problems=("invalid_parameter", "not_found"),
)


OPEN: Final = replace(
    SHOW,
    summary="Open every vehicle to an account",
    description="For one that was bound to fleets, and is bound to none now. One that may ask for "
    "every vehicle already stays so.",
    answer=None,
    example=None,
    status=204,
    problems=("not_found", "conflict"),
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    scope: Scope
    page: Page
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class FleetsApi:
    """Lists fleets, and binds accounts to them."""

    gate: Gate
    list_fleets: ListFleets
    bind_account: BindAccount
    unbind_account: UnbindAccount
    open_account: OpenAccount

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of fleets."""
        gate = self.gate
        of_account = Guarded(gate, ADMIN, _of_account, self.list)
        bind = Guarded(gate, ADMIN, _binding, self.bind, reads_body=True)
        return [
            Endpoint(PATH, Guarded(gate, ADMIN, _all, self.list), LIST),
            Endpoint(OF_ACCOUNT_PATH, of_account, LIST_OF_ACCOUNT),
            Endpoint(BINDING_PATH, bind, BIND, "PUT"),
            Endpoint(BINDING_PATH, Guarded(gate, ADMIN, _binding, self.unbind), UNBIND, "DELETE"),
            Endpoint(
                OPEN_PATH, Guarded(gate, ADMIN, id_of, self.open, reads_body=True), OPEN, "PUT"
            ),
        ]

    async def list(self, wanted: _Wanted, _caller: Caller, _exchange: Exchange) -> Answer:
        """Answer a page of fleets."""
        page = wanted.page
        fleets = await self.list_fleets(wanted.account_id, after=page.after, limit=page.limit + 1)
        views = [fleet_view(fleet) for fleet in fleets]
        return page_answer(wanted.scope, page, views, [fleet.code for fleet in fleets])

    async def bind(self, asked: tuple[str, str], caller: Caller, exchange: Exchange) -> Answer:
        """Bind an account to a fleet."""
        await self.bind_account(*asked, actor_of(caller, exchange))
        return empty()

    async def unbind(self, asked: tuple[str, str], caller: Caller, exchange: Exchange) -> Answer:
        """Unbind an account from a fleet."""
        await self.unbind_account(*asked, actor_of(caller, exchange))
        return empty()

    async def open(self, account_id: str, caller: Caller, exchange: Exchange) -> Answer:
        """Open every vehicle to an account."""
        await self.open_account(account_id, actor_of(caller, exchange))
        return empty()


def fleet_view(fleet: Fleet) -> FleetView:
    """Return the fleet as it is shown."""
    return FleetView(fleet.code, fleet.name, fleet.vehicles, moment(fleet.imported_at))


def _all(scope: Scope) -> _Wanted:
    return _Wanted(scope, page_of(scope))


def _of_account(scope: Scope) -> _Wanted:
    return _Wanted(scope, page_of(scope), id_of(scope))


def _binding(scope: Scope) -> tuple[str, str]:
    return id_of(scope), fleet_code_of(decode_segment(scope["path_params"]["code"], "code"))
