"""Signing keys in the durable database."""

from sqlalchemy import delete, insert, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.tables import signing_keys
from plg.application.ports.identity.signing_keys import SigningKeysPort
from plg.domain.identity.signing_keys import SigningKey

_c = signing_keys.c


class SqlSigningKeys(SigningKeysPort):
    """A row a key; two first starts do not both make keys: the table is held until the end."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def all(self) -> list[SigningKey]:
        await self._statements.hold_table(signing_keys)
        rows = await self._statements.held_rows(select(*_c).order_by(_c.created_at, _c.id))
        return [SigningKey(*row) for row in rows]

    async def add(self, key: SigningKey) -> None:
        await self._statements.write(insert(signing_keys), _values(key))

    async def replace(self, key: SigningKey) -> None:
        statement = update(signing_keys).where(_c.id == key.id).values(_values(key))
        await self._statements.write(statement)

    async def remove(self, key_id: str) -> None:
        await self._statements.write(delete(signing_keys).where(_c.id == key_id))


def _values(key: SigningKey) -> dict[str, object]:
    return {
        "id": key.id,
        "public": key.public,
        "sealed_private": key.sealed_private,
        "created_at": key.created_at,
        "active_at": key.active_at,
        "retired_at": key.retired_at,
    }
