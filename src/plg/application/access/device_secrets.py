"""The secrets of devices, sealed and opened."""

from plg.application.ports.sealing import SealPort
from plg.domain.devices import Device, key_of_secret, new_secret


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


def _context(device_id: str) -> str:
    return f"device:{device_id}"
