"""End terms that an account has of its own."""

from dataclasses import dataclass

from plg.application.plans.changing_terms import ChangeTerms
from plg.domain.audit import Action, Actor
from plg.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class EndOverride:
    """Ends an override now; one that has not begun will not."""

    change: ChangeTerms

    async def __call__(self, account_id: str, override_id: str, actor: Actor) -> None:
        """
        End it.

        Raises:
            NotFound: If the account has no such override that has not ended.
        """
        async with self.change(account_id, Action.OVERRIDE_ENDED, actor) as changing:
            plans = changing.work.plans
            if not await plans.end_override(account_id, override_id, changing.now):
                raise NotFound("The account has no override with this id that has not ended.")
            changing.note({"override": override_id})
