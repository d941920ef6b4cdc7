"""Accounts that use, are billed, and get something back, in a file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from plg.application.audited_change import AuditedChange
from plg.application.ledger.closing import close
from plg.application.ledger.credit_statement import CreditStatement
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.audit import OPERATOR
from plg.domain.ledger.statements import CreditedLine, Statement
from plg.domain.ledger.usage import Operation
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered
from tests.fakes.clock import NOON, StoppedClock
from tests.fakes.remembered import NotedForgetting
from tests.fakes.usage import ANA, BEN, CENT, TARIFF, asked, charge
from tests.integration import ledgers
from tests.integration.contracts.works import sql_work
from tests.integration.sql.database import url_of

DOLLARS = replace(TARIFF, currency=Currency("USD"), plan_code="global")


def changes(work: UnitOfWorkPort, at: float = NOON) -> AuditedChange:
    return AuditedChange(work, NotedForgetting(), StoppedClock(at))


async def bill(path: Path, account_id: str = ANA, at: float = NOON) -> list[Statement]:
    """Close what the account has not been billed yet."""
    async with sql_work(url_of(path)) as work, changes(work, at)(OPERATOR) as change:
        end = await change.work.usage.end(account_id)
        return await close(change, account_id, end)


async def give_back(path: Path, number: str, lines: Sequence[CreditedLine] | None) -> Statement:
    async with sql_work(url_of(path)) as work:
        return await CreditStatement(changes(work))(number, "too much", lines, OPERATOR)


def hits(numbers: range, account: str = ANA, at: float = NOON) -> list[Operation]:
    """Return hits, each third one a miss, each fifth one in dollars."""
    found: list[Operation] = []
    for number in numbers:
        tariff = TARIFF if number % 5 else DOLLARS
        what = asked(number, account=account, tariff=tariff, vin=f"V{number % 7}", at=at)
        found.append(charge(what, Metered.HIT if number % 3 else Metered.MISS))
    return found


async def make_history(path: Path) -> None:
    """
    Have two accounts used and billed.

    Ana's records 1 to 20 and 21 to 40 are billed in two currencies each (numbers 1, 2, 4 and 5),
    41 to 45 are not; Ben's 1 to 10 are (3). Of number 1, line 1, ten cents are given back twice.
    """
    ledgers.write(path, hits(range(1, 21)))
    first = await bill(path)
    ledgers.write(path, hits(range(1, 11), BEN))
    await bill(path, BEN)
    ledgers.write(path, hits(range(21, 41)))
    await bill(path, at=NOON + 60)
    ledgers.write(path, hits(range(41, 46)))
    for _ in range(2):
        await give_back(path, first[0].number, [CreditedLine(1, 10 * CENT)])
