"""`MailedLinksPort`, kept by every durable database."""

import asyncio
from dataclasses import replace

from plg.application.ports.identity.mailed_links import MailedLink, Purpose
from plg.application.ports.work import UnitOfWorkPort
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, undone

RESET = MailedLink(b"\x00reset", Purpose.RESET_PASSWORD, ANA.id, ANA.email.key, NOON + 10)
VERIFY = replace(RESET, digest=b"verify", purpose=Purpose.VERIFY_EMAIL)
OF_BEN = replace(RESET, digest=b"of ben", account_id=BEN.id, email_key=BEN.email.key)


async def add(work: UnitOfWorkPort, *links: MailedLink) -> None:
    async with work.change() as ports:
        for link in links:
            await ports.mailed_links.add(link)


async def spend(work: UnitOfWorkPort, link: MailedLink, now: float = NOON) -> MailedLink | None:
    async with work.change() as ports:
        return await ports.mailed_links.spend(link.digest, link.purpose, now)


async def test_a_link_is_spent_once(work: UnitOfWorkPort) -> None:
    await add(work, RESET)

    assert [await spend(work, RESET), await spend(work, RESET)] == [RESET, None]


async def test_a_link_that_was_never_mailed_is_none(work: UnitOfWorkPort) -> None:
    assert await spend(work, RESET) is None


async def test_a_link_is_good_for_its_purpose_only(work: UnitOfWorkPort) -> None:
    await add(work, RESET)

    assert await spend(work, replace(RESET, purpose=Purpose.VERIFY_EMAIL)) is None
    assert await spend(work, RESET) == RESET


async def test_a_link_that_expired_is_none(work: UnitOfWorkPort) -> None:
    await add(work, RESET)

    assert await spend(work, RESET, RESET.expires_at) is None


async def test_a_later_link_voids_the_earlier_ones_for_its_purpose(work: UnitOfWorkPort) -> None:
    later = replace(RESET, digest=b"later")
    await add(work, RESET, VERIFY, OF_BEN, later)

    assert await spend(work, RESET) is None
    assert [await spend(work, link) for link in (later, VERIFY, OF_BEN)] == [later, VERIFY, OF_BEN]


async def test_all_links_of_an_account_are_void_and_no_others(work: UnitOfWorkPort) -> None:
    await add(work, RESET, VERIFY, OF_BEN)
    async with work.change() as ports:
        await ports.mailed_links.void(ANA.id)

    assert [await spend(work, link) for link in (RESET, VERIFY, OF_BEN)] == [None, None, OF_BEN]


async def test_of_a_race_for_a_link_one_wins(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    await add(works[0], RESET)
    spent = await asyncio.gather(*(spend(work, RESET) for work in works * 10))

    assert [link for link in spent if link is not None] == [RESET]


async def test_a_link_spent_in_a_change_that_was_undone_is_good(work: UnitOfWorkPort) -> None:
    await add(work, RESET)
    await undone(work, lambda ports: ports.mailed_links.spend(RESET.digest, RESET.purpose, NOON))

    assert await spend(work, RESET) == RESET


async def test_links_that_expired_are_pruned_and_no_others(work: UnitOfWorkPort) -> None:
    await add(work, replace(RESET, expires_at=NOON), replace(VERIFY, expires_at=NOON + 1), OF_BEN)
    async with work.change() as ports:
        counts = [await ports.mailed_links.prune(NOON + 2, limit=limit) for limit in (1, 9, 9)]
        at_its_end = await ports.mailed_links.prune(OF_BEN.expires_at, limit=9)

    assert (counts, at_its_end) == ([1, 1, 0], 0)
    assert await spend(work, OF_BEN) == OF_BEN
