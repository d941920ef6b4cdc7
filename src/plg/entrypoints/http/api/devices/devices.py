"""Devices: registering them, their tokens, and what their owner does with them."""

from dataclasses import dataclass
from typing import Final

import msgspec

from plg.application.devices.change_device import DeviceChange
from plg.application.devices.register_device import NewDevice
from plg.container.devices import DeviceUseCases
from plg.domain.devices.devices import UNCHANGED, Unchanged
from plg.domain.errors import (
    DeviceTaken,
    InsufficientScope,
    InvalidCredential,
    NotFound,
    SealBroken,
    StorageUnavailable,
    TooManyHeld,
)
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
    DeviceIdInPath,
    DeviceTokenBody,
    DeviceView,
    RegisteredDeviceView,
    device_view,
    registered_view,
)
from plg.entrypoints.http.api.identity.token_views import TOKENS_EXAMPLE, TokensView, tokens_view
from plg.entrypoints.http.arguments import Ask, Visit
from plg.entrypoints.http.queries import ListQuery
from plg.entrypoints.http.routes import Anyone, Created, Page, Routes

ACCESS: Final = Access(Permission.DEVICES_REGISTER, LimitTier.AUTH_TOKEN)
routes = Routes("/api/v1", ACCESS, tag="devices")


@dataclass(frozen=True, slots=True)
class DevicesApi:
    """Registers devices, gives them tokens, and lets their owner manage them."""

    devices: DeviceUseCases

    @routes.post(
        "/device/register",
        fails=(DeviceTaken, TooManyHeld, SealBroken),
        example=REGISTERED_EXAMPLE,
        body_example=REGISTER_EXAMPLE,
    )
    async def register(self, ask: Ask, body: DeviceBody) -> Created[RegisteredDeviceView]:
        """
        Register a device.

        Gives the device a secret, which is shown this once. A device id of the account that is
        registered already needs a `proof` with its secret, and gets a new one.
        """
        proof = None if body.proof is None else body.proof.proof()
        wanted = NewDevice.parse(body.device_id, body.name, body.platform, proof)
        caller = ask.caller
        made = await self.devices.register(wanted, owner_of(caller), caller.scopes, ask.actor)
        return Created(registered_view(made))

    @routes.post(
        "/auth/get-token",
        access=Anyone(LimitTier.AUTH_TOKEN),
        fails=(InvalidCredential, SealBroken, StorageUnavailable),
        example=TOKENS_EXAMPLE,
        body_example=GET_TOKEN_EXAMPLE,
    )
    async def get_token(self, visit: Visit, body: DeviceTokenBody) -> TokensView:
        """
        Get tokens for a device.

        `hmac_hash` is base64(HMAC-SHA256(secret, `{device_id}/{timestamp}/{nonce}`)); the timestamp
        may be 300 seconds off, and a nonce counts once.
        """
        tokens = await self.devices.get_token(body.device_id, body.proof(), visit.actor)
        visit.context.caller_id = f"device:{body.device_id}"
        return tokens_view(tokens)

    @routes.get("/devices", example=DEVICE_EXAMPLE)
    async def list(self, ask: Ask, query: ListQuery) -> Page[DeviceView]:
        """
        List the account's devices.

        By ascending id, revoked ones too.
        """
        owner = owner_of(ask.caller)
        found = await self.devices.list(owner, after=query.cursor, limit=query.one_more)
        return Page.of(found, query, device_view, lambda device: device.id)

    @routes.get("/devices/{device_id}", fails=(NotFound,), example=DEVICE_EXAMPLE)
    async def show(self, ask: Ask, device_id: DeviceIdInPath) -> DeviceView:
        """
        Show a device.

        Everything but its secret.
        """
        return device_view(await self.devices.find(owner_of(ask.caller), device_id))

    @routes.patch(
        "/devices/{device_id}",
        fails=(NotFound,),
        example=DEVICE_EXAMPLE,
        body_example={"name": "Till at the exit"},
    )
    async def change(
        self, ask: Ask, device_id: DeviceIdInPath, body: DeviceChangeBody
    ) -> DeviceView:
        """
        Rename a device.

        Changes what is given of name and platform; null takes it away.
        """
        change = DeviceChange.parse(_or_unchanged(body.name), _or_unchanged(body.platform))
        owner = owner_of(ask.caller)
        return device_view(await self.devices.change(owner, device_id, change, ask.actor))

    @routes.delete("/devices/{device_id}", fails=(NotFound,))
    async def revoke(self, ask: Ask, device_id: DeviceIdInPath) -> None:
        """
        Revoke a device.

        Its secret, its signatures and its tokens count no more.
        """
        await self.devices.revoke(owner_of(ask.caller), device_id, ask.actor)


def owner_of(caller: Caller) -> str:
    """
    Return the account that a caller acts for.

    Raises:
        InsufficientScope: If that is none, as with the operator's service key.
    """
    if caller.account_id is None:
        raise InsufficientScope(Permission.DEVICES_REGISTER)
    return caller.account_id


def _or_unchanged(value: str | msgspec.UnsetType | None) -> str | Unchanged | None:
    return UNCHANGED if isinstance(value, msgspec.UnsetType) else value
