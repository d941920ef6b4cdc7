"""How devices look in JSON, and what is asked about them."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from plg.application.devices.register_device import Registered
from plg.domain.devices.devices import NAME_LENGTH_MAX, PLATFORM_LENGTH_MAX, Device
from plg.domain.devices.proofs import DeviceProof
from plg.entrypoints.http.api.texts import label
from plg.entrypoints.http.arguments import in_path
from plg.entrypoints.http.protocol.moments import moment

# What the document tells of texts; the domain checks them, in words that people understand.
DeviceId = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^[A-Za-z0-9._:-]{4,128}$"})]
Name = Annotated[str, msgspec.Meta(extra_json_schema=label(NAME_LENGTH_MAX))]
Platform = Annotated[str, msgspec.Meta(extra_json_schema=label(PLATFORM_LENGTH_MAX))]
Nonce = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^[!-~]{16,64}$"})]
HmacHash = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^[A-Za-z0-9+/]{43}=$"})]


DeviceIdInPath = Annotated[str, in_path("device_id", "The device's id.", "till-example")]


class DeviceView(msgspec.Struct, frozen=True):
    """A device; `last_seen_at` is exact to the minute."""

    device_id: str
    name: str | None
    platform: str | None
    scopes: list[str]
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class RegisteredDeviceView(msgspec.Struct, frozen=True):
    """A device with its secret, which appears here and nowhere else."""

    device_id: str
    device_secret: str
    name: str | None
    platform: str | None
    scopes: list[str]
    created_at: datetime


class DeviceProofBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only who has the device's secret can say."""

    timestamp: int
    nonce: Nonce
    hmac_hash: HmacHash

    def proof(self) -> DeviceProof:
        return DeviceProof(self.timestamp, self.nonce, self.hmac_hash)


class DeviceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device to be registered; `proof` is needed where its id is."""

    device_id: DeviceId
    name: Name | None = None
    platform: Platform | None = None
    proof: DeviceProofBody | None = None


class DeviceTokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device that proves itself."""

    device_id: DeviceId
    timestamp: int
    nonce: Nonce
    hmac_hash: HmacHash

    def proof(self) -> DeviceProof:
        return DeviceProof(self.timestamp, self.nonce, self.hmac_hash)


class DeviceChangeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed; null takes it away."""

    name: Name | msgspec.UnsetType | None = msgspec.UNSET
    platform: Platform | msgspec.UnsetType | None = msgspec.UNSET


DEVICE_EXAMPLE: Final = {
    "device_id": "till-example",
    "name": "Till at the entrance",
    "platform": "android",
    "scopes": ["players:read", "vehicles:read"],
    "created_at": "2026-11-21T10:00:00.000Z",
    "last_seen_at": "2026-11-21T10:05:00.000Z",
    "revoked_at": None,
}
_SHOWN_ONCE: Final = "<43 characters>"
REGISTERED_EXAMPLE: Final = {
    "device_id": "till-example",
    "device_secret": _SHOWN_ONCE,
    "name": "Till at the entrance",
    "platform": "android",
    "scopes": ["players:read", "vehicles:read"],
    "created_at": "2026-11-21T10:00:00.000Z",
}
REGISTER_EXAMPLE: Final = {
    "device_id": "till-example",
    "name": "Till at the entrance",
    "platform": "android",
}
GET_TOKEN_EXAMPLE: Final = {
    "device_id": "till-example",
    "timestamp": 1795255200,
    "nonce": "6f1c0a54e2b84d0d9c5e",
    "hmac_hash": "6Lh2yJbDyUw3Qx0q3fQm3mJx1nS0Zq8yXc1o2Jm9b5E=",
}


def device_view(device: Device) -> DeviceView:
    return DeviceView(
        device_id=device.id,
        name=device.name,
        platform=device.platform,
        scopes=sorted(device.scopes),
        created_at=moment(device.created_at),
        last_seen_at=moment(device.last_seen_at),
        revoked_at=moment(device.revoked_at),
    )


def registered_view(made: Registered) -> RegisteredDeviceView:
    device = made.device
    return RegisteredDeviceView(
        device_id=device.id,
        device_secret=made.secret,
        name=device.name,
        platform=device.platform,
        scopes=sorted(device.scopes),
        created_at=moment(device.created_at),
    )
