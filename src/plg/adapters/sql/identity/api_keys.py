"""API keys in the durable database."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.accounts import ACCOUNT_COLUMNS, to_account
from plg.adapters.sql.identity.scopes import scopes_text, to_scopes
from plg.adapters.sql.identity.tables import accounts, api_key_secrets, api_keys
from plg.application.ports.identity.api_keys import ApiKeysPort, KeyUse, KeyWithAccount
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from plg.domain.limits.rates import NO_RATES, Rate, Rates

_k = api_keys.c
_s = api_key_secrets.c
_KEY_COLUMNS = tuple(_k)
_SECRET_COLUMNS = tuple(_s)
_KEY_END = len(_KEY_COLUMNS)
_SECRET_END = _KEY_END + len(_SECRET_COLUMNS)

_standing = (
    select(*_KEY_COLUMNS, *_SECRET_COLUMNS, *ACCOUNT_COLUMNS)
    .join_from(api_key_secrets, api_keys, _k.id == _s.key_id)
    .join(accounts, accounts.c.id == _k.account_id)
)
_note_use = (
    update(api_keys)
    .where(
        _k.id == bindparam("used_key"),
        or_(_k.last_used_at.is_(None), _k.last_used_at < bindparam("used_at")),
    )
    .values(last_used_at=bindparam("used_at"), last_used_address=bindparam("used_address"))
)


class SqlApiKeys(ApiKeysPort):
    """A row a key, and one for each of its secrets."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, key: ApiKey, secret: KeySecret) -> None:
        used = {"last_used_at": key.last_used_at, "last_used_address": key.last_used_address}
        await self._statements.write(insert(api_keys), _key_values(key) | used)
        await self.add_secret(secret)

    async def get(self, key_id: str) -> ApiKey | None:
        row = await self._statements.held_row(select(*_KEY_COLUMNS).where(_k.id == key_id))
        return _to_key(row) if row else None

    async def replace(self, key: ApiKey) -> None:
        statement = update(api_keys).where(_k.id == key.id).values(_key_values(key))
        await self._statements.write(statement)

    async def page(
        self, account_id: str, *, after: str | None, limit: int, search: str | None = None
    ) -> list[ApiKey]:
        statement = select(*_KEY_COLUMNS).where(_k.account_id == account_id)
        if search:
            found = (each.icontains(search, autoescape=True) for each in (_k.name, _k.prefix))
            statement = statement.where(or_(*found))
        rows = await self._statements.page(statement, _k.id, after=after, limit=limit)
        return [_to_key(row) for row in rows]

    async def count(self, account_id: str) -> int:
        mine = select(func.count()).where(_k.account_id == account_id, _k.revoked_at.is_(None))
        (row,) = await self._statements.rows(mine)
        return int(row[0])

    async def standing(self, public: str) -> KeyWithAccount | None:
        row = await self._statements.row(_standing.where(_s.public == public))
        if row is None:
            return None
        return KeyWithAccount(
            _to_key(row[:_KEY_END]),
            KeySecret(*row[_KEY_END:_SECRET_END]),
            to_account(row[_SECRET_END:]),
        )

    async def secrets(self, key_id: str) -> list[KeySecret]:
        statement = select(*_SECRET_COLUMNS).where(_s.key_id == key_id)
        rows = await self._statements.rows(statement.order_by(_s.created_at, _s.public))
        return [KeySecret(*row) for row in rows]

    async def add_secret(self, secret: KeySecret) -> None:
        values = {
            "public": secret.public,
            "key_id": secret.key_id,
            "pepper_id": secret.pepper_id,
            "digest": secret.digest,
            "created_at": secret.created_at,
            "ends_at": secret.ends_at,
        }
        await self._statements.write(insert(api_key_secrets), values)

    async def replace_secret(self, secret: KeySecret) -> None:
        statement = update(api_key_secrets).where(_s.public == secret.public)
        await self._statements.write(
            statement.values(
                pepper_id=secret.pepper_id, digest=secret.digest, ends_at=secret.ends_at
            )
        )

    async def drop_secret(self, public: str) -> None:
        await self._statements.write(delete(api_key_secrets).where(_s.public == public))

    async def left_behind(self, pepper_ids: Sequence[str], now: float) -> SealedUnderOldSecret:
        found = (
            select(func.count(_k.id.distinct()), func.max(_k.last_used_at))
            .join_from(api_key_secrets, api_keys, _k.id == _s.key_id)
            .where(
                _s.pepper_id.not_in(pepper_ids),
                or_(_s.ends_at.is_(None), _s.ends_at > now),
                or_(_k.expires_at.is_(None), _k.expires_at > now),
                _k.revoked_at.is_(None),
            )
        )
        (row,) = await self._statements.rows(found)
        return SealedUnderOldSecret(*row)

    async def note_uses(self, uses: Iterable[KeyUse]) -> None:
        # In one order, so that two processes never wait for each other crosswise.
        values = [
            {"used_key": use.key_id, "used_at": use.at, "used_address": use.address}
            for use in sorted(uses, key=lambda use: use.key_id)
        ]
        if values:
            await self._statements.write(_note_use, values)


def _to_key(values: Sequence[Any]) -> ApiKey:
    key_id, account_id, name, prefix, scopes, created_at, expires_at, networks, *rest = values
    burst, sustained, is_enabled, *history = rest
    return ApiKey(
        key_id,
        account_id,
        name,
        prefix,
        to_scopes(scopes),
        created_at,
        expires_at,
        tuple(map(ipaddress.ip_network, networks.split())),
        _to_rates(burst, sustained),
        is_enabled,
        *history,
    )


def _to_rates(burst: str | None, sustained: str | None) -> Rates:
    if burst is None and sustained is None:
        return NO_RATES
    return Rates(
        None if burst is None else Rate.parse(burst),
        None if sustained is None else Rate.parse(sustained),
    )


def _key_values(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "account_id": key.account_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": scopes_text(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "allowed_networks": " ".join(map(str, key.allowed_networks)),
        "rate_burst": None if key.rates.burst is None else str(key.rates.burst),
        "rate_sustained": None if key.rates.sustained is None else str(key.rates.sustained),
        "is_enabled": key.is_enabled,
        "revoked_at": key.revoked_at,
        "revoked_reason": key.revoked_reason,
        "updated_at": key.updated_at,
    }
