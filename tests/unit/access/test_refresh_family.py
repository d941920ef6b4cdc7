"""Whatever clients do with the tokens of a family: one generation lives, and a reuse ends it."""

import asyncio
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from plg.domain.audit import Action
from plg.domain.errors import InvalidCredential
from plg.domain.identity.sessions import Tokens
from tests.unit.access.session_world import ACTOR, REFRESH_SECONDS, SessionWorld


class RefreshFamily(RuleBasedStateMachine):
    """Compares the use case with the rules, said again in as few words as possible."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.world = SessionWorld()
        self.given: list[str] = []
        self.rotated_at = self.world.clock.now()
        self.has_ended = False
        self.was_reused = False

    @initialize()
    def log_in(self) -> None:
        self.run(self.world.add())
        self.given.append(self.run(self.world.log_in()).refresh_token)

    @rule(seconds=st.sampled_from([0.5, 4, 9.5, 10, 10.5, 60]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule()
    def wait_for_very_long(self) -> None:
        self.world.clock.advance(REFRESH_SECONDS)
        self.has_ended = True

    @rule(index=st.integers(0, 20))
    def use(self, index: int) -> None:
        generation = index % len(self.given)
        used = self.used(self.given[generation])
        now = self.world.clock.now()
        is_newest = generation == len(self.given) - 1
        is_repeat = generation == len(self.given) - 2 and now - self.rotated_at <= 10
        if self.has_ended:
            assert used is None
        elif is_newest:
            assert used is not None
            self.given.append(used.refresh_token)
            self.rotated_at = now
        elif is_repeat:
            assert used is not None
            assert used.refresh_token == self.given[-1]
        else:
            assert used is None
            self.has_ended = self.was_reused = True

    @precondition(lambda self: self.given)
    @invariant()
    def there_is_one_generation_and_one_end(self) -> None:
        session = self.world.session()
        assert session.generation == len(self.given) - 1
        assert len(set(self.given)) == len(self.given)
        assert session.is_live(self.world.clock.now()) is not self.has_ended
        assert self.world.work.actions == [Action.REFRESH_REUSED] * self.was_reused

    def used(self, refresh_token: str) -> Tokens | None:
        try:
            tokens: Tokens = self.run(self.world.refresh(refresh_token, ACTOR))
        except InvalidCredential:
            return None
        return tokens

    def run(self, work: Any) -> Any:  # noqa: ANN401  # whatever it returns
        return self.loop.run(work)

    def teardown(self) -> None:
        self.loop.close()


TestRefreshFamily = RefreshFamily.TestCase
