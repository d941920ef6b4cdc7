"""Signed requests (RFC 9421), as they arrive."""

from collections.abc import Mapping

from starlette.types import Scope

from plg.domain.devices.signatures import SignedMessage
from plg.entrypoints.http.protocol.context import RequestContext


def is_signed(fields: Mapping[bytes, bytes]) -> bool:
    """Tell whether a request claims to be signed."""
    return b"signature" in fields or b"signature-input" in fields


def signed_message(scope: Scope, context: RequestContext) -> SignedMessage:
    """Return the request, whose body was read, as far as a signature can cover it."""
    raw_path: bytes = scope["raw_path"]
    return SignedMessage(
        method=scope["method"],
        path=raw_path.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        fields={
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in context.fields.items()
        },
        body=context.body,
    )
