"""Give an account terms of its own."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.plans.tariffs import TariffOf
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter, TooManyHeld
from plg.domain.ids import new_id
from plg.domain.money import Currency
from plg.domain.not_given import given_fields
from plg.domain.plans.account_plans import AHEAD_SECONDS_MAX, OVERRIDES_MAX, Override
from plg.domain.plans.terms import Terms
from plg.domain.records.meter_rules import MeterRules


@dataclass(frozen=True, slots=True)
class NewOverride:
    """
    Terms that an account is to have for some time.

    Attributes:
        from_at: None for now.
        until_at: None for as long as nobody ends it.
    """

    terms: Terms
    from_at: float | None = None
    until_at: float | None = None


@dataclass(frozen=True, slots=True)
class AddedOverride:
    """An override, and the currency of the account's plan, which its amounts are in."""

    override: Override
    currency: Currency


@dataclass(frozen=True, slots=True)
class OverridePlan:
    """Adds an override: what it says takes the place of what the account's plan says."""

    changes: AuditedChange
    tariff_of: TariffOf
    meter_rules: MeterRules

    async def __call__(self, account_id: str, draft: NewOverride, actor: Actor) -> AddedOverride:
        """
        Return the override.

        Raises:
            NotFound: If there is no such account.
            InvalidParameter: If it cannot be so.
            TooManyHeld: If the account has as many as it may.
        """
        if draft.terms.is_empty:
            raise InvalidParameter("terms", "An override must say at least one of the terms.")
        draft.terms.check_resources(self.meter_rules.resources)
        async with self.changes(actor) as change:
            await change.account(account_id)
            now, plans = change.now, change.work.plans
            begins = max(now, draft.from_at or now)
            _check_times(begins, draft.until_at, now)
            standing = await self.tariff_of.standing(change.work, account_id, now)
            if len(standing.terms.overrides) >= OVERRIDES_MAX:
                raise TooManyHeld(f"The account has {OVERRIDES_MAX} overrides already.")
            draft.terms.applied_to(standing.plan)  # raises where no plan could be so
            override = Override(new_id(now), account_id, begins, draft.until_at, draft.terms)
            await plans.add_override(override)
            details = {
                "override": override.id,
                "terms": " ".join(sorted(given_fields(draft.terms))),
            }
            await change.record(Action.PLAN_OVERRIDDEN, f"account:{account_id}", details)
            await change.outdate(account_id)
        return AddedOverride(override, standing.plan.currency)


def _check_times(begins: float, until: float | None, now: float) -> None:
    latest = now + AHEAD_SECONDS_MAX
    if begins > latest:
        raise InvalidParameter("from", "from must be at most a hundred years ahead.")
    if until is not None and not begins < until <= latest:
        raise InvalidParameter(
            "until", "until must be in the future, after from, and at most a hundred years ahead."
        )
