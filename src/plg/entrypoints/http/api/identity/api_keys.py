"""API keys: what their owner does with them, and where leaks are reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.container.keys import KeyUseCases
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.identity.api_key_fields import reason_of
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.identity.api_key_operations import (
    CHANGE,
    ISSUE,
    LIST,
    REGENERATE,
    REPLACE,
    REPORT_LEAK,
    REVOKE,
    SHOW,
)
from plg.entrypoints.http.api.identity.api_key_views import (
    KeyBody,
    KeyChangeBody,
    LeakedBody,
    LeakedView,
    RegenerateBody,
    key_view,
    new_key_view,
    wish_of,
)
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate, Guarded, Public, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of, query_of, search_of
from plg.entrypoints.http.protocol.paths import decode_segment

KEYS_PATH: Final = "/api/v1/api-keys"
KEY_PATH: Final = "/api/v1/api-keys/{id}"
REGENERATE_PATH: Final = "/api/v1/api-keys/{id}/regenerate"
LEAKED_PATH: Final = "/api/v1/leaked-credentials"
READ: Final = Access(Permission.KEYS_READ)
LISTING: Final = Access(Permission.KEYS_READ, LimitTier.CONTENT_LISTING)
SEARCH: Final = Access(Permission.KEYS_READ, LimitTier.SEARCH)
WRITE: Final = Access(Permission.KEYS_WRITE, LimitTier.DATA_MODIFICATION)


@dataclass(frozen=True, slots=True)
class ApiKeysApi:
    """Lets the owner of keys manage them, and anybody who found one end it."""

    uses: KeyUseCases
    gate: Gate

    def endpoints(self) -> Sequence[Endpoint]:
        """Return the routes of keys."""
        gate = self.gate
        listing = Guarded(gate, LISTING, _page, self.list, search=SEARCH)
        issue = Guarded(gate, WRITE, _new, self.issue, reads_body=True)
        replace = Guarded(gate, WRITE, _whole, self.replace, reads_body=True)
        change = Guarded(gate, WRITE, _part, self.change, reads_body=True)
        regenerate = Guarded(gate, WRITE, _grace, self.regenerate, reads_body=True)
        report = Public(gate, LimitTier.AUTH_TOKEN, _leaked, self.report_leak, reads_body=True)
        return [
            Endpoint(KEYS_PATH, listing, LIST),
            Endpoint(KEYS_PATH, issue, ISSUE, "POST"),
            Endpoint(KEY_PATH, Guarded(gate, READ, _key_id, self.show), SHOW),
            Endpoint(KEY_PATH, replace, REPLACE, "PUT"),
            Endpoint(KEY_PATH, change, CHANGE, "PATCH"),
            Endpoint(KEY_PATH, Guarded(gate, WRITE, _end, self.revoke), REVOKE, "DELETE"),
            Endpoint(REGENERATE_PATH, regenerate, REGENERATE, "POST"),
            Endpoint(LEAKED_PATH, report, REPORT_LEAK, "POST"),
        ]

    async def list(
        self, asked: tuple[Scope, Page, str | None], caller: Caller, _context: RequestContext
    ) -> Answer:
        """Show a page of keys."""
        scope, page, search = asked
        keys = await self.uses.list(caller, after=page.after, limit=page.limit + 1, search=search)
        return page_answer(scope, page, [key_view(key) for key in keys], [key.id for key in keys])

    async def issue(self, wanted: KeyChange, caller: Caller, context: RequestContext) -> Answer:
        """Make a key."""
        issued = await self.uses.issue(wanted, caller, actor_of(caller, context))
        location = (b"location", f"{KEYS_PATH}/{issued.key.id}".encode())
        return json_answer(new_key_view(issued), location, status=201)

    async def show(self, key_id: str, caller: Caller, _context: RequestContext) -> Answer:
        """Show a key."""
        return json_answer(key_view(await self.uses.show(key_id, caller)))

    async def replace(
        self, asked: tuple[str, KeyChange], caller: Caller, context: RequestContext
    ) -> Answer:
        """Make a key what is said, and for the rest like a new one."""
        actor = actor_of(caller, context)
        key = await self.uses.change(*asked, caller, actor, is_whole=True)
        return json_answer(key_view(key))

    async def change(
        self, asked: tuple[str, KeyChange], caller: Caller, context: RequestContext
    ) -> Answer:
        """Change what is said of a key."""
        key = await self.uses.change(*asked, caller, actor_of(caller, context))
        return json_answer(key_view(key))

    async def revoke(
        self, asked: tuple[str, str | None], caller: Caller, context: RequestContext
    ) -> Answer:
        """End a key."""
        await self.uses.revoke(*asked, caller, actor_of(caller, context))
        return empty()

    async def regenerate(
        self, asked: tuple[str, int], caller: Caller, context: RequestContext
    ) -> Answer:
        """Give a key a new secret."""
        key_id, grace = asked
        actor = actor_of(caller, context)
        issued = await self.uses.regenerate(key_id, caller, actor, grace_seconds=grace)
        return json_answer(new_key_view(issued))

    async def report_leak(self, credential: str, context: RequestContext) -> Answer:
        """End a key that was found."""
        revoked = await self.uses.revoke_leaked(credential, actor_of(None, context))
        return json_answer(LeakedView(revoked))


def _key_id(scope: Scope) -> str:
    return decode_segment(scope["path_params"]["id"], "id")


def _page(scope: Scope) -> tuple[Scope, Page, str | None]:
    return scope, page_of(scope), search_of(scope)


def _new(scope: Scope) -> KeyChange:
    return wish_of(body_of(scope, KeyBody))


def _whole(scope: Scope) -> tuple[str, KeyChange]:
    return _key_id(scope), wish_of(body_of(scope, KeyBody))


def _part(scope: Scope) -> tuple[str, KeyChange]:
    return _key_id(scope), wish_of(body_of(scope, KeyChangeBody))


def _end(scope: Scope) -> tuple[str, str | None]:
    reason = query_of(scope).get("reason")
    return _key_id(scope), None if reason is None else reason_of(reason)


def _grace(scope: Scope) -> tuple[str, int]:
    return _key_id(scope), body_of(scope, RegenerateBody, optional=True).grace_seconds


def _leaked(scope: Scope) -> str:
    return body_of(scope, LeakedBody).credential
