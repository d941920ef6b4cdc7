"""What an account has apart from others, for admins: its plan, overrides, spend cap."""

from dataclasses import dataclass
from typing import Annotated

from plg.application.plans.override_plan import NewOverride
from plg.application.ports.clock import ClockPort
from plg.container.billing import BillingUseCases
from plg.domain.errors import NotFound, TooManyHeld
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
from plg.entrypoints.http.arguments import Ask, in_body, in_path
from plg.entrypoints.http.routes import Created, Routes

AccountId = Annotated[str, in_path("id", "The account's id.", "01JDG7Q4X2ZC8M5W9K3T6V1B0N")]
OverrideId = Annotated[
    str, in_path("override_id", "The override's id.", str(OVERRIDE_EXAMPLE["id"]))
]
Override = Annotated[NewOverride, in_body(OverrideBody, override_wish_of)]
Cap = Annotated[SpendCap, in_body(SpendCapBody, cap_of)]
terms = Routes("/api/v1/users/{id}", ADMIN, tag=TAG, fails=(NotFound,))


@dataclass(frozen=True, slots=True)
class AccountTermsApi:
    """Shows and changes the terms of any account."""

    billing: BillingUseCases
    clock: ClockPort

    @terms.get("/plan", example=TERMS_EXAMPLE)
    async def show(self, _ask: Ask, account_id: AccountId) -> AccountTermsView:
        """
        Show the plan of an account.

        The plan that it has, its overrides and spend cap, and what is planned.
        """
        return standing_view(await self.billing.show_terms(account_id), self.clock.now())

    @terms.post(
        "/overrides",
        fails=(TooManyHeld,),
        example=OVERRIDE_EXAMPLE,
        body_example=OVERRIDE_BODY_EXAMPLE,
    )
    async def override(
        self, ask: Ask, account_id: AccountId, wanted: Override
    ) -> Created[OverrideView]:
        """
        Give an account terms of its own.

        What is sent takes the place of what its plan says, from `from` (or now) to `until` (or
        until it is ended). Of two that say the same, the one that began later holds. Amounts are in
        the currency of its plan. The account's plan shows all of them.
        """
        added = await self.billing.override_plan(account_id, wanted, ask.actor)
        location = f"/api/v1/users/{account_id}/overrides/{added.override.id}"
        return Created(override_view(added.override, added.currency), location)

    @terms.delete("/overrides/{override_id}")
    async def end(self, ask: Ask, account_id: AccountId, override_id: OverrideId) -> None:
        """
        End terms of an account's own.

        Ends an override now; one that has not begun will not.
        """
        await self.billing.end_override(account_id, override_id, ask.actor)

    @terms.put("/spend-cap", example=CAP_EXAMPLE, body_example=CAP_BODY_EXAMPLE)
    async def set_cap(self, ask: Ask, account_id: AccountId, cap: Cap) -> SpendCapView:
        """
        Limit what an account may spend.

        Between two statements, in the currency of its plan. `block` refuses what would go beyond
        it, `notify` only tells. A cap that the account has set itself holds beside it.
        """
        return cap_view(cap, await self.billing.set_spend_cap(account_id, cap, ask.actor))

    @terms.delete("/spend-cap")
    async def drop_cap(self, ask: Ask, account_id: AccountId) -> None:
        """
        Let an account spend without a limit.

        Takes its spend cap away.
        """
        await self.billing.set_spend_cap(account_id, None, ask.actor)
