"""The page on billing counts as the gateway does, and its requests are answered as it shows."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from plg.container import Container, prepare, running
from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import Email, Role
from plg.domain.ledger.statements import Statement
from plg.domain.ledger.usage import Asked
from plg.domain.money import Currency, parse_nanos
from plg.domain.plans.plans import Metered, Unit
from plg.entrypoints.http.assembly import build_app
from tests.docs.pages import page, rows
from tests.docs.test_conversation import (
    EASY,
    PASSWORD,
    admin_token,
    filled,
    learned,
    turns_of,
)
from tests.docs.test_examples import shape
from tests.docs.world import container_in
from tests.fakes import memory_usage
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, TARIFF, asked, charge
from tests.unit.billing.paying import Paying

PAGE = page("billing.md")
EXAMPLES = [heading for heading in PAGE.headings() if heading.startswith("Example: ")]
_AMOUNT = re.compile(r"^Amount: ([0-9.]+) ([A-Z]{3})(, no statement)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Used:
    """A row of what was used."""

    resource: str
    metered: Metered
    unit: Unit
    answers: int
    vehicles: int
    taken_back: int
    price: int

    def asked(self, number: int, currency: Currency) -> Asked:
        prices = dict.fromkeys(Metered, self.price)
        tariff = replace(TARIFF, currency=currency, unit=self.unit, prices=prices)
        vin = f"WVWZZZ1KZAW{number % self.vehicles:06}" if self.vehicles else None
        return asked(number, tariff=tariff, vin=vin, at=NOON)._replace(resource=self.resource)


def used_in(text: str) -> list[Used]:
    return [
        Used(
            row[0],
            Metered(row[1]),
            Unit(row[2]),
            int(row[3]),
            int(row[4] or 0),
            int(row[5]),
            parse_nanos(row[6]),
        )
        for row in rows(text)
        if len(row) == 7
    ]


def lines_in(text: str) -> list[list[str]]:
    return [row for row in rows(text) if len(row) == 5]


def lines_of(statement: Statement) -> list[list[str]]:
    text = statement.currency.text
    return [
        [each.resource, each.metered, str(each.units), text(each.unit_price), text(each.amount)]
        for each in statement.lines
    ]


@pytest.mark.parametrize("heading", EXAMPLES)
async def test_an_example_adds_up_as_the_page_says(heading: str) -> None:
    text = PAGE.section(f"### {heading}")
    found = _AMOUNT.search(text)
    assert found is not None
    amount, currency, has_no_statement = found[1], Currency(found[2]), bool(found[3])
    paying, count = Paying(), 0
    for used in used_in(text):
        ids = []
        for _ in range(used.answers):
            what = used.asked(count, currency)
            memory_usage.submit(paying.work.tables, [charge(what, used.metered)])
            ids.append(what.id)
            count += 1
        for record_id in ids[: used.taken_back]:
            paying.take_back(record_id)
    statements = await paying.pay()

    assert used_in(text)
    assert [currency.text(each.amount) for each in statements] == [amount] * (not has_no_statement)
    assert [lines_of(each) for each in statements] == [lines_in(text)] * (not has_no_statement)
    assert not has_no_statement or lines_in(text) == []
    assert {each.account_id for each in statements} <= {ANA}


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    container = container_in(tmp_path, EASY)
    await prepare(container)
    async with running(container):
        yield container


async def test_requests_are_answered_as_the_page_shows(container: Container) -> None:
    transport = httpx.ASGITransport(build_app(container))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        known = {
            "admin_token": await admin_token(container, client),
            "access_token": await access_token(container, client),
        }
        headers = {"Authorization": f"Bearer {known['access_token']}"}
        made = await client.post("/api/v1/api-keys", json={"name": "reports"}, headers=headers)
        for _ in range(12):
            key = {"X-API-Key": made.json()["key"]}
            answer = await client.get("/api/v1/players/KB-000001", headers=key)
            assert answer.status_code == 200, answer.text
        for turn in turns_of(PAGE):
            request = filled(turn, known, container.settings().storage.data_dir)
            answer = await client.request(
                request.method, request.target, headers=request.headers, content=request.body
            )
            told = f"{turn.method} {turn.target}: {answer.text}"
            assert answer.status_code == turn.status, told
            if turn.answer is not None:
                assert shape(turn.answer) == shape(answer.json()), told
                known |= learned(answer.json())


async def access_token(container: Container, client: httpx.AsyncClient) -> str:
    create = container.accounts().create_account
    await create(Email.parse("ana@example.org"), "Ana Lopez", Role.USER, PASSWORD, OPERATOR)
    body = {"email": "ana@example.org", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/login", json=body)
    return str(answer.json()["access_token"])
