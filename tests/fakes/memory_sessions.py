"""Sessions and devices in memory."""

from collections.abc import Sequence
from dataclasses import replace

from plg.application.ports.devices.devices import DevicesPort, DeviceWithAccount
from plg.application.ports.identity.sessions import SessionsPort, SessionWithAccount
from plg.domain.devices.devices import Device
from plg.domain.errors import DeviceTaken
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from plg.domain.identity.sessions import Session
from tests.fakes.memory_tables import Twin


class MemorySessions(Twin, SessionsPort):
    """Sessions in a dict."""

    async def add(self, session: Session) -> None:
        self._written.sessions[session.id] = session

    async def standing(self, session_id: str) -> SessionWithAccount | None:
        session = self._read.sessions.get(session_id)
        account = self._read.accounts.get(session.account_id) if session else None
        if session is None or account is None:
            return None
        return SessionWithAccount(session, account, self._read.devices.get(session.device_id or ""))

    async def advance(self, session: Session) -> bool:
        held = self._written.sessions.get(session.id)
        if held is None or held.ended_at is not None or held.generation != session.generation - 1:
            return False
        self._written.sessions[session.id] = replace(
            held,
            generation=session.generation,
            digest=session.digest,
            rotated_at=session.rotated_at,
            expires_at=session.expires_at,
        )
        return True

    async def end(self, session_id: str, reason: str, now: float) -> bool:
        held = self._written.sessions.get(session_id)
        if held is None or held.ended_at is not None:
            return False
        self._written.sessions[session_id] = replace(held, ended_at=now, ended_reason=reason)
        return True

    async def end_all(
        self, account_id: str, reason: str, now: float, *, device_id: str | None = None
    ) -> int:
        wanted = [
            session.id
            for session in self._written.sessions.values()
            if session.account_id == account_id and device_id in (None, session.device_id)
        ]
        return sum([await self.end(session_id, reason, now) for session_id in wanted])

    async def prune(self, before: float, *, limit: int) -> int:
        held = self._written.sessions
        gone = [session.id for session in held.values() if _is_over(session, before)][:limit]
        for session_id in gone:
            del held[session_id]
        return len(gone)


class MemoryDevices(Twin, DevicesPort):
    """Devices and their nonces in dicts."""

    async def add(self, device: Device) -> None:
        if device.id in self._written.devices:
            raise DeviceTaken("There is a device with this id.")
        self._written.devices[device.id] = device

    async def get(self, device_id: str) -> Device | None:
        return self._read.devices.get(device_id)

    async def standing(self, device_id: str) -> DeviceWithAccount | None:
        device = self._read.devices.get(device_id)
        account = self._read.accounts.get(device.account_id) if device else None
        if device is None or account is None:
            return None
        return DeviceWithAccount(device, account)

    async def replace(self, device: Device) -> None:
        if device.id in self._written.devices:
            self._written.devices[device.id] = device

    async def page(self, account_id: str, *, after: str | None, limit: int) -> list[Device]:
        held = self._read.devices
        ids = [device_id for device_id in sorted(held) if device_id > (after or "")]
        return [held[each] for each in ids if held[each].account_id == account_id][:limit]

    async def count(self, account_id: str) -> int:
        held = self._read.devices.values()
        return sum(each.account_id == account_id and each.revoked_at is None for each in held)

    async def is_spent(self, device_id: str, nonce: str) -> bool:
        return (device_id, nonce) in self._read.nonces

    async def spend_nonce(self, device_id: str, nonce: str, expires_at: float) -> bool:
        if (device_id, nonce) in self._written.nonces:
            return False
        self._written.nonces[device_id, nonce] = expires_at
        return True

    async def prune_nonces(self, before: float, *, limit: int) -> int:
        held = self._written.nonces
        gone = [spent for spent, expires_at in held.items() if expires_at < before][:limit]
        for spent in gone:
            del held[spent]
        return len(gone)

    async def left_behind(self, prefixes: Sequence[str]) -> SealedUnderOldSecret:
        found = [
            device
            for device in self._read.devices.values()
            if device.revoked_at is None and not device.sealed_secret.startswith(tuple(prefixes))
        ]
        uses = [device.last_seen_at for device in found if device.last_seen_at is not None]
        return SealedUnderOldSecret(len(found), max(uses, default=None))


def _is_over(session: Session, before: float) -> bool:
    return session.expires_at < before or (
        session.ended_at is not None and session.ended_at < before
    )
