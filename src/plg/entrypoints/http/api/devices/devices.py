"""Devices: registering them, their tokens, and what their owner does with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.devices.change_device import DeviceChange
from plg.application.devices.register_device import NewDevice
from plg.container.devices import DeviceUseCases
from plg.domain.devices.devices import UNCHANGED, Unchanged
from plg.domain.devices.proofs import DeviceProof
from plg.domain.errors import InsufficientScope
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.devices.device_views import (
    DEVICE_EXAMPLE,
    GET_TOKEN_EXAMPLE,
    REGISTER_EXAMPLE,
    REGISTERED_EXAMPLE,
    DeviceBody,
    DeviceChangeBody,
    DeviceTokenBody,
    DeviceView,
    RegisteredDeviceView,
    device_view,
    registered_view,
)
from plg.entrypoints.http.api.identity.token_views import TOKENS_EXAMPLE, TokensView, tokens_view
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate, Guarded, Public, actor_of
from plg.entrypoints.http.protocol.answers import Answer, empty, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of
from plg.entrypoints.http.protocol.paths import decode_segment

REGISTER_PATH: Final = "/api/v1/device/register"
TOKEN_PATH: Final = "/api/v1/auth/get-token"
DEVICES_PATH: Final = "/api/v1/devices"
DEVICE_PATH: Final = "/api/v1/devices/{device_id}"
ACCESS: Final = Access(Permission.DEVICES_REGISTER, LimitTier.AUTH_TOKEN)
_ID: Final = "device_id"
_OF_ONE: Final = (Parameter(_ID, "path", "The device's id.", "till-example"),)

REGISTER: Final = Operation(
    summary="Register a device",
    description=(
        "Gives the device a secret, which is shown this once. A device id of the account that is "
        "registered already needs a `proof` with its secret, and gets a new one."
    ),
    answer=RegisteredDeviceView,
    example=REGISTERED_EXAMPLE,
    body=DeviceBody,
    body_example=REGISTER_EXAMPLE,
    status=201,
    problems=("device_taken", "too_many_held", "seal_broken"),
    tag="devices",
)
GET_TOKEN: Final = Operation(
    summary="Get tokens for a device",
    description=(
        "`hmac_hash` is base64(HMAC-SHA256(secret, `{device_id}/{timestamp}/{nonce}`)); the "
        "timestamp may be 300 seconds off, and a nonce counts once."
    ),
    answer=TokensView,
    example=TOKENS_EXAMPLE,
    body=DeviceTokenBody,
    body_example=GET_TOKEN_EXAMPLE,
    problems=("invalid_credential", "seal_broken", "storage_unavailable"),
    tag="devices",
)
LIST: Final = Operation(
    summary="List the account's devices",
    description="By ascending id, revoked ones too.",
    answer=DeviceView,
    example={"items": [DEVICE_EXAMPLE], "next_cursor": None},
    parameters=LIST_PARAMETERS,
    is_page=True,
    tag="devices",
)
SHOW: Final = Operation(
    summary="Show a device",
    description="Everything but its secret.",
    answer=DeviceView,
    example=DEVICE_EXAMPLE,
    parameters=_OF_ONE,
    problems=("not_found",),
    tag="devices",
)
CHANGE: Final = Operation(
    summary="Rename a device",
    description="Changes what is given of name and platform; null takes it away.",
    answer=DeviceView,
    example=DEVICE_EXAMPLE,
    parameters=_OF_ONE,
    body=DeviceChangeBody,
    body_example={"name": "Till at the exit"},
    problems=("not_found",),
    tag="devices",
)
REVOKE: Final = Operation(
    summary="Revoke a device",
    description="Its secret, its signatures and its tokens count no more.",
    parameters=_OF_ONE,
    status=204,
    problems=("not_found",),
    tag="devices",
)


@dataclass(frozen=True, slots=True)
class DevicesApi:
    """Registers devices, gives them tokens, and lets their owner manage them."""

    uses: DeviceUseCases
    gate: Gate

    def endpoints(self) -> Sequence[Endpoint]:
        """Return the routes of devices."""
        gate, one = self.gate, _device_id
        register = Guarded(gate, ACCESS, _wish, self.register, reads_body=True)
        get_token = Public(gate, LimitTier.AUTH_TOKEN, _claim, self.get_token, reads_body=True)
        change = Guarded(gate, ACCESS, _change, self.change, reads_body=True)
        return [
            Endpoint(REGISTER_PATH, register, REGISTER, "POST"),
            Endpoint(TOKEN_PATH, get_token, GET_TOKEN, "POST"),
            Endpoint(DEVICES_PATH, Guarded(gate, ACCESS, _page, self.list), LIST),
            Endpoint(DEVICE_PATH, Guarded(gate, ACCESS, one, self.show), SHOW),
            Endpoint(DEVICE_PATH, change, CHANGE, "PATCH"),
            Endpoint(DEVICE_PATH, Guarded(gate, ACCESS, one, self.revoke), REVOKE, "DELETE"),
        ]

    async def register(self, draft: NewDevice, caller: Caller, context: RequestContext) -> Answer:
        """Give a device a secret."""
        made = await self.uses.register(
            draft, owner_of(caller), caller.scopes, actor_of(caller, context)
        )
        return json_answer(registered_view(made), status=201)

    async def get_token(self, claim: tuple[str, DeviceProof], context: RequestContext) -> Answer:
        """Give tokens to a device that proves itself."""
        tokens = await self.uses.get_token(*claim, actor_of(None, context))
        context.caller_id = f"device:{claim[0]}"
        return json_answer(tokens_view(tokens))

    async def list(
        self, asked: tuple[Scope, Page], caller: Caller, _context: RequestContext
    ) -> Answer:
        """Show a page of devices."""
        scope, page = asked
        devices = await self.uses.list(owner_of(caller), after=page.after, limit=page.limit + 1)
        views = [device_view(device) for device in devices]
        return page_answer(scope, page, views, [device.id for device in devices])

    async def show(self, device_id: str, caller: Caller, _context: RequestContext) -> Answer:
        """Show a device."""
        return json_answer(device_view(await self.uses.find(owner_of(caller), device_id)))

    async def change(
        self, asked: tuple[str, DeviceChange], caller: Caller, context: RequestContext
    ) -> Answer:
        """Rename a device."""
        actor = actor_of(caller, context)
        return json_answer(device_view(await self.uses.change(owner_of(caller), *asked, actor)))

    async def revoke(self, device_id: str, caller: Caller, context: RequestContext) -> Answer:
        """Revoke a device."""
        await self.uses.revoke(owner_of(caller), device_id, actor_of(caller, context))
        return empty()


def owner_of(caller: Caller) -> str:
    """
    Return the account that a caller acts for.

    Raises:
        InsufficientScope: If that is none, as with the operator's service key.
    """
    if caller.account_id is None:
        raise InsufficientScope(Permission.DEVICES_REGISTER)
    return caller.account_id


def _wish(scope: Scope) -> NewDevice:
    body = body_of(scope, DeviceBody)
    proof = None if body.proof is None else body.proof.proof()
    return NewDevice.parse(body.device_id, body.name, body.platform, proof)


def _claim(scope: Scope) -> tuple[str, DeviceProof]:
    body = body_of(scope, DeviceTokenBody)
    return body.device_id, body.proof()


def _change(scope: Scope) -> tuple[str, DeviceChange]:
    body = body_of(scope, DeviceChangeBody)
    change = DeviceChange.parse(_or_unchanged(body.name), _or_unchanged(body.platform))
    return _device_id(scope), change


def _or_unchanged(value: str | msgspec.UnsetType | None) -> str | Unchanged | None:
    return UNCHANGED if isinstance(value, msgspec.UnsetType) else value


def _device_id(scope: Scope) -> str:
    return decode_segment(scope["path_params"][_ID], _ID)


def _page(scope: Scope) -> tuple[Scope, Page]:
    return scope, page_of(scope)
