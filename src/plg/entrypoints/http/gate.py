"""The only place that knows how credentials in HTTP become a caller who may pass."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.types import Receive, Scope, Send

from plg.application.access.identify import IdentifyCaller
from plg.domain.access import Access, Caller
from plg.domain.errors import InsufficientScope, InvalidCredential, MissingCredential
from plg.entrypoints.http.answers import Answer
from plg.entrypoints.http.credentials import credential_of
from plg.entrypoints.http.exchange import Exchange

Q = TypeVar("Q")


def admit(caller: Caller, access: Access) -> None:
    """
    Let the caller pass to a route with this demand.

    Raises:
        InsufficientScope: If the caller lacks the scope.
    """
    if not access.admits(caller):
        raise InsufficientScope(access.scope)


@dataclass(frozen=True, slots=True)
class Gate:
    """Identifies who asks; what else stands between a request and a use case joins here."""

    identify: IdentifyCaller

    def recall(self, fields: Mapping[bytes, bytes]) -> Caller | None:
        """Return the caller when that is certain at once, and None when it takes more."""
        try:
            credential = credential_of(fields)
        except InvalidCredential:
            return None
        return None if credential is None else self.identify.recall(credential)

    async def __call__(self, fields: Mapping[bytes, bytes], access: Access) -> Caller:
        """
        Return the caller, who may use a route with this demand.

        Raises:
            InvalidRequest: If the credentials contradict each other.
            MissingCredential: If there is none.
            InvalidCredential: If it proves nothing.
            InsufficientScope: If the caller lacks the scope.
        """
        credential = credential_of(fields)
        if credential is None:
            raise MissingCredential("No credential was sent.")
        caller = await self.identify(credential)
        admit(caller, access)
        return caller


@dataclass(frozen=True, slots=True)
class Guarded(Generic[Q]):
    """
    A route behind the gate, as an ASGI app.

    Attributes:
        parse: Makes of the request what the use case is asked for; raises InvalidParameter.
        handle: Calls the use case and renders.
    """

    gate: Gate
    access: Access
    parse: Callable[[Scope], Q]
    handle: Callable[[Q, Caller, Exchange], Awaitable[Answer]]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Identify, parse, answer: in this order."""
        exchange: Exchange = scope["plg.exchange"]
        caller = await self.gate(exchange.fields, self.access)
        exchange.caller_id = caller.id
        answer = await self.handle(self.parse(scope), caller, exchange)
        await exchange.reply(answer, send)
