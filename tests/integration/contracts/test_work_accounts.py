"""`AccountsPort`, kept by every durable database."""

from dataclasses import replace

import pytest

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import EmailTaken
from plg.domain.identity.accounts import Email, Role
from tests.integration.contracts.works import ANA, BEN

SHOUTED = Email("ANA@EXAMPLE.ORG")


async def test_what_was_added_comes_back_as_it_was(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        held = [await ports.accounts.get(account.id) for account in (ANA, BEN)]

    assert held == [ANA, BEN]
    assert held[0] is not None
    assert held[0].password_hash == ANA.password_hash


async def test_an_unknown_id_is_none(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.accounts.get("01NOBODY") is None


async def test_a_change_gets_an_account_too(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        assert await ports.accounts.get(ANA.id) == ANA


async def test_an_address_is_found_whatever_the_case_of_its_letters(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.accounts.find(SHOUTED) == ANA


async def test_of_two_that_share_an_address_each_is_found_as_it_is_spelled(
    work: UnitOfWorkPort,
) -> None:
    common = replace(BEN, id="01COMMON", email=Email("c@bücher.example"))
    exact = replace(
        BEN, id="01EXACT", email=Email("c@xn--bcher-kva.example", "c@xn--bcher-kva.example")
    )
    async with work.change() as ports:
        for account in (common, exact):
            await ports.accounts.add(account)
        await ports.accounts.replace(replace(exact, last_login_at=5.0))

    async with work.look() as ports:
        spelled = [common.email.address, "C@xn--BCHER-kva.example", "c@bücher.example."]
        found = [await ports.accounts.find(Email.named(text)) for text in spelled]
    assert [account and account.id for account in found] == ["01COMMON", "01EXACT", "01COMMON"]


async def test_accounts_are_searched_by_their_address_as_it_is_shown(work: UnitOfWorkPort) -> None:
    shown = replace(BEN, id="01SHOWN", email=Email("c@xn--strae-oqa.example"))
    async with work.change() as ports:
        await ports.accounts.add(shown)

    async with work.look() as ports:
        for search in ("xn--strae", "STRAßE"):
            assert await ports.accounts.page(after=None, limit=9, search=search) == [shown]
        assert await ports.accounts.page(after=None, limit=9, search="strasse") == []


async def test_an_unknown_address_is_none(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.accounts.find(Email("cleo@example.org")) is None


async def test_an_address_is_taken_whatever_the_case_of_its_letters(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        with pytest.raises(EmailTaken):
            await ports.accounts.add(replace(BEN, id="01OTHER", email=SHOUTED))


async def test_an_account_cannot_take_the_address_of_another(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        with pytest.raises(EmailTaken):
            await ports.accounts.replace(replace(BEN, email=SHOUTED))

    async with work.look() as ports:
        assert await ports.accounts.get(BEN.id) == BEN


async def test_an_account_may_write_its_own_address_otherwise(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.accounts.replace(replace(ANA, email=SHOUTED))

    async with work.look() as ports:
        assert await ports.accounts.find(ANA.email) == replace(ANA, email=SHOUTED)


async def test_all_of_an_account_is_replaced(work: UnitOfWorkPort) -> None:
    other = replace(
        BEN,
        email=Email("benno@example.org"),
        name="Benno",
        role=Role.ADMIN,
        is_active=False,
        is_verified=True,
        last_login_at=5.0,
        password_hash="$argon2id$ben",
    )
    async with work.change() as ports:
        await ports.accounts.replace(other)

    async with work.look() as ports:
        assert await ports.accounts.get(BEN.id) == other
        assert await ports.accounts.find(BEN.email) is None


async def test_replacing_an_account_that_is_not_there_adds_none(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.accounts.replace(replace(BEN, id="01OTHER", email=Email("c@example.org")))

    async with work.look() as ports:
        assert await ports.accounts.page(after=None, limit=9, search=None) == [ANA, BEN]


async def test_active_admins_are_active_and_admins(work: UnitOfWorkPort) -> None:
    asleep = replace(ANA, id="01ASLEEP", email=Email("d@example.org"), is_active=False)
    async with work.change() as ports:
        await ports.accounts.add(asleep)

        assert await ports.accounts.active_admins() == frozenset({ANA.id})


async def test_pages_ascend_by_id(work: UnitOfWorkPort) -> None:
    first = replace(BEN, id="01AAA", email=Email("a@example.org"))
    async with work.change() as ports:
        await ports.accounts.add(first)
    async with work.look() as ports:
        one = await ports.accounts.page(after=None, limit=2, search=None)
        rest = await ports.accounts.page(after=one[-1].id, limit=2, search=None)

    assert (one, rest) == ([first, ANA], [BEN])


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("EXAMPLE", [ANA, BEN]),
        ("ben@", [BEN]),
        ("ana m", [ANA]),
        ("MÜLL", [ANA]),
        ("cleo", []),
        ("%", []),
        ("_", []),
        ("/", []),
        ("ana%org", []),
        ("", [ANA, BEN]),
    ],
)
async def test_a_search_finds_what_contains_it(
    work: UnitOfWorkPort, search: str, found: list[object]
) -> None:
    async with work.look() as ports:
        assert await ports.accounts.page(after=None, limit=9, search=search) == found


async def test_a_search_has_pages_too(work: UnitOfWorkPort) -> None:
    async with work.look() as ports:
        assert await ports.accounts.page(after=ANA.id, limit=1, search="example") == [BEN]
