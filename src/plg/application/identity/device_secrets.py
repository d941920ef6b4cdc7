"""The secrets of devices, sealed and opened."""

import hmac
from dataclasses import replace

from plg.application.ports.identity.sealing import SealPort
from plg.domain.devices.devices import Device, key_of_secret, new_secret


class DeviceSecrets:
    """Seals each secret for its device alone: put under another device's id, it does not open."""

    def __init__(self, seal: SealPort) -> None:
        self._seal = seal
        self._decoy = self.sealed("", new_secret())

    def sealed(self, device_id: str, secret: str) -> str:
        """Return what is kept of a secret."""
        return self._seal.seal(key_of_secret(secret), _context(device_id))

    def key_of(self, device: Device | None) -> bytes:
        """
        Return the HMAC key of a device; where there is none, one that nobody has.

        That takes the same time, so the time of a refusal does not tell which ids are taken.

        Raises:
            SealBroken: If the operator's secret is not that under which it was sealed.
        """
        if device is None:
            return self._seal.open(self._decoy, _context(""))
        return self._seal.open(device.sealed_secret, _context(device.id))

    def are_same(self, one: Device, other: Device) -> bool:
        """Tell whether two states of a device have the same secret."""
        if one.sealed_secret == other.sealed_secret:
            return True
        return hmac.compare_digest(self.key_of(one), self.key_of(other))

    def seen(self, device: Device, now: float) -> Device:
        """
        Return the device as it is to be kept now that it was seen; itself where all of it stays.

        A secret that was sealed under an earlier secret of the operator's is sealed anew, so that
        the earlier one is needed no longer than until each device was seen.
        """
        if not self._seal.is_current(device.sealed_secret):
            clear = self.key_of(device)
            device = replace(device, sealed_secret=self._seal.seal(clear, _context(device.id)))
        return device.seen(now)


def _context(device_id: str) -> str:
    return f"device:{device_id}"
