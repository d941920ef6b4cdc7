"""
In which order a request is checked, and how credentials in HTTP become a caller who may pass.

Both carriers check in this order, and the first check that fails is the answer:

1. who calls: credential or signature, and whether it may come from this network (401, 403);
2. how often: the rate limits of key, account and tier (429); a signature is then used up;
3. what the caller may: the scope of the route (403);
4. what is asked for: body, path and query (400);
5. whether the account has the vehicle, where it is one and the account is bound (403);
6. what is left of the plan: quotas and spend caps, when the answer is charged or reserved (429).

`Gate.__call__` and `Guarded` do it for the ordinary way, `GuardedRecord` adds 5 and 6 for records.
`Gate.at_once` does 1, 2, 3 and 5 for the fast lane, from memory alone, and uses up a request last:
what memory cannot decide or has to refuse goes the ordinary way, so that no refusal is of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope, Send

from plg.application.fleets.entitle import EntitleCaller
from plg.application.identity.find_account import FindAccount
from plg.application.identity.identify import IdentifyCaller
from plg.application.identity.verify_signature import Signed
from plg.application.ledger.meter_answers import MeterAnswers
from plg.application.limits.limits import Limits
from plg.domain.audit import Actor
from plg.domain.errors import (
    ForbiddenNetwork,
    InsufficientScope,
    InvalidRequest,
    MissingCredential,
    PlgError,
    RateExceeded,
    Unauthenticated,
)
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import Decision, LimitTier
from plg.domain.records.vehicles import Vin
from plg.entrypoints.http.gate.credentials import credential_of
from plg.entrypoints.http.gate.signatures import is_signed, signed_message
from plg.entrypoints.http.protocol.answers import Answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.paths import decode_segment
from plg.settings.values import Networks

Q = TypeVar("Q")


def admit(caller: Caller, access: Access) -> None:
    """
    Let the caller pass to a route with this demand.

    Raises:
        InsufficientScope: If the caller lacks the scope.
    """
    if access.scope is not None and not access.admits(caller):
        raise InsufficientScope(access.scope)


def actor_of(caller: Caller | None, context: RequestContext) -> Actor:
    """Return who is to be written down for a change that this request makes."""
    if caller is None:
        return Actor("anonymous", None, context.address, context.request_id.decode())
    return Actor(caller.id, caller.account_id, context.address, context.request_id.decode())


@dataclass(frozen=True, slots=True)
class Gate:
    """Identifies and limits who asks; what else stands before a use case joins here."""

    identify: IdentifyCaller
    limits: Limits
    entitle: EntitleCaller
    find_account: FindAccount
    trusted_proxies: Networks
    meter_answers: MeterAnswers

    def digest_of(self, fields: Mapping[bytes, bytes]) -> bytes | None:
        """
        Return what `identify.recall` takes for the credential among the fields; None without.

        Raises:
            InvalidRequest: If the credentials contradict each other.
            InvalidCredential: If what is sent cannot be one.
        """
        credential = credential_of(fields)
        return None if credential is None else self.identify.digest(credential)

    async def __call__(
        self, scope: Scope, receive: Receive, context: RequestContext, access: Access
    ) -> Caller:
        """
        Return the caller, who may use a route with this demand now.

        Raises:
            InvalidRequest: If the credentials contradict each other.
            MissingCredential: If there is none.
            InvalidCredential: If it proves nothing.
            ForbiddenNetwork: If it may not be used from where it comes.
            InsufficientScope: If the caller lacks the scope.
            RateExceeded: If the caller, or who failed to be one, asked too often.
        """
        try:
            caller, signed = await self._identified(scope, receive, context)
            context.caller_id = caller.id
            await self._limit(context, caller, access)
            if signed is not None:
                await self.identify.spend(signed)
        except (Unauthenticated, ForbiddenNetwork):
            await self.limit_address(context, None)
            raise
        admit(caller, access)
        return caller

    def at_once(
        self, digest: bytes, address: str, access: Access, vehicle: Vin | None, now: float
    ) -> tuple[Caller, Decision] | None:
        """
        Return the caller and their rate limits, where memory alone says that they may pass.

        Nothing is used up where it is None.
        """
        caller = self.identify.recall(digest, address, now)
        if caller is None or not access.admits(caller):
            return None
        is_theirs = (
            vehicle is None or not caller.is_bound or self.entitle.at_once(caller, vehicle, now)
        )
        if not is_theirs:
            return None
        decision = self.limits.spend_at_once(caller)
        return None if decision is None else (caller, decision)

    async def name_account(self, scope: Scope) -> None:
        """
        Put the account's id in the place of its e-mail address, where the path has that.

        Raises:
            NotFound: If there is no such account.
        """
        params: dict[str, str] = scope["path_params"]
        named = decode_segment(params.get("id", ""), "id")
        if "@" in named:
            params["id"] = (await self.find_account(named)).id

    async def limit_address(self, context: RequestContext, tier: LimitTier | None) -> None:
        """
        Count the request against the client's address.

        Raises:
            RateExceeded: If there were too many.
        """
        decision = await self.limits.spend_address(context.address, tier)
        context.decision = decision
        if not decision.is_allowed:
            raise RateExceeded(decision)

    async def _limit(self, context: RequestContext, caller: Caller, access: Access) -> None:
        """Count the request; who lacks the scope is told that, however often they ask."""
        if not caller.is_limited:
            return
        is_admitted = access.admits(caller)
        decision = await self.limits.spend(caller, access.tier if is_admitted else None)
        context.decision = decision
        if is_admitted and not decision.is_allowed:
            raise RateExceeded(decision)

    async def _identified(
        self, scope: Scope, receive: Receive, context: RequestContext
    ) -> tuple[Caller, Signed | None]:
        credential = credential_of(context.fields)
        if not is_signed(context.fields):
            if credential is None:
                raise MissingCredential("No credential was sent.")
            return await self.identify(credential, context.address), None
        if credential is not None:
            raise InvalidRequest("A signed request may carry no other credential.")
        await context.read(receive)
        signed = await self.identify.by_signature(signed_message(scope, context))
        return signed.caller, signed


@dataclass(frozen=True, slots=True)
class BehindGate(ABC, Generic[Q]):
    """
    A route that asks for a credential.

    Attributes:
        parse: Makes of the request what the use case is asked for; raises InvalidParameter.
    """

    gate: Gate
    access: Access
    parse: Callable[[Scope], Q]

    @abstractmethod
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI app, in the order that this module states."""


