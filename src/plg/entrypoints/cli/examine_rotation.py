"""Whether an earlier secret is needed still, or missing."""

from collections.abc import AsyncIterator
from typing import Final

from plg.application.access.show_rotation import Rotation
from plg.container import Container
from plg.domain.errors import StorageUnavailable
from plg.domain.left_behind import LeftBehind
from plg.entrypoints.cli.examine_identity import has_secret
from plg.entrypoints.cli.findings import Finding, fine, remark, wrong
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
    if rotation.lost_keys.count or rotation.lost_devices.count:
        yield wrong(
            SUBJECT,
            f"{_told(rotation.lost_keys, rotation.lost_devices)} under a secret that is not set: "
            "they are refused",
            "set the secret of that time in SECRET_KEY_PREVIOUS, or revoke them",
        )
    if settings.access.previous_secret_keys:
        yield _still_needed(rotation)


def _still_needed(rotation: Rotation) -> Finding:
    if rotation.keys.count or rotation.devices.count:
        return remark(
            SUBJECT,
            f"{_told(rotation.keys, rotation.devices)} under an earlier secret: each moves to the "
            "present one when it is used",
            "keep it until they have; plg keys list shows when each key was used, and what is not "
            "used any more can be revoked",
        )
    return fine(
        SUBJECT,
        "no key or device needs it any more: unset it once REFRESH_TOKEN_EXPIRE_DAYS have passed, "
        "and set it again for plg ledger verify, where records of its time are checked",
    )


def _told(keys: LeftBehind, devices: LeftBehind) -> str:
    named = ((keys, "API key", "API keys"), (devices, "device", "devices"))
    count = " and ".join(counted(each.count, *names) for each, *names in named if each.count)
    uses = [each.last_used_at for each, *_ in named if each.last_used_at is not None]
    last = f"last used on {moment(max(uses))[:DAY_LENGTH]}" if uses else "never used"
    return f"{count} ({last})"
