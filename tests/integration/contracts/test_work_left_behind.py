"""What `ApiKeysPort` says of keys under earlier secrets, by every durable database."""

from dataclasses import replace

import pytest

from plg.application.ports.identity.api_keys import KeyUse
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.sealed_secrets import SealedUnderOldSecret
from tests.fakes.clock import NOON
from tests.integration.contracts.works import KEY, SECRET, second_of

OLDER = replace(SECRET, public="CCCCCCCC", pepper_id="pepper00", ends_at=NOON + 10)


async def add(work: UnitOfWorkPort, key: ApiKey, *secrets: KeySecret) -> None:
    async with work.change() as ports:
        await ports.api_keys.add(key, secrets[0])
        for secret in secrets[1:]:
            await ports.api_keys.add_secret(secret)


async def left_behind(
    work: UnitOfWorkPort, *pepper_ids: str, now: float = NOON
) -> SealedUnderOldSecret:
    async with work.look() as ports:
        return await ports.api_keys.left_behind(pepper_ids, now)


async def test_a_key_counts_once_whatever_its_secrets(work: UnitOfWorkPort) -> None:
    await add(work, KEY, SECRET, OLDER)
    found = [
        await left_behind(work, *known)
        for known in (["pepper02"], ["pepper01"], ["pepper00", "pepper01"])
    ]

    assert found == [SealedUnderOldSecret(1), SealedUnderOldSecret(1), SealedUnderOldSecret(0)]


async def test_a_secret_past_its_grace_does_not_count(work: UnitOfWorkPort) -> None:
    await add(work, KEY, SECRET, OLDER)

    assert await left_behind(work, "pepper01", now=NOON + 10) == SealedUnderOldSecret(0)


async def test_the_last_use_of_all_is_told(work: UnitOfWorkPort) -> None:
    second, secret = second_of(KEY)
    await add(work, KEY, SECRET)
    await add(work, second, secret)
    async with work.change() as ports:
        uses = [KeyUse(KEY.id, NOON + 60, None), KeyUse(second.id, NOON + 120, None)]
        await ports.api_keys.note_uses(uses)

    assert await left_behind(work, "pepper02") == SealedUnderOldSecret(2, NOON + 120)


@pytest.mark.parametrize(
    ("key", "count"),
    [
        (replace(KEY, revoked_at=NOON - 1), 0),
        (replace(KEY, expires_at=NOON), 0),
        (replace(KEY, expires_at=None), 1),
        (replace(KEY, is_enabled=False), 1),
    ],
)
async def test_a_key_that_can_never_be_good_again_does_not_count(
    work: UnitOfWorkPort, key: ApiKey, count: int
) -> None:
    await add(work, key, SECRET)

    assert (await left_behind(work, "pepper02")).count == count
