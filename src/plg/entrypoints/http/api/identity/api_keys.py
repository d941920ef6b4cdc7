"""API keys: what their owner does with them, and where leaks are reported."""

from dataclasses import dataclass
from typing import Annotated, Final

from plg.container.keys import KeyUseCases
from plg.domain.errors import KeyRevoked, NotFound, TooManyHeld
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.api_key_views import (
    KEY_BODY_EXAMPLE,
    KEY_EXAMPLE,
    NEW_KEY_EXAMPLE,
    KeyBody,
    KeyChangeBody,
    KeyId,
    KeysQuery,
    KeyView,
    LeakedBody,
    LeakedView,
    NewKeyView,
    RegenerateBody,
    RevocationQuery,
    key_view,
    new_key_view,
    wish_of,
)
from plg.entrypoints.http.arguments import Ask, Visit, in_body
from plg.entrypoints.http.routes import Anyone, Created, Page, Routes

PATH: Final = "/api/v1/api-keys"
READ: Final = Access(Permission.KEYS_READ)
LISTING: Final = Access(Permission.KEYS_READ, LimitTier.CONTENT_LISTING)
SEARCH: Final = Access(Permission.KEYS_READ, LimitTier.SEARCH)
WRITE: Final = Access(Permission.KEYS_WRITE, LimitTier.DATA_MODIFICATION)
TAG: Final = "api-keys"
Whole = Annotated[KeyChange, in_body(KeyBody, wish_of)]
Part = Annotated[KeyChange, in_body(KeyChangeBody, wish_of)]
routes = Routes(PATH, WRITE, tag=TAG)
leaks = Routes("/api/v1/leaked-credentials", Anyone(LimitTier.AUTH_TOKEN), tag=TAG)


@dataclass(frozen=True, slots=True)
class ApiKeysApi:
    """Lets the owner of keys manage them, and anybody who found one end it."""

    keys: KeyUseCases

    @routes.get(access=LISTING, search=SEARCH, example=KEY_EXAMPLE)
    async def list(self, ask: Ask, query: KeysQuery) -> Page[KeyView]:
        """
        List the account's keys.

        In the order they were made, revoked ones too; with `q`, only those it finds.
        """
        found = await self.keys.list(
            ask.caller, after=query.cursor, limit=query.one_more, search=query.q
        )
        return Page.of(found, query, key_view, lambda key: key.id)

    @routes.post(fails=(TooManyHeld,), example=NEW_KEY_EXAMPLE, body_example=KEY_BODY_EXAMPLE)
    async def issue(self, ask: Ask, wanted: Whole) -> Created[NewKeyView]:
        """
        Make a key.

        The answer holds the secret `key` this once. What is not said is `players:read
        vehicles:read`, for 365 days, from anywhere, under the usual limits; `expires_at` null is
        for never. A key is never more than the credential that makes it.
        """
        issued = await self.keys.issue(wanted, ask.caller, ask.actor)
        return Created(new_key_view(issued), f"{PATH}/{issued.key.id}")

    @routes.get("/{id}", access=READ, fails=(NotFound,), example=KEY_EXAMPLE)
    async def show(self, ask: Ask, key_id: KeyId) -> KeyView:
        """
        Show a key.

        Everything but its secret.
        """
        return key_view(await self.keys.show(key_id, ask.caller))

    @routes.put(
        "/{id}",
        fails=(NotFound, KeyRevoked),
        example=KEY_EXAMPLE,
        body_example=KEY_BODY_EXAMPLE,
    )
    async def replace(self, ask: Ask, key_id: KeyId, wanted: Whole) -> KeyView:
        """
        Replace a key's settings.

        What is not given becomes as in a new key; the secret stays.
        """
        return key_view(
            await self.keys.change(key_id, wanted, ask.caller, ask.actor, is_whole=True)
        )

    @routes.patch(
        "/{id}",
        fails=(NotFound, KeyRevoked),
        example=KEY_EXAMPLE,
        body_example={"name": "build server"},
    )
    async def change(self, ask: Ask, key_id: KeyId, wanted: Part) -> KeyView:
        """
        Change a key.

        Changes what is said; the secret stays. `expires_at` null is for never, `limits` null, or
        one of them, for the usual ones. Other processes follow within five seconds.
        """
        return key_view(await self.keys.change(key_id, wanted, ask.caller, ask.actor))

    @routes.delete("/{id}", fails=(NotFound,))
    async def revoke(self, ask: Ask, key_id: KeyId, query: RevocationQuery) -> None:
        """
        Revoke a key.

        Ends it once and for all: at once where this is answered, within five seconds in other
        processes. It stays in the list.
        """
        await self.keys.revoke(key_id, query.reason, ask.caller, ask.actor)

    @routes.post(
        "/{id}/regenerate",
        fails=(NotFound, KeyRevoked),
        example=NEW_KEY_EXAMPLE,
        body_example={"grace_seconds": 86400},
    )
    async def regenerate(
        self,
        ask: Ask,
        key_id: KeyId,
        body: RegenerateBody = RegenerateBody(),  # noqa: B008
    ) -> NewKeyView:
        """
        Give a key a new secret.

        The answer holds the new secret `key` this once; id, name, scopes and history stay. The old
        secret lives on for `grace_seconds` (a day; 0 ends it at once, 30 days are the most). At
        most two live: one that was in its grace already ends.
        """
        issued = await self.keys.regenerate(
            key_id, ask.caller, ask.actor, grace_seconds=body.grace_seconds
        )
        return new_key_view(issued)

    @leaks.post(
        example={"revoked": True},
        body_example={"credential": "plg_live_4kT9bXz1<32 characters><6 characters>"},
    )
    async def report_leak(self, visit: Visit, body: LeakedBody) -> LeakedView:
        """
        Report a leaked key.

        Revokes the key whose full secret is presented, with the reason `leaked`; no credential is
        needed. `revoked` tells whether it was a key of ours, which then is good for nothing.
        """
        return LeakedView(await self.keys.revoke_leaked(body.credential, visit.actor))
