"""A device proves itself and gets tokens."""

from dataclasses import dataclass, replace

from plg.application.audited_change import AuditedChange
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.open_session import OpenSession
from plg.application.ports.work import Work
from plg.domain.audit import Action, Actor
from plg.domain.devices.devices import Device, checked_id
from plg.domain.devices.proofs import DeviceProof
from plg.domain.errors import InvalidCredential
from plg.domain.identity.accounts import Account
from plg.domain.identity.sessions import Tokens


@dataclass(frozen=True, slots=True)
class GetToken:
    """
    Opens a session for a device that proves its secret; each proof counts once.

    The proof is verified before anything is changed, and its nonce is spent in the transaction
    that opens the session: a nonce that nobody could have signed is never kept, and of copies of
    one request only one gets a session.
    """

    changes: AuditedChange
    secrets: DeviceSecrets
    open_session: OpenSession

    async def __call__(self, device_id: str, proof: DeviceProof, actor: Actor) -> Tokens:
        """
        Return tokens that may do what the device may.

        Raises:
            InvalidParameter: If the device id cannot be one.
            InvalidCredential: If the timestamp is off, the device is unknown or revoked, the proof
                is not made with its secret, or came before.
            StorageUnavailable: If that cannot be found out.
        """
        now = self.changes.clock.now()
        checked_id(device_id)
        if not proof.is_timely(now):
            raise InvalidCredential("The timestamp is more than 300 seconds off.")
        proved = await self._proved(device_id, proof)
        async with self.changes(actor) as change:
            work = change.work
            account, device = await self._unchanged(work, proved)
            if not await work.devices.spend_nonce(device_id, proof.nonce, proof.nonce_expires_at):
                raise InvalidCredential("The nonce was used already.")
            tokens = await self.open_session(work, account, device.scopes, device=device)
            seen = self.secrets.seen(device, now)
            if seen is not device:
                await work.devices.replace(seen)
            target = f"device:{device.id}"
            who = replace(actor, id=target, account_id=device.account_id)
            await change.record(Action.LOGGED_IN, target, actor=who)
        return tokens

    async def _proved(self, device_id: str, proof: DeviceProof) -> Device:
        async with self.changes.look() as work:
            standing = await work.devices.standing(device_id)
        device = standing.device if standing is not None else None
        is_right = proof.is_made_with(self.secrets.key_of(device), device_id)
        if device is None or not is_right:
            raise _not_valid()
        return device

    async def _unchanged(self, work: Work, proved: Device) -> tuple[Account, Device]:
        # The account first, as everywhere: deactivating it ends this session too.
        account = await work.accounts.get(proved.account_id)
        device = await work.devices.get(proved.id)
        if (
            account is None
            or device is None
            or not device.may_sign(account)
            or not self.secrets.are_same(device, proved)
        ):
            raise _not_valid()
        return account, device


def _not_valid() -> InvalidCredential:
    return InvalidCredential("The device or its signature is not valid.")
