"""The spend cap that an account gives itself."""

from dataclasses import dataclass
from typing import Final

from plg.application.plans.set_own_spend_cap import SetOwnSpendCap
from plg.domain.errors import NotFound
from plg.domain.identity.access import Access, Scope
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.plans.plan_bodies import CAP_BODY_EXAMPLE, SpendCapBody, cap_of
from plg.entrypoints.http.api.plans.plan_views import CAP_EXAMPLE, SpendCapView, cap_view
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.routes import Routes

WRITING: Final = Access(Scope.BILLING_WRITE, LimitTier.DATA_MODIFICATION)
cap = Routes("/api/v1/billing/spend-cap", WRITING, tag=TAG, fails=(NotFound,))


@dataclass(frozen=True, slots=True)
class OwnSpendCapApi:
    """Sets an account's own spend cap, and takes it away."""

    set_cap: SetOwnSpendCap

    @cap.put(example=CAP_EXAMPLE, body_example=CAP_BODY_EXAMPLE)
    async def set(self, ask: Ask, body: SpendCapBody) -> SpendCapView:
        """
        Limit what the account may spend.

        Between two statements, in the currency of its plan. `block` refuses what would go beyond
        it, `notify` only tells. A cap that an admin has set holds beside it.
        """
        wanted = cap_of(body)
        return cap_view(wanted, await self.set_cap(wanted, ask.caller, ask.actor))

    @cap.delete()
    async def drop(self, ask: Ask) -> None:
        """
        Take the account's own limit away.

        A cap that an admin has set stays.
        """
        await self.set_cap(None, ask.caller, ask.actor)
