"""What an account has apart from others, for admins: its plan, overrides, spend cap."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.types import Scope

from plg.application.plans.override_plan import NewOverride
from plg.application.ports.clock import ClockPort
from plg.container.billing import BillingUseCases
from plg.domain.identity.access import Caller
from plg.domain.plans.tariffs import SpendCap
from plg.entrypoints.http.api.plans.plan_bodies import (
    CAP_BODY_EXAMPLE,
    OVERRIDE_BODY_EXAMPLE,
    OverrideBody,
    SpendCapBody,
    cap_of,
    override_wish_of,
)
from plg.entrypoints.http.api.plans.plan_views import (
    CAP_EXAMPLE,
    OVERRIDE_EXAMPLE,
    TERMS_EXAMPLE,
    AccountTermsView,
    OverrideView,
    SpendCapView,
    cap_view,
    override_view,
    standing_view,
)
from plg.entrypoints.http.api.plans.plans import ADMIN, TAG
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.paths import decode_segment

TERMS_PATH: Final = "/api/v1/users/{id}/plan"
OVERRIDES_PATH: Final = "/api/v1/users/{id}/overrides"
OVERRIDE_PATH: Final = "/api/v1/users/{id}/overrides/{override_id}"
CAP_PATH: Final = "/api/v1/users/{id}/spend-cap"
_ID: Final = Parameter("id", "path", "The account's id.", "01JDG7Q4X2ZC8M5W9K3T6V1B0N")
_OVERRIDE_ID: Final = Parameter(
    "override_id", "path", "The override's id.", str(OVERRIDE_EXAMPLE["id"])
)

SHOW: Final = Operation(
    summary="Show the plan of an account",
    description="The plan that it has, its overrides and spend cap, and what is planned.",
    answer=AccountTermsView,
    example=TERMS_EXAMPLE,
    parameters=(_ID,),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
OVERRIDE: Final = replace(
    SHOW,
    summary="Give an account terms of its own",
    description="What is sent takes the place of what its plan says, from `from` (or now) to "
    "`until` (or until it is ended). Of two that say the same, the one that began later holds. "
    "Amounts are in the currency of its plan. The account's plan shows all of them.",
    answer=OverrideView,
    example=OVERRIDE_EXAMPLE,
    body=OverrideBody,
    body_example=OVERRIDE_BODY_EXAMPLE,
    status=201,
    problems=("invalid_parameter", "not_found", "too_many_held"),
)
END: Final = replace(
    SHOW,
    summary="End terms of an account's own",
    description="Ends an override now; one that has not begun will not.",
    answer=None,
    example=None,
    parameters=(_ID, _OVERRIDE_ID),
    status=204,
)
SET_CAP: Final = replace(
    SHOW,
    summary="Limit what an account may spend",
    description="Between two statements, in the currency of its plan. `block` refuses what would "
    "go beyond it, `notify` only tells. A cap that the account has set itself holds beside it.",
    answer=SpendCapView,
    example=CAP_EXAMPLE,
    body=SpendCapBody,
    body_example=CAP_BODY_EXAMPLE,
)
DROP_CAP: Final = replace(
    END,
    summary="Let an account spend without a limit",
    description="Takes its spend cap away.",
    parameters=(_ID,),
)


@dataclass(frozen=True, slots=True)
class AccountTermsApi:
    """Shows and changes the terms of any account."""

    uses: BillingUseCases
    gate: Gate
    clock: ClockPort

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of accounts' terms."""
        gate = self.gate
        override = Guarded(gate, ADMIN, _override, self.override, reads_body=True)
        set_cap = Guarded(gate, ADMIN, _cap, self.set_cap, reads_body=True)
        return [
            Endpoint(TERMS_PATH, Guarded(gate, ADMIN, _account_id, self.show), SHOW),
            Endpoint(OVERRIDES_PATH, override, OVERRIDE, "POST"),
            Endpoint(OVERRIDE_PATH, Guarded(gate, ADMIN, _end, self.end), END, "DELETE"),
            Endpoint(CAP_PATH, set_cap, SET_CAP, "PUT"),
            Endpoint(
                CAP_PATH, Guarded(gate, ADMIN, _account_id, self.drop_cap), DROP_CAP, "DELETE"
            ),
        ]

    async def show(self, account_id: str, _caller: Caller, _context: RequestContext) -> Answer:
        """Answer what an account has."""
        standing = await self.uses.show_terms(account_id)
        return json_answer(standing_view(standing, self.clock.now()))

    async def override(
        self, asked: tuple[str, NewOverride], caller: Caller, context: RequestContext
    ) -> Answer:
        """Give an account terms of its own."""
        added = await self.uses.override_plan(*asked, actor_of(caller, context))
        location = (b"location", f"{_path(asked[0])}/{added.override.id}".encode("latin-1"))
        return json_answer(override_view(added.override, added.currency), location, status=201)

    async def end(self, asked: tuple[str, str], caller: Caller, context: RequestContext) -> Answer:
        """End an override."""
        await self.uses.end_override(*asked, actor_of(caller, context))
        return empty()

    async def set_cap(
        self, asked: tuple[str, SpendCap], caller: Caller, context: RequestContext
    ) -> Answer:
        """Limit what an account may spend."""
        account_id, cap = asked
        currency = await self.uses.set_spend_cap(account_id, cap, actor_of(caller, context))
        return json_answer(cap_view(cap, currency))

    async def drop_cap(self, account_id: str, caller: Caller, context: RequestContext) -> Answer:
        """Take a spend cap away."""
        await self.uses.set_spend_cap(account_id, None, actor_of(caller, context))
        return empty()


def _account_id(scope: Scope) -> str:
    return decode_segment(scope["path_params"]["id"], "id")


def _path(account_id: str) -> str:
    return OVERRIDES_PATH.replace("{id}", account_id)


def _override(scope: Scope) -> tuple[str, NewOverride]:
    return _account_id(scope), override_wish_of(body_of(scope, OverrideBody))


def _end(scope: Scope) -> tuple[str, str]:
    override_id = decode_segment(scope["path_params"]["override_id"], "override_id")
    return _account_id(scope), override_id


def _cap(scope: Scope) -> tuple[str, SpendCap]:
    return _account_id(scope), cap_of(body_of(scope, SpendCapBody))
