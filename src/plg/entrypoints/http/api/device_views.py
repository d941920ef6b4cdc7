"""How devices look in JSON, and what is asked about them."""

from datetime import datetime
from typing import Final

import msgspec

from plg.application.devices.register_device import Registered
from plg.domain.device_proofs import DeviceProof
from plg.domain.devices import Device
from plg.entrypoints.http.moments import moment


class DeviceView(msgspec.Struct, frozen=True):
    """A device; `last_seen_at` is exact to the minute."""

    device_id: str
    name: str | None
    platform: str | None
    scopes: list[str]
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class RegisteredView(msgspec.Struct, frozen=True):
    """A device with its secret, which appears here and nowhere else."""

    device_id: str
    device_secret: str
    name: str | None
    platform: str | None
    scopes: list[str]
    created_at: datetime


class ProofBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only who has the device's secret can say."""

    timestamp: int
    nonce: str
    hmac_hash: str

    def proof(self) -> DeviceProof:
        return DeviceProof(self.timestamp, self.nonce, self.hmac_hash)


class RegisterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device to be registered; `proof` is needed where its id is."""

    device_id: str
    name: str | None = None
    platform: str | None = None
    proof: ProofBody | None = None


class GetTokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device that proves itself."""

    device_id: str
    timestamp: int
    nonce: str
    hmac_hash: str

    def proof(self) -> DeviceProof:
        return DeviceProof(self.timestamp, self.nonce, self.hmac_hash)


class ChangeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed; null takes it away."""

    name: str | msgspec.UnsetType | None = msgspec.UNSET
    platform: str | msgspec.UnsetType | None = msgspec.UNSET


DEVICE_EXAMPLE: Final = {
    "device_id": "till-0001",
    "name": "Till at the entrance",
    "platform": "android",
    "scopes": ["players:read", "vehicles:read"],
    "created_at": "2026-11-21T10:00:00.000Z",
    "last_seen_at": "2026-11-21T10:05:00.000Z",
    "revoked_at": None,
}
REGISTERED_EXAMPLE: Final = {
    "device_id": "till-0001",
    "device_secret": "<43 characters>",  # nosec B105  # stands for one
    "name": "Till at the entrance",
    "platform": "android",
    "scopes": ["players:read", "vehicles:read"],
    "created_at": "2026-11-21T10:00:00.000Z",
}
REGISTER_EXAMPLE: Final = {
    "device_id": "till-0001",
    "name": "Till at the entrance",
    "platform": "android",
}
GET_TOKEN_EXAMPLE: Final = {
    "device_id": "till-0001",
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


def registered_view(made: Registered) -> RegisteredView:
    device = made.device
    return RegisteredView(
        device_id=device.id,
        device_secret=made.secret,
        name=device.name,
        platform=device.platform,
        scopes=sorted(device.scopes),
        created_at=moment(device.created_at),
    )
