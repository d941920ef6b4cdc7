"""Accounts in the durable database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, insert, or_, select, true, update

from plg.adapters.sql.database.executor import Executor
from plg.adapters.sql.identity.tables import accounts
from plg.application.ports.identity.accounts import AccountsPort
from plg.domain.errors import EmailTaken
from plg.domain.identity.accounts import Account, Email, Role, fold
from plg.domain.identity.addresses import fold_case

_c = accounts.c
_TAKEN = "Another account has this address."

ACCOUNT_COLUMNS = (
    _c.id,
    _c.email,
    _c.name,
    _c.role,
    _c.is_active,
    _c.is_verified,
    _c.created_at,
    _c.last_login_at,
    _c.password_hash,
    _c.email_key,
)


def to_account(values: Sequence[Any]) -> Account:
    """Return the account of what was selected by `ACCOUNT_COLUMNS`."""
    account_id, email, name, role, *rest, email_key = values
    return Account(account_id, Email(email, email_key), name, Role(role), *rest)


class SqlAccounts(AccountsPort):
    """One row each; what is searched in stands in columns of its own."""

    def __init__(self, statements: Executor) -> None:
        self._statements = statements

    async def add(self, account: Account) -> None:
        if not await self._statements.write_unique(insert(accounts).values(_values(account))):
            raise EmailTaken(_TAKEN)

    async def get(self, account_id: str) -> Account | None:
        row = await self._statements.held_row(_select.where(_c.id == account_id))
        return to_account(row) if row else None

    async def find(self, email: Email) -> Account | None:
        keys = (email.exact_key, email.key)
        exact_first = case((_c.email_key == email.exact_key, 0), else_=1)
        found = _select.where(_c.email_key.in_(keys)).order_by(exact_first).limit(1)
        row = await self._statements.row(found)
        return to_account(row) if row else None

    async def replace(self, account: Account) -> None:
        statement = update(accounts).where(_c.id == account.id).values(_values(account))
        if not await self._statements.write_unique(statement):
            raise EmailTaken(_TAKEN)

    async def active_admins(self) -> frozenset[str]:
        admins = select(_c.id).where(_c.role == Role.ADMIN.value, _c.is_active == true())
        return frozenset(row.id for row in await self._statements.held_rows(admins))

    async def page(self, *, after: str | None, limit: int, search: str | None) -> list[Account]:
        statement = _select
        if search:
            wanted = (
                (_c.email, search),
                (_c.email_key, fold_case(search)),
                (_c.name_key, fold(search)),
            )
            found = (column.contains(text, autoescape=True) for column, text in wanted)
            statement = statement.where(or_(*found))
        rows = await self._statements.page(statement, _c.id, after=after, limit=limit)
        return [to_account(row) for row in rows]


_select = select(*ACCOUNT_COLUMNS)


def _values(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "email": account.email.address,
        "name": account.name,
        "role": account.role.value,
        "is_active": account.is_active,
        "is_verified": account.is_verified,
        "created_at": account.created_at,
        "last_login_at": account.last_login_at,
        "password_hash": account.password_hash,
        "email_key": account.email.key,
        "name_key": None if account.name is None else fold(account.name),
    }
