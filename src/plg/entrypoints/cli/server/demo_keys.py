"""The keys of `plg demo`: the service key, and a partner's, whose usage is limited and billed."""

import os
import secrets
from pathlib import Path
from typing import Final

from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.errors import InvalidCredential, StorageUnavailable
from plg.domain.identity.accounts import USER_SCOPES, Account, Email, Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.entrypoints.cli.failures import NothingFound
from plg.entrypoints.cli.identity.key_owners import find_account, operator_for
from plg.entrypoints.cli.session import opened

PARTNER: Final = "partner@example.org"


def kept_key(path: Path) -> str:
    """
    Return the key in the file, which is made with a new one where it is missing.

    Raises:
        StorageUnavailable: If it can be neither read nor made.
    """
    key = _read(path)
    return keep_key(path, secrets.token_urlsafe(24)) if key is None else key


def keep_key(path: Path, key: str) -> str:
    """
    Write the key, readable by its owner only, all of it or nothing, and return it.

    Raises:
        StorageUnavailable: If it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{key}\n")
        draft.replace(path)
    except OSError as error:
        raise _unkept(path, error) from error
    return key


async def partner_key(container: Container, path: Path) -> str:
    """
    Return the key in the file, or a new one where that is missing or good for nothing any more.

    Its account is made with the first key, on the plan of new accounts.

    Raises:
        StorageUnavailable: If the key or a database can be neither read nor written.
    """
    async with opened(container):
        key = _read(path)
        if key is not None and await _is_good(container, key):
            return key
        caller = operator_for(await _partner(container), container.access.scopes())
        issued = await container.keys().issue(
            KeyChange("demonstration", USER_SCOPES, None), caller, OPERATOR
        )
    return keep_key(path, issued.secret.reveal())


async def _is_good(container: Container, key: str) -> bool:
    try:
        await container.keys().verify(key, None)
    except InvalidCredential:
        return False
    return True


async def _partner(container: Container) -> Account:
    try:
        return await find_account(container, PARTNER)
    except NothingFound:
        create = container.accounts().create_account
        made = await create(Email.named(PARTNER), "Partner", Role.USER, None, OPERATOR)
        account: Account = made.account
        return account


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unkept(path, error) from error


def _unkept(path: Path, error: Exception) -> StorageUnavailable:
    return StorageUnavailable(f"the demonstration's key {path} cannot be kept: {error}")
