"""What can be said of secrets, addresses, mail and those who administrate."""

import ipaddress
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from plg.container import Container
from plg.domain.errors import SealBroken, StorageUnavailable
from plg.entrypoints.cli.doctor.findings import Finding, fine, remark, wrong
from plg.entrypoints.cli.identity.key_owners import all_accounts
from plg.settings import Settings

SECRET_FILE = "secret_key"
MAKE_ADMIN = "plg accounts create-admin you@example.org"
OPEN = "open"
NAMED_MAX = 20
"""Accounts that are named in one remark."""


def examine_identity_settings(settings: Settings) -> Iterator[Finding]:
    """Examine what was decided about secrets, addresses and mail."""
    yield examine_secret(settings)
    yield examine_public_address(settings)
    yield examine_mail(settings)


def examine_secret(settings: Settings) -> Finding:
    """Examine where the secret is."""
    subject = "SECRET_KEY"
    if settings.access.secret_key is not None:
        return fine(subject, "set")
    path = settings.storage.data_dir / SECRET_FILE
    if not path.exists():
        return fine(subject, f"not set: the first start makes one and keeps it in {path}")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return remark(subject, f"not set, and others can read {path}", f"chmod 600 {path}")
    return fine(subject, f"not set: kept in {path}, which belongs into a backup")


def examine_public_address(settings: Settings) -> Finding:
    """Examine by which address clients come, and through whom."""
    subject, url = "PUBLIC_BASE_URL", settings.server.public_base_url
    parts = urlsplit(url)
    if _is_local(parts.hostname or "") and not _is_local(settings.server.host):
        return remark(
            subject,
            f"{url}, while API_HOST lets others in: links and tokens name an address that only "
            "this machine has",
            "set it to the address that clients use",
        )
    if parts.scheme == "https" and not settings.server.trusted_proxies:
        return remark(
            subject,
            f"{url}, so a proxy is in front, but none is trusted: all clients count as one address",
            "set TRUSTED_PROXIES to the proxy's network",
        )
    return fine(subject, url)


def examine_mail(settings: Settings) -> Finding:
    """Examine where mail goes."""
    host = settings.mail.host
    if host is not None:
        return fine("mail", f"by {host}")
    where = f"no SMTP_HOST: written to {settings.storage.data_dir / 'outbox'}"
    if settings.accounts.registration == OPEN or settings.accounts.needs_verified_email:
        advice = "set SMTP_HOST, or REGISTRATION=closed where you hand links on yourself"
        return remark("mail", f"{where}, and who registers does not get it", advice)
    return fine("mail", where)


async def examine_accounts(container: Container) -> AsyncIterator[Finding]:
    """Examine, in a database that is ready, who administrates and whether secrets fit it."""
    settings: Settings = container.settings()
    try:
        async with container.access.work().look() as work:
            admins = await work.accounts.active_admins()
            signing = await work.signing_keys.all()
    except StorageUnavailable as error:
        yield wrong("accounts", str(error), "look at the durable database")
        return
    yield await examine_addresses(container)
    if admins:
        yield fine("admins", f"{len(admins)} active")
    else:
        yield remark("admins", "none: nobody can administrate over HTTP", MAKE_ADMIN)
    in_use = [key for key in signing if key.retired_at is None]
    if in_use and has_secret(settings):
        try:
            for key in in_use:
                container.access.access_tokens().resealed(key)
        except SealBroken as error:
            yield wrong("signing keys", str(error), "or run plg keys rotate-signing for new keys")
        else:
            yield fine("signing keys", f"{len(in_use)} that the secret opens")
    elif in_use:
        path = settings.storage.data_dir / SECRET_FILE
        yield wrong(
            "signing keys",
            f"{path} is missing: it protected them, and all keys and devices",
            "restore it from a backup, or set SECRET_KEY to what it held",
        )


async def examine_addresses(container: Container) -> Finding:
    """Examine which accounts are found by their exact address only."""
    found = [each for each in await all_accounts(container) if each.email.is_exact]
    if not found:
        return fine("addresses", "each is one account's")
    named = ", ".join(f"{each.email.address} ({each.id})" for each in found[:NAMED_MAX])
    more = f" and {len(found) - NAMED_MAX} more" if len(found) > NAMED_MAX else ""
    return remark(
        "addresses",
        f"another account has the same address, spelled differently: {named}{more}",
        "let them log in by exactly this spelling, and give them other addresses "
        "(PATCH /api/v1/me) or deactivate them",
    )


def has_secret(settings: Settings) -> bool:
    """Tell whether there is one: looking makes none."""
    path: Path = settings.storage.data_dir / SECRET_FILE
    return settings.access.secret_key is not None or path.exists()


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