@dataclass(frozen=True, slots=True)
class Guarded(BehindGate[Q]):
    """
    A route behind the gate, as an ASGI app.

    Attributes:
        handle: Calls the use case and renders.
        reads_body: Whether the body is read before `parse` looks at it.
        search: What is demanded instead of `access` where the query has a `q`.
    """

    handle: Callable[[Q, Caller, RequestContext], Awaitable[Answer]]
    reads_body: bool = False
    search: Access | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check in the order that this module states, then answer."""
        context: RequestContext = scope["plg.exchange"]
        access = self.access
        if self.search is not None and _searches(scope):
            access = self.search
        caller = await self.gate(scope, receive, context, access)
        if self.reads_body:
            await context.read(receive)
        if access.scope is Permission.ADMIN:  # others learn of no address
            await self.gate.name_account(scope)
        query = self.parse(scope)
        await context.reply(await self.handle(query, caller, context), send)


@dataclass(frozen=True, slots=True)
class Public(Generic[Q]):
    """A route that asks for no credential, and counts against the client's address."""

    gate: Gate
    tier: LimitTier | None
    parse: Callable[[Scope], Q]
    handle: Callable[[Q, RequestContext], Awaitable[Answer]]
    reads_body: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Parse, limit, answer: what cannot be parsed uses up nothing of the route's own tier."""
        context: RequestContext = scope["plg.exchange"]
        try:
            if self.reads_body:
                await context.read(receive)
            query = self.parse(scope)
        except PlgError:
            await self.gate.limit_address(context, None)
            raise
        await self.gate.limit_address(context, self.tier)
        await context.reply(await self.handle(query, context), send)


def _searches(scope: Scope) -> bool:
    pairs: list[bytes] = scope["query_string"].split(b"&")
    return any(unquote_to_bytes(pair.partition(b"=")[0]) == b"q" for pair in pairs)
