"""The operator's secret, where none is set."""

import os
import secrets
from pathlib import Path
from typing import Final

import structlog

from plg.domain.errors import StorageUnavailable

_BYTES: Final = 32
_OTHERS: Final = 0o077
_log = structlog.get_logger("plg.secrets")


def kept_secret(path: Path) -> str:
    """
    Return the secret in the file, which is made with a new one where it is missing.

    Of several processes that start at once all get the same.

    Raises:
        StorageUnavailable: If it can be neither read nor made; says what to do.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        secret = path.read_text(encoding="ascii").strip()
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise StorageUnavailable(
            f"the secret in {path} cannot be kept: {error}; "
            "let this user read and write there, or set SECRET_KEY"
        ) from error
    if not secret:
        raise StorageUnavailable(
            f"{path} is empty: restore it from a backup, set SECRET_KEY to what it held, "
            "or remove it for a new secret, which ends all keys, tokens and devices"
        )
    if os.name == "posix" and mode & _OTHERS:
        _log.warning("secret_readable_by_others", path=str(path), remedy=f"chmod 600 {path}")
    return secret


def _make(path: Path) -> None:
    """Write the whole file or nothing, readable by its owner only; one that is there stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, never replaces what another process was first to put there.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
