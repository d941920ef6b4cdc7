"""Plans: what is on offer, and how admins make more."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.application.plans.list_plans import ListPlans
from plg.application.plans.make_plan import MakePlan
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.api.plans.plan_bodies import (
    PLAN_BODY_EXAMPLE,
    Effective,
    PlanBody,
    plan_wish_of,
)
from plg.entrypoints.http.api.plans.plan_views import PLAN_EXAMPLE, PlanView, plan_view
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of

TAG: Final = "billing"
PATH: Final = "/api/v1/billing/plans"
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)

LIST: Final = Operation(
    summary="List the plans on offer",
    description="By code, each as it is in force now.",
    answer=PlanView,
    is_page=True,
    example={"items": [PLAN_EXAMPLE], "next_cursor": None},
    parameters=LIST_PARAMETERS,
    problems=("invalid_parameter",),
    tag=TAG,
)
MAKE: Final = Operation(
    summary="Make a plan, or the next version of one",
    description="Of a code that there is, what is left out stays as it is, and accounts that "
    "follow the plan have the new version from the next period on, or at once with `effective` "
    "`now`. A new plan is in force at once and needs a `price`; what is left out is EUR, the unit "
    "`request`, no quotas, the operator's rates, and on offer. A `price` takes the place of "
    "`prices` too, unless they are sent with it.",
    answer=PlanView,
    example={**PLAN_EXAMPLE, "version": 2, "starts_at": "2026-12-01T00:00:00.000Z"},
    body=PlanBody,
    body_example=PLAN_BODY_EXAMPLE,
    status=201,
    tag=TAG,
)


@dataclass(frozen=True, slots=True)
class PlansApi:
    """Lists plans, and makes them."""

    gate: Gate
    list_plans: ListPlans
    make_plan: MakePlan

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of plans."""
        make = Guarded(self.gate, ADMIN, _plan, self.make, reads_body=True)
        return [
            Endpoint(PATH, Guarded(self.gate, LISTING, _page, self.list), LIST),
            Endpoint(PATH, make, MAKE, "POST"),
        ]

    async def list(
        self, asked: tuple[Scope, Page], _caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer a page of plans."""
        scope, page = asked
        plans = await self.list_plans(after=page.after, limit=page.limit + 1)
        return page_answer(
            scope, page, [plan_view(plan) for plan in plans], [plan.code for plan in plans]
        )

    async def make(self, body: PlanBody, caller: Caller, context: RequestContext) -> Answer:
        """Make a version of a plan."""
        actor, is_at_once = actor_of(caller, context), body.effective is Effective.NOW
        plan = await self.make_plan(body.code, plan_wish_of(body), actor, is_at_once=is_at_once)
        return json_answer(plan_view(plan), status=201)


def _page(scope: Scope) -> tuple[Scope, Page]:
    return scope, page_of(scope)


def _plan(scope: Scope) -> PlanBody:
    return body_of(scope, PlanBody)
