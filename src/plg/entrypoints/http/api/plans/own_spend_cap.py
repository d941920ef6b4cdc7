"""The spend cap that an account gives itself."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.types import Scope

from plg.application.plans.set_own_spend_cap import SetOwnSpendCap
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.domain.plans.tariffs import SpendCap
from plg.entrypoints.http.api.plans.plan_bodies import CAP_BODY_EXAMPLE, SpendCapBody, cap_of
from plg.entrypoints.http.api.plans.plan_views import CAP_EXAMPLE, SpendCapView, cap_view
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.exchange import Exchange

PATH: Final = "/api/v1/billing/spend-cap"
WRITING: Final = Access(Permission.BILLING_WRITE, LimitTier.DATA_MODIFICATION)

SET: Final = Operation(
    summary="Limit what the account may spend",
    description="Between two statements, in the currency of its plan. `block` refuses what would "
    "go beyond it, `notify` only tells. A cap that an admin has set holds beside it.",
    answer=SpendCapView,
    example=CAP_EXAMPLE,
    body=SpendCapBody,
    body_example=CAP_BODY_EXAMPLE,
    problems=("not_found",),
    tag=TAG,
)
DROP: Final = replace(
    SET,
    summary="Take the account's own limit away",
    description="A cap that an admin has set stays.",
    answer=None,
    example=None,
    body=None,
    body_example=None,
    status=204,
)


@dataclass(frozen=True, slots=True)
class OwnSpendCapApi:
    """Sets an account's own spend cap, and takes it away."""

    gate: Gate
    set_cap: SetOwnSpendCap

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        put = Guarded(self.gate, WRITING, _cap, self.set, reads_body=True)
        drop = Guarded(self.gate, WRITING, _nothing, self.drop)
        return [Endpoint(PATH, put, SET, "PUT"), Endpoint(PATH, drop, DROP, "DELETE")]

    async def set(self, cap: SpendCap, caller: Caller, exchange: Exchange) -> Answer:
        """Set the cap."""
        currency = await self.set_cap(cap, caller, actor_of(caller, exchange))
        return json_answer(cap_view(cap, currency))

    async def drop(self, _: None, caller: Caller, exchange: Exchange) -> Answer:
        """Take the cap away."""
        await self.set_cap(None, caller, actor_of(caller, exchange))
        return empty()


def _cap(scope: Scope) -> SpendCap:
    return cap_of(body_of(scope, SpendCapBody))


def _nothing(_scope: Scope) -> None:
    """Return what is asked for where the route says it all."""
