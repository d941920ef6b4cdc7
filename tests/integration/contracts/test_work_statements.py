"""`StatementsPort`, kept by every durable database."""

import asyncio
from dataclasses import replace

from plg.application.ports.ledger.statements import Place
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.ledger.statements import Span, Statement, StatementKind
from plg.domain.money import NANOS_MAX, Currency
from tests.fakes.billing import FIRST, HITS, NOTE, statement
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN
from tests.integration.contracts.works import undone

STATEMENT, CREDIT_NOTE = StatementKind


async def add(work: UnitOfWorkPort, *statements: Statement) -> None:
    async with work.change() as ports:
        for each in statements:
            await ports.statements.add(each)


async def numbers(
    work: UnitOfWorkPort, account_id: str | None, before: int | None = None, limit: int = 9
) -> list[int]:
    async with work.look() as ports:
        page = await ports.statements.page(account_id, before=before, limit=limit)
        return [each.position for each in page]


async def take(work: UnitOfWorkPort, kind: StatementKind = STATEMENT) -> Place:
    async with work.change() as ports:
        return await ports.statements.next_place(kind)


async def test_each_kind_is_numbered_and_all_have_a_position(work: UnitOfWorkPort) -> None:
    kinds = (STATEMENT, STATEMENT, CREDIT_NOTE, STATEMENT, CREDIT_NOTE)

    assert [await take(work, kind) for kind in kinds] == [(1, 1), (2, 2), (1, 3), (3, 4), (2, 5)]


async def test_numbers_of_one_change_follow_each_other(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        taken = [await ports.statements.next_place(kind) for kind in (*StatementKind, STATEMENT)]

    assert taken == [(1, 1), (1, 2), (2, 3)]


async def test_a_number_that_is_undone_is_taken_again(work: UnitOfWorkPort) -> None:
    await take(work)
    await undone(work, lambda ports: ports.statements.next_place(STATEMENT))
    await undone(work, lambda ports: ports.statements.next_place(CREDIT_NOTE))

    assert await take(work) == (2, 2)


async def test_two_processes_never_take_one_number(
    works: tuple[UnitOfWorkPort, UnitOfWorkPort],
) -> None:
    ours, theirs = works
    taken = await asyncio.gather(*(take(work) for _ in range(10) for work in (ours, theirs)))

    assert sorted(place.serial for place in taken) == list(range(1, 21))


async def test_statements_and_credit_notes_come_back_as_they_were(work: UnitOfWorkPort) -> None:
    await add(work, FIRST, NOTE)

    async with work.look() as ports:
        assert await ports.statements.get(FIRST.number) == FIRST
        assert await ports.statements.get(NOTE.number) == NOTE
        assert await ports.statements.get("PLG-2023-000009") is None


async def test_the_decimals_that_a_statement_states_come_back(work: UnitOfWorkPort) -> None:
    shillings = Currency("UGX", 2)
    async with work.change() as ports:
        await ports.statements.add(replace(FIRST, currency=shillings))
        found = await ports.statements.get(FIRST.number)

    assert found is not None
    assert found.currency.text(0) == shillings.text(0) == "0.00"


async def test_amounts_go_beyond_what_databases_count(work: UnitOfWorkPort) -> None:
    huge = replace(HITS, unit_price=NANOS_MAX, units=10**9, amount=NANOS_MAX * 10**9)
    credited = replace(FIRST, lines=(huge, huge), balance=-huge.amount * 10**6)
    await add(work, credited)

    async with work.look() as ports:
        assert await ports.statements.get(FIRST.number) == credited
        assert await ports.statements.balances(ANA) == {"EUR": -huge.amount * 10**6}


async def test_a_statement_may_have_no_line(work: UnitOfWorkPort) -> None:
    await add(work, replace(FIRST, lines=()))

    async with work.look() as ports:
        assert await ports.statements.get(FIRST.number) == replace(FIRST, lines=())


async def test_pages_come_newest_first(work: UnitOfWorkPort) -> None:
    await add(work, *(statement(n, account_id=BEN if n == 2 else ANA) for n in range(1, 5)))

    assert await numbers(work, ANA) == [4, 3, 1]
    assert await numbers(work, ANA, limit=2) == [4, 3]
    assert await numbers(work, ANA, before=3) == [1]
    assert await numbers(work, BEN) == [2]
    assert await numbers(work, None) == [4, 3, 2, 1]
    assert await numbers(work, None, before=3) == [2, 1]


async def test_credit_notes_of_a_statement_come_oldest_first(work: UnitOfWorkPort) -> None:
    second = replace(NOTE, number="PLG-CN-2023-000002", position=3)
    others = replace(NOTE, number="PLG-CN-2023-000003", position=4, credited="PLG-2023-000002")
    await add(work, FIRST, NOTE, second, others)

    async with work.look() as ports:
        assert await ports.statements.credits_of(FIRST.number) == [NOTE, second]
        assert await ports.statements.credits_of(NOTE.number) == []


async def test_a_balance_is_that_of_the_newest_in_its_currency(work: UnitOfWorkPort) -> None:
    dollars = statement(3, currency=Currency("USD"), balance=7)
    await add(work, FIRST, NOTE, dollars, statement(4, account_id=BEN, balance=1))

    async with work.look() as ports:
        assert await ports.statements.balances(ANA) == {"EUR": NOTE.balance, "USD": 7}
        assert await ports.statements.balances("nobody") == {}


async def test_a_record_is_covered_by_one_statement_of_its_currency(work: UnitOfWorkPort) -> None:
    dollars = replace(
        FIRST, number="PLG-2023-000003", position=3, currency=Currency("USD"), span=FIRST.span
    )
    later = statement(4, currency=Currency("EUR"))
    later = replace(later, span=Span(16, 20, 1, 2, b"h" * 32))
    await add(work, FIRST, NOTE, dollars, later, statement(5, account_id=BEN))

    async with work.look() as ports:
        covered = {
            bounds: [each.number[-1] for each in await ports.statements.covering(ANA, *bounds)]
            for bounds in ((1, 1), (15, 15), (15, 16), (16, 99), (21, 99))
        }
    assert covered == {
        (1, 1): ["1", "3"],
        (15, 15): ["1", "3"],
        (15, 16): ["1", "3", "4"],
        (16, 99): ["4"],
        (21, 99): [],
    }


async def test_a_key_is_bound_to_what_was_made_under_it_first(work: UnitOfWorkPort) -> None:
    async with work.change() as ports:
        await ports.statements.note_closing(ANA, "k", ("PLG-2023-000001", "PLG-2023-000002"), NOON)
        await ports.statements.note_closing(ANA, "k", ("PLG-2023-000003",), NOON)
        await ports.statements.note_closing(ANA, "nothing", (), NOON)

    async with work.look() as ports:
        found = [
            await ports.statements.closing(account_id, key)
            for account_id, key in ((ANA, "k"), (ANA, "nothing"), (ANA, "K"), (BEN, "k"))
        ]
    assert found == [("PLG-2023-000001", "PLG-2023-000002"), (), None, None]


async def test_what_was_undone_is_not_there(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.statements.add(FIRST))
    await undone(work, lambda ports: ports.statements.note_closing(ANA, "k", (), NOON))

    assert await numbers(work, None) == []
    async with work.look() as ports:
        assert await ports.statements.closing(ANA, "k") is None
