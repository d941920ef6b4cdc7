"""Devices in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.accounts import ACCOUNT_COLUMNS, to_account
from plg.adapters.sql.identity.scopes import scopes_text, to_scopes
from plg.adapters.sql.identity.tables import accounts, device_nonces, devices
from plg.application.ports.devices.devices import DevicesPort, DeviceWithAccount
from plg.domain.devices.devices import Device
from plg.domain.errors import DeviceTaken
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret

_c = devices.c
DEVICE_COLUMNS = tuple(_c)
_END = len(DEVICE_COLUMNS)

_standing = select(*DEVICE_COLUMNS, *ACCOUNT_COLUMNS).join_from(
    devices, accounts, accounts.c.id == _c.account_id
)


def to_device(values: Sequence[Any]) -> Device:
    """Return the device of what was selected by `DEVICE_COLUMNS`."""
    device_id, account_id, name, platform, scopes, *rest = values
    return Device(device_id, account_id, name, platform, to_scopes(scopes), *rest)


class SqlDevices(DevicesPort):
    """A row a device, and one for each nonce that it spent recently."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, device: Device) -> None:
        if not await self._statements.write_unique(insert(devices).values(_values(device))):
            raise DeviceTaken("There is a device with this id.")

    async def get(self, device_id: str) -> Device | None:
        row = await self._statements.held_row(select(*DEVICE_COLUMNS).where(_c.id == device_id))
        return to_device(row) if row else None

    async def standing(self, device_id: str) -> DeviceWithAccount | None:
        row = await self._statements.row(_standing.where(_c.id == device_id))
        return DeviceWithAccount(to_device(row[:_END]), to_account(row[_END:])) if row else None

    async def replace(self, device: Device) -> None:
        statement = update(devices).where(_c.id == device.id).values(_values(device))
        await self._statements.write(statement)

    async def page(self, account_id: str, *, after: str | None, limit: int) -> list[Device]:
        statement = select(*DEVICE_COLUMNS).where(_c.account_id == account_id)
        rows = await self._statements.page(statement, _c.id, after=after, limit=limit)
        return [to_device(row) for row in rows]

    async def count(self, account_id: str) -> int:
        mine = select(func.count()).where(_c.account_id == account_id, _c.revoked_at.is_(None))
        (row,) = await self._statements.rows(mine)
        return int(row[0])

    async def is_spent(self, device_id: str, nonce: str) -> bool:
        spent = device_nonces.c
        found = select(spent.nonce).where(spent.device_id == device_id, spent.nonce == nonce)
        return await self._statements.row(found) is not None

    async def spend_nonce(self, device_id: str, nonce: str, expires_at: float) -> bool:
        # The primary key decides the race; a device that is gone is refused in the same way.
        spent = insert(device_nonces).values(
            device_id=device_id, nonce=nonce, expires_at=expires_at
        )
        return await self._statements.write_unique(spent)

    async def prune_nonces(self, before: float, *, limit: int) -> int:
        is_over = device_nonces.c.expires_at < before
        return await self._statements.remove(device_nonces, is_over, limit=limit)

    async def left_behind(self, prefixes: Sequence[str]) -> SealedUnderOldSecret:
        others = (~_c.sealed_secret.startswith(each, autoescape=True) for each in prefixes)
        found = select(func.count(), func.max(_c.last_seen_at))
        (row,) = await self._statements.rows(found.where(_c.revoked_at.is_(None), *others))
        return SealedUnderOldSecret(*row)


def _values(device: Device) -> dict[str, object]:
    return {
        "id": device.id,
        "account_id": device.account_id,
        "name": device.name,
        "platform": device.platform,
        "scopes": scopes_text(device.scopes),
        "sealed_secret": device.sealed_secret,
        "created_at": device.created_at,
        "last_seen_at": device.last_seen_at,
        "revoked_at": device.revoked_at,
    }
