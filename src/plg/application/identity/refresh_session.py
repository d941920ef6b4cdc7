"""Exchange a refresh token for a new pair."""

from dataclasses import dataclass, replace
from typing import Final

from plg.application.audited_change import AuditedChange
from plg.application.identity.session_families import end_family
from plg.application.identity.token_maker import TokenMaker
from plg.application.ports.identity.sessions import SessionWithAccount
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidCredential
from plg.domain.identity.refresh_tokens import RefreshToken, newest_token, read_token
from plg.domain.identity.sessions import Tokens

_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """
    Takes the newest refresh token of a family once, and makes the next one.

    The one before may be repeated for some seconds while its successor is unused, and gives that
    same successor: the answer may have been lost. Any other reuse means that two hold the family,
    of whom one stole it, and ends it.
    """

    changes: AuditedChange
    maker: TokenMaker

    async def __call__(self, refresh_token: str, actor: Actor) -> Tokens:
        """
        Return the next pair.

        Raises:
            InvalidCredential: If it is no refresh token, spent, expired or revoked.
            StorageUnavailable: If the database fails; then nothing was spent.
        """
        token = read_token(refresh_token, self.maker.keyring)
        if token is None:
            raise _refused()
        for _ in range(_ATTEMPTS):
            outcome = await self._exchanged(token, actor)
            if isinstance(outcome, Tokens):
                return outcome
            if outcome is not None:
                raise outcome
        raise _refused()

    async def _exchanged(
        self, token: RefreshToken, actor: Actor
    ) -> Tokens | InvalidCredential | None:
        """Return tokens, or why the family was ended, or None where somebody else was first."""
        async with self.changes(actor) as change:
            work, now = change.work, change.now
            standing = await work.sessions.standing(token.session_id)
            if standing is None or not standing.is_good(now):
                raise _refused()
            session = standing.session
            if token.is_newest(session, self.maker.keyring):
                return await self._rotated(work, standing, now)
            newest = newest_token(session, self.maker.keyring)
            if newest is not None and token.is_repeat(session, now):
                return self.maker.pair(standing, newest, now)
            await end_family(change, session, Action.REFRESH_REUSED)
            return _refused()

    async def _rotated(self, work: Work, standing: SessionWithAccount, now: float) -> Tokens | None:
        session = standing.session
        token, digest = self.maker.refresh_token(session.id, session.generation + 1)
        advanced = replace(
            session,
            generation=token.generation,
            digest=digest,
            rotated_at=now,
            expires_at=now + self.maker.life.refresh_seconds,
        )
        if not await work.sessions.advance(advanced):
            return None
        return self.maker.pair(replace(standing, session=advanced), token, now)


def _refused() -> InvalidCredential:
    return InvalidCredential("The refresh token is not valid.")
