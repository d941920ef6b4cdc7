"""Whether an earlier secret is needed still, or missing."""

from collections.abc import AsyncIterator
from typing import Final

from plg.application.identity.show_rotation import Rotation
from plg.container import Container
from plg.domain.errors import StorageUnavailable
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from plg.entrypoints.cli.doctor.examine_identity import has_secret
from plg.entrypoints.cli.doctor.findings import Finding, fine, remark, wrong
from plg.entrypoints.cli.output import counted, moment
from plg.settings import Settings

SUBJECT: Final = "SECRET_KEY_PREVIOUS"
DAY_LENGTH: Final = len("2026-01-01")


async def examine_rotation(container: Container, settings: Settings) -> AsyncIterator[Finding]:
    """Examine what the present secret does not open; without one there is nothing to say."""
    if not has_secret(settings):
        return
    try:
        rotation: Rotation = await container.access.show_rotation()()
    except StorageUnavailable as error:
        yield wrong(SUBJECT, str(error), "look at the durable database")
        return
    if rotation.is_missing:
        lost = _told(rotation.lost_keys, rotation.lost_devices, rotation.lost_webhooks)
        yield wrong(
            SUBJECT,
            f"{lost} under a secret that is not set: they are refused, or not signed for",
            "set the secret of that time in SECRET_KEY_PREVIOUS, or revoke or rotate them",
        )
    if settings.access.previous_secret_keys:
        yield _still_needed(rotation)


def _still_needed(rotation: Rotation) -> Finding:
    if rotation.is_needed:
        needed = _told(rotation.keys, rotation.devices, rotation.webhooks)
        return remark(
            SUBJECT,
            f"{needed} under an earlier secret: each moves to the present one when it is used",
            "keep it until they have; plg keys list shows when each key was used, and what is not "
            "used any more can be revoked",
        )
    return fine(
        SUBJECT,
        "no key, device or webhook needs it any more: unset it once REFRESH_TOKEN_EXPIRE_DAYS have "
        "passed, and set it again for plg ledger verify, where records of its time are checked",
    )


def _told(keys: SealedUnderOldSecret, devices: SealedUnderOldSecret, webhooks: int) -> str:
    named = ((keys, "API key", "API keys"), (devices, "device", "devices"))
    parts = [_with_use(each, *names) for each, *names in named if each.count]
    if webhooks:
        parts.append(counted(webhooks, "webhook", "webhooks"))
    return " and ".join(parts)


def _with_use(held: SealedUnderOldSecret, one: str, many: str) -> str:
    used_at = held.last_used_at
    use = "never used" if used_at is None else f"last used on {moment(used_at)[:DAY_LENGTH]}"
    return f"{counted(held.count, one, many)} ({use})"
