"""`ApiKeysPort`, kept by every durable database."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network

import pytest

from plg.application.ports.identity.api_keys import KeyUse, KeyWithAccount
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import Scope
from plg.domain.identity.api_keys import ApiKey
from plg.domain.limits.rates import Rate, Rates
from tests.integration.contracts.works import ANA, BEN, KEY, SECRET, second_of

RICH = replace(
    KEY,
    name="größer",
    scopes=frozenset({Scope.ADMIN, Scope.KEYS_WRITE}),
    expires_at=None,
    allowed_networks=(ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")),
    rates=Rates(Rate.parse("60/minute"), Rate.parse("5/day")),
    is_enabled=False,
    revoked_at=7.0,
    revoked_reason="leaked",
    updated_at=8.0,
)
GRACE = replace(SECRET, public="CCCCCCCC", created_at=SECRET.created_at + 1, ends_at=9.0)


@pytest.fixture(autouse=True)
async def _key(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.api_keys.add(KEY, SECRET)


async def held(work: UnitOfWorkPort, key_id: str = KEY.id) -> ApiKey | None:
    async with work.look() as ports:
        return await ports.api_keys.get(key_id)


async def note(work: UnitOfWorkPort, *uses: KeyUse) -> None:
    async with work.change() as ports:
        await ports.api_keys.note_uses(uses)


async def test_a_key_comes_back_as_it_was(work: UnitOfWorkPort) -> None:
    assert await held(work) == KEY


async def test_an_unknown_key_is_none(work: UnitOfWorkPort) -> None:
    assert await held(work, "01NONE") is None


async def test_a_change_gets_a_key_too(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        assert await ports.api_keys.get(KEY.id) == KEY


@pytest.mark.parametrize(
    "key", [RICH, replace(RICH, rates=Rates(sustained=Rate.parse("1/hour"))), KEY]
)
async def test_all_of_a_key_is_replaced(work: UnitOfWorkPort, key: ApiKey) -> None:
    async with work.change() as ports:
        await ports.api_keys.replace(RICH)
        await ports.api_keys.replace(key)

    assert await held(work) == key


async def test_replacing_a_key_leaves_its_last_use(work: UnitOfWorkPort) -> None:
    await note(work, KeyUse(KEY.id, 60.0, "10.0.0.1"))
    async with work.change() as ports:
        await ports.api_keys.replace(replace(KEY, name="other", last_used_at=1.0))

    used = replace(KEY, name="other", last_used_at=60.0, last_used_address="10.0.0.1")
    assert await held(work) == used


async def test_pages_are_of_the_account_and_ascend_by_id(work: UnitOfWorkPort) -> None:
    second, secret = second_of(KEY)
    theirs = replace(KEY, id="01KEY0", account_id=BEN.id)
    async with work.change() as ports:
        await ports.api_keys.add(second, secret)
        await ports.api_keys.add(theirs, replace(SECRET, public="DDDDDDDD", key_id=theirs.id))
    async with work.look() as ports:
        pages = [
            await ports.api_keys.page(ANA.id, after=None, limit=1),
            await ports.api_keys.page(ANA.id, after=KEY.id, limit=9),
            await ports.api_keys.page(BEN.id, after=None, limit=9),
        ]

    assert pages == [[KEY], [second], [theirs]]


async def test_revoked_keys_are_not_counted(work: UnitOfWorkPort) -> None:
    second, secret = second_of(KEY)
    async with work.change() as ports:
        await ports.api_keys.add(second, secret)
        before = await ports.api_keys.count(ANA.id)
        await ports.api_keys.replace(replace(second, revoked_at=5.0))

        assert (before, await ports.api_keys.count(ANA.id)) == (2, 1)
        assert await ports.api_keys.count(BEN.id) == 0


async def test_the_standing_of_a_secret_tells_its_key_and_account(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.api_keys.standing(SECRET.public) == KeyWithAccount(KEY, SECRET, ANA)


@pytest.mark.parametrize("public", ["ZZZZZZZZ", "aaaaaaaa", ""])
async def test_an_unknown_secret_has_no_standing(work: UnitOfWorkPort, public: str) -> None:
    async with work.look() as ports:
        assert await ports.api_keys.standing(public) is None


async def test_secrets_of_a_key_come_the_oldest_first(work: UnitOfWorkPort) -> None:
    older = replace(GRACE, public="00000000", created_at=SECRET.created_at - 1)
    async with work.change() as ports:
        for secret in (GRACE, older):
            await ports.api_keys.add_secret(secret)
    async with work.look() as ports:
        assert await ports.api_keys.secrets(KEY.id) == [older, SECRET, GRACE]
        assert await ports.api_keys.secrets("01NONE") == []


async def test_digest_pepper_and_end_of_a_secret_are_replaced(work: UnitOfWorkPort) -> None:
    later = replace(SECRET, pepper_id="pepper02", digest=b"new", ends_at=5.0)
    async with work.change() as ports:
        await ports.api_keys.replace_secret(replace(later, created_at=1.0))
        await ports.api_keys.replace_secret(replace(later, public="ZZZZZZZZ"))
    async with work.look() as ports:
        assert await ports.api_keys.secrets(KEY.id) == [later]


async def test_a_dropped_secret_is_gone_and_dropping_none_does_nothing(
    work: UnitOfWorkPort,
) -> None:
    async with work.change() as ports:
        await ports.api_keys.add_secret(GRACE)
        for public in (SECRET.public, "ZZZZZZZZ"):
            await ports.api_keys.drop_secret(public)
    async with work.look() as ports:
        assert await ports.api_keys.secrets(KEY.id) == [GRACE]
        assert await ports.api_keys.standing(SECRET.public) is None


async def test_a_last_use_moves_forward_only(work: UnitOfWorkPort) -> None:
    for use in (
        KeyUse(KEY.id, 60.0, "10.0.0.1"),
        KeyUse(KEY.id, 0.0, "10.0.0.2"),
        KeyUse(KEY.id, 60.0, "10.0.0.3"),
    ):
        await note(work, use)

    assert await held(work) == replace(KEY, last_used_at=60.0, last_used_address="10.0.0.1")


async def test_of_several_uses_at_once_the_latest_stays(work: UnitOfWorkPort) -> None:
    second, secret = second_of(KEY)
    async with work.change() as ports:
        await ports.api_keys.add(second, secret)
    await note(
        work,
        KeyUse(second.id, 120.0, None),
        KeyUse(KEY.id, 180.0, "10.0.0.1"),
        KeyUse(KEY.id, 60.0, "10.0.0.2"),
        KeyUse("01NONE", 60.0, None),
    )

    assert await held(work) == replace(KEY, last_used_at=180.0, last_used_address="10.0.0.1")
    assert await held(work, second.id) == replace(second, last_used_at=120.0)


async def test_no_use_at_all_is_fine(work: UnitOfWorkPort) -> None:
    await note(work)

    assert await held(work) == KEY


async def test_uses_written_by_two_processes_at_once_leave_the_latest(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    minutes = [60.0 * number for number in range(10)]
    await asyncio.gather(
        *(note(works[i % 2], KeyUse(KEY.id, at, None)) for i, at in enumerate(minutes))
    )

    assert await held(works[0]) == replace(KEY, last_used_at=540.0)
