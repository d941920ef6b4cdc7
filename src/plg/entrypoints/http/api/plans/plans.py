"""Plans: what is on offer, and how admins make more."""

from dataclasses import dataclass
from typing import Final

from plg.container.billing import BillingUseCases
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.plans.plan_bodies import (
    PLAN_BODY_EXAMPLE,
    Effective,
    PlanBody,
    plan_wish_of,
)
from plg.entrypoints.http.api.plans.plan_views import PLAN_EXAMPLE, PlanView, plan_view
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.queries import ListQuery
from plg.entrypoints.http.routes import Created, Page, Routes

TAG: Final = "billing"
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)
plans = Routes("/api/v1/billing/plans", LISTING, tag=TAG)


@dataclass(frozen=True, slots=True)
class PlansApi:
    """Lists plans, and makes them."""

    billing: BillingUseCases

    @plans.get(example=PLAN_EXAMPLE)
    async def list(self, _ask: Ask, query: ListQuery) -> Page[PlanView]:
        """
        List the plans on offer.

        By code, each as it is in force now.
        """
        found = await self.billing.list_plans(after=query.cursor, limit=query.one_more)
        return Page.of(found, query, plan_view, lambda plan: plan.code)

    @plans.post(
        access=ADMIN,
        example={**PLAN_EXAMPLE, "version": 2, "starts_at": "2026-12-01T00:00:00.000Z"},
        body_example=PLAN_BODY_EXAMPLE,
    )
    async def make(self, ask: Ask, body: PlanBody) -> Created[PlanView]:
        """
        Make a plan, or the next version of one.

        Of a code that there is, what is left out stays as it is, and accounts that follow the plan
        have the new version from the next period on, or at once with `effective` `now`. A new plan
        is in force at once and needs a `price`; what is left out is EUR, the unit `request`, no
        quotas, the operator's rates, and on offer. A `price` takes the place of `prices` too,
        unless they are sent with it.
        """
        is_at_once = body.effective is Effective.NOW
        wanted = plan_wish_of(body)
        plan = await self.billing.make_plan(body.code, wanted, ask.actor, is_at_once=is_at_once)
        return Created(plan_view(plan))
