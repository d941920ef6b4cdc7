"""What still needs an earlier secret, and what none that is set can open."""

from dataclasses import replace

import pytest

from plg.application.identity.key_digests import secret_of
from plg.application.identity.show_rotation import Rotation, ShowRotation
from plg.domain.identity.access import DATA_SCOPES
from plg.domain.identity.api_key_format import new_secret
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from plg.domain.notices.webhooks import Webhook
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.sealing import OpenSeal
from tests.fakes.work import MemoryWork
from tests.unit.access.session_world import ANA, SCANNER

FIRST, SECOND, THIRD = (f"the {each} secret of the operator" for each in ("1st", "2nd", "3rd"))
NOBODY = SealedUnderOldSecret(0)
URL = "https://hooks.example.org/plg"


class Eras(OpenSeal):
    """A seal that knows what was sealed in some eras."""

    def __init__(self, *known: str) -> None:
        super().__init__()
        self.known = known

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(f"{era}|" for era in self.known)


@pytest.fixture
async def work() -> MemoryWork:
    """A key, a device and a webhook of each secret, used in the order of secrets."""
    made = MemoryWork()
    async with made.change() as ports:
        await ports.accounts.add(ANA)
        for number, secret in enumerate((FIRST, SECOND, THIRD)):
            key = ApiKey(
                f"key-{number}",
                ANA.id,
                "key",
                "plg",
                DATA_SCOPES,
                NOON,
                None,
                last_used_at=NOON + number,
            )
            await ports.api_keys.add(key, secret_of(Keyring(secret), new_secret(), key.id, NOON))
            device = replace(SCANNER, id=f"device-{number}", last_seen_at=NOON + number)
            await ports.devices.add(replace(device, sealed_secret=f"{secret}|x"))
            await ports.webhooks.put(Webhook(str(number), URL, f"{secret}|y", NOON))
    return made


async def rotation(work: MemoryWork, current: str, *previous: str) -> Rotation:
    keyring, seal = Keyring(current, previous), Eras(current, *previous)
    return await ShowRotation(work, keyring, seal, StoppedClock())()


async def test_what_an_earlier_secret_opens_is_still_to_move(work: MemoryWork) -> None:
    found = await rotation(work, THIRD, SECOND, FIRST)

    moving = SealedUnderOldSecret(2, NOON + 1)
    assert found == Rotation(moving, moving, 2, NOBODY, NOBODY, 0)


async def test_what_no_secret_opens_is_lost(work: MemoryWork) -> None:
    found = await rotation(work, THIRD, SECOND)

    moving, lost = SealedUnderOldSecret(1, NOON + 1), SealedUnderOldSecret(1, NOON)
    assert found == Rotation(moving, moving, 1, lost, lost, 1)


async def test_where_all_else_is_lost_nothing_is_to_move(work: MemoryWork) -> None:
    found = await rotation(work, THIRD)

    lost = SealedUnderOldSecret(2, NOON + 1)
    assert found == Rotation(NOBODY, NOBODY, 0, lost, lost, 2)
