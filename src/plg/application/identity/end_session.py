"""Log out."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity.session_families import end_family
from plg.domain.audit import Action, Actor
from plg.domain.errors import InvalidParameter, InvalidRequest
from plg.domain.identity.access import Caller
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.refresh_tokens import read_token


@dataclass(frozen=True, slots=True)
class EndSession:
    """Ends the caller's session, or that of a refresh token the caller holds, or both."""

    changes: AuditedChange
    keyring: Keyring

    async def __call__(self, caller: Caller, refresh_token: str | None, actor: Actor) -> None:
        """
        End them; those that have ended already stay so.

        Raises:
            InvalidParameter: If the refresh token is none, or another account's.
            InvalidRequest: If nothing says which session is meant.
        """
        named = {caller.session_id} - {None}
        if refresh_token is not None:
            token = read_token(refresh_token, self.keyring)
            if token is None:
                raise _none_of_yours()
            named.add(token.session_id)
        if not named:
            raise InvalidRequest(
                "Nothing says which session to end: send an access token, or a refresh_token."
            )
        await self._end({each for each in named if each is not None}, caller, actor)

    async def _end(self, session_ids: set[str], caller: Caller, actor: Actor) -> None:
        async with self.changes(actor) as change:
            for session_id in sorted(session_ids):
                standing = await change.work.sessions.standing(session_id)
                if standing is None:
                    continue
                if standing.account.id != caller.account_id:
                    raise _none_of_yours()
                await end_family(change, standing.session, Action.LOGGED_OUT)


def _none_of_yours() -> InvalidParameter:
    return InvalidParameter("refresh_token", "refresh_token is none of this account's.")
