"""From a signed request to a caller."""

from dataclasses import dataclass

from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.plans.tariffs import TariffOf, under_tariff
from plg.application.ports.clock import ClockPort
from plg.application.ports.devices.devices import DeviceWithAccount
from plg.application.ports.work import UnitOfWorkPort, Work
from plg.domain.devices.devices import Device
from plg.domain.devices.signatures import Signature, SignedMessage
from plg.domain.errors import InvalidCredential
from plg.domain.identity.access import Caller


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that a device signed, and which is not answered yet: its nonce is to be spent."""

    caller: Caller
    device: Device
    signature: Signature


@dataclass(frozen=True, slots=True)
class VerifySignature:
    """
    Tells which device signed a request, each of which counts once; nothing is remembered.

    Whatever can be refused without a change is refused before one begins: who has no secret, or
    only what somebody sent before, cannot keep the writers of others waiting. Between the two
    steps the device's limits are spent: a request that they refuse may be sent again as it is.

    Attributes:
        authority: The `@authority` under which the gateway is known to its clients.
    """

    work: UnitOfWorkPort
    secrets: DeviceSecrets
    clock: ClockPort
    authority: str
    tariff_of: TariffOf

    async def __call__(self, message: SignedMessage) -> Signed:
        """
        Return who signed, and change nothing.

        Raises:
            InvalidCredential: If the signature is malformed, covers too little, is too old or too
                new, was not made by a device that lives, or came before.
            StorageUnavailable: If that cannot be found out.
        """
        now = self.clock.now()
        signature = Signature.of(message)
        signature.check_time(now)
        signature.check_body(message)
        base = signature.base(message, self.authority)
        async with self.work.look() as work:
            standing = await work.devices.standing(signature.key_id)
            device = standing.device if standing is not None else None
            is_right = signature.is_made_with(self.secrets.key_of(device), base)
            if standing is None or not is_right or not standing.device.may_sign(standing.account):
                raise _not_valid()
            if await work.devices.is_spent(standing.device.id, signature.nonce):
                raise _spent()
            tariff = await self.tariff_of(work, standing.account.id, now)
            is_bound = await work.fleets.is_bound(standing.account.id)
        caller = under_tariff(_caller(standing, is_bound=is_bound), tariff)
        return Signed(caller, standing.device, signature)

    async def spend(self, signed: Signed) -> None:
        """
        Spend the nonce of a request: from now on it was answered.

        Raises:
            InvalidCredential: If it has been spent since, or the device's secret counts no more.
            StorageUnavailable: If that cannot be found out.
        """
        signature, device = signed.signature, signed.device
        async with self.work.change() as work:
            standing = await self._unchanged(work, device)
            if not await work.devices.spend_nonce(
                device.id, signature.nonce, signature.nonce_expires_at
            ):
                raise _spent()
            await self._note_seen(work, standing.device, self.clock.now())

    async def _unchanged(self, work: Work, device: Device) -> DeviceWithAccount:
        standing = await work.devices.standing(device.id)
        if (
            standing is None
            or not standing.device.may_sign(standing.account)
            or not self.secrets.are_same(standing.device, device)
        ):
            raise _not_valid()
        return standing

    async def _note_seen(self, work: Work, device: Device, now: float) -> None:
        if self.secrets.seen(device, now) is device:
            return
        # Read again, for `get` keeps others from changing it: their change is not undone.
        held = await work.devices.get(device.id) or device
        await work.devices.replace(self.secrets.seen(held, now))


def _caller(standing: DeviceWithAccount, *, is_bound: bool) -> Caller:
    device, account = standing.device, standing.account
    return Caller(
        f"device:{device.id}",
        device.scopes_in(account),
        account_id=account.id,
        device_id=device.id,
        is_bound=is_bound,
    )


def _not_valid() -> InvalidCredential:
    return InvalidCredential("The device or its signature is not valid.")


def _spent() -> InvalidCredential:
    return InvalidCredential("The signature's nonce was used already.")
