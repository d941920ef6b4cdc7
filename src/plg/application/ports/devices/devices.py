"""Where devices are kept."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from plg.domain.devices.devices import Device
from plg.domain.identity.accounts import Account
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret


@dataclass(frozen=True, slots=True)
class DeviceWithAccount:
    """All that decides whether a device's signature counts."""

    device: Device
    account: Account


class DevicesPort(Protocol):
    """Devices, within one transaction. Every method may raise StorageUnavailable."""

    @abstractmethod
    async def add(self, device: Device) -> None:
        """
        Add a device.

        Raises:
            DeviceTaken: If there is one with this id.
        """

    @abstractmethod
    async def get(self, device_id: str) -> Device | None:
        """Return the device, or None; in a change, nobody else changes it until the end."""

    @abstractmethod
    async def standing(self, device_id: str) -> DeviceWithAccount | None:
        """Return the device with its account, or None."""

    @abstractmethod
    async def replace(self, device: Device) -> None:
        """Write all of the device with this id anew."""

    @abstractmethod
    async def page(self, account_id: str, *, after: str | None, limit: int) -> list[Device]:
        """Return the account's devices by ascending id, from the one after `after`."""

    @abstractmethod
    async def count(self, account_id: str) -> int:
        """Return how many devices of the account are not revoked."""

    @abstractmethod
    async def is_spent(self, device_id: str, nonce: str) -> bool:
        """Tell whether the device has spent the nonce; of a race only `spend_nonce` tells."""

    @abstractmethod
    async def spend_nonce(self, device_id: str, nonce: str, expires_at: float) -> bool:
        """Spend a nonce of a device; return False where it was spent. Of a race one wins."""

    @abstractmethod
    async def prune_nonces(self, before: float, *, limit: int) -> int:
        """Forget nonces that expired before the instant; return how many."""

    @abstractmethod
    async def left_behind(self, prefixes: Sequence[str]) -> SealedUnderOldSecret:
        """Count the devices, not revoked, whose sealed secret begins with none of these."""
