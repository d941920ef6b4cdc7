"""Say what still needs an earlier secret of the operator's."""

from dataclasses import dataclass

from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.sealing import SealPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret


@dataclass(frozen=True, slots=True)
class Rotation:
    """
    How far a change of secrets has come.

    Attributes:
        keys: Keys that move to the present secret when they are used next.
        devices: Devices that do.
        webhooks: Webhooks that do.
        lost_keys: Keys that no secret which is set can prove.
        lost_devices: Devices of which the same is true.
        lost_webhooks: Webhooks that cannot be signed for.
    """

    keys: SealedUnderOldSecret
    devices: SealedUnderOldSecret
    webhooks: int
    lost_keys: SealedUnderOldSecret
    lost_devices: SealedUnderOldSecret
    lost_webhooks: int

    @property
    def is_needed(self) -> bool:
        """Whether something moves to the present secret when it is used next."""
        return bool(self.keys.count or self.devices.count or self.webhooks)

    @property
    def is_missing(self) -> bool:
        """Whether something is lost as long as no other secret is set."""
        return bool(self.lost_keys.count or self.lost_devices.count or self.lost_webhooks)


@dataclass(frozen=True, slots=True)
class ShowRotation:
    """Counts what the present secret does not open: what an earlier one does, and what none."""

    work: UnitOfWorkPort
    keyring: Keyring
    seal: SealPort
    clock: ClockPort

    async def __call__(self) -> Rotation:
        """Look, and change nothing."""
        pepper_ids, prefixes = self.keyring.pepper_ids, self.seal.prefixes
        now = self.clock.now()
        async with self.work.look() as work:
            keys = await work.api_keys.left_behind(pepper_ids[:1], now)
            devices = await work.devices.left_behind(prefixes[:1])
            webhooks = await work.webhooks.left_behind(prefixes[:1])
            lost_keys = await work.api_keys.left_behind(pepper_ids, now)
            lost_devices = await work.devices.left_behind(prefixes)
            lost_webhooks = await work.webhooks.left_behind(prefixes)
        return Rotation(
            _without(keys, lost_keys),
            _without(devices, lost_devices),
            webhooks - lost_webhooks,
            lost_keys,
            lost_devices,
            lost_webhooks,
        )


def _without(all_behind: SealedUnderOldSecret, lost: SealedUnderOldSecret) -> SealedUnderOldSecret:
    """Return those that are not lost; a lost one is refused, so the last use is not its own."""
    count = all_behind.count - lost.count
    return SealedUnderOldSecret(count, all_behind.last_used_at if count else None)
