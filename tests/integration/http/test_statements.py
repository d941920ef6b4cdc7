"""Statements over HTTP."""

import csv
import io
from decimal import Decimal
from typing import Any

import httpx
import pytest

from plg.domain.audit import OPERATOR
from plg.domain.identity.access import Scope
from plg.domain.identity.accounts import Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.limits.rates import DAY_SECONDS
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway
from tests.integration.http.keyholders import Holder, ask, holder_in, key_in

BILLING = "/api/v1/billing"
NO_LIMITS = {
    f"RATE_LIMIT_{name}": "100000/minute"
    for name in ("CONTENT_LISTING", "BURST", "DATA_MODIFICATION", "ADMIN")
}


@pytest.fixture
async def gateway(open_: OpenGateway) -> Gateway:
    return await open_(**NO_LIMITS)


@pytest.fixture
async def admin(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "admin", Role.ADMIN)


@pytest.fixture
async def ana(gateway: Gateway) -> Holder:
    return await holder_in(gateway, "ana")


async def use(gateway: Gateway, holder: Holder, times: int = 1) -> None:
    for _ in range(times):
        assert (await ask(gateway, holder.key)).status_code == 200


async def send(
    gateway: Gateway, holder: Holder, method: str, path: str, body: object = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with gateway.client(headers={**holder.headers, **named}) as client:
        return await client.request(method, f"{BILLING}/{path}", json=body)


async def pay(gateway: Gateway, holder: Holder, **headers: str) -> Any:  # noqa: ANN401 - any JSON
    answer = await send(gateway, holder, "POST", "pay", **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_paying_gives_a_statement_of_all_that_was_used(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana, 3)
    paid = await pay(gateway, ana)
    (statement,) = paid["statements"]
    head = statement.pop("head")
    lines = statement.pop("lines")

    assert (paid["number"], paid["currency"], paid["amount"]) == ("PLG-2023-000001", "EUR", "0.30")
    assert statement == {
        "number": "PLG-2023-000001",
        "kind": "statement",
        "account_id": ana.caller.account_id,
        "currency": "EUR",
        "amount": "0.30",
        "period": {"from": "2023-11-14T22:13:20Z", "to": "2023-11-14T22:13:20Z"},
        "first_sequence": 1,
        "last_sequence": 3,
        "closed_at": "2023-11-14T22:13:20Z",
        "credited": None,
        "reason": None,
        "balance": "0.30",
    }
    assert len(bytes.fromhex(head)) == 32
    assert [(each["outcome"], each["units"], each["amount"]) for each in lines] == [
        ("hit", 2, "0.20"),
        ("miss", 1, "0.10"),
    ]
    assert lines[0] == {
        "line": 1,
        "resource": "players",
        "outcome": "hit",
        "unit_price": "0.10",
        "plan": "basic",
        "plan_version": 1,
        "units": 2,
        "records": 2,
        "amount": "0.20",
        "credits": None,
    }


async def test_where_there_is_nothing_to_bill_there_is_no_statement(
    gateway: Gateway, ana: Holder
) -> None:
    nothing: dict[str, object] = {
        "number": None,
        "currency": "EUR",
        "amount": "0.00",
        "statements": [],
    }

    assert await pay(gateway, ana) == nothing
    await use(gateway, ana)
    await pay(gateway, ana)
    assert await pay(gateway, ana) == nothing


async def test_a_key_gives_the_same_statement_again(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana)
    first = await pay(gateway, ana, Idempotency_Key="november")
    await use(gateway, ana)

    assert await pay(gateway, ana, Idempotency_Key="november") == first
    assert (await pay(gateway, ana))["number"] == "PLG-2023-000002"


@pytest.mark.parametrize("key", ["", "two words", "x" * 256])
async def test_a_key_that_cannot_be_is_refused(gateway: Gateway, ana: Holder, key: str) -> None:
    await use(gateway, ana)
    refused = await send(gateway, ana, "POST", "pay", Idempotency_Key=key)

    assert (refused.status_code, refused.json()["parameter"]) == (400, "Idempotency-Key")


async def test_statements_are_listed_and_shown(gateway: Gateway, ana: Holder) -> None:
    made = []
    for _ in range(3):
        await use(gateway, ana)
        made += (await pay(gateway, ana))["statements"]
    first = (await send(gateway, ana, "GET", "statements?limit=2")).json()
    rest = await send(gateway, ana, "GET", f"statements?limit=2&cursor={first['next_cursor']}")
    shown = await send(gateway, ana, "GET", "statements/PLG-2023-000002")

    assert [*first["items"], *rest.json()["items"]] == made[::-1]
    assert rest.json()["next_cursor"] is None
    assert shown.json() == made[1]


@pytest.mark.parametrize("number", ["PLG-2023-000009", "PLG-CN-2023-000001", "x", "%FF", "1.csv"])
async def test_a_number_that_is_not_there_is_not_found(
    gateway: Gateway, ana: Holder, number: str
) -> None:
    statuses = [
        (await send(gateway, ana, "GET", f"statements/{number}{end}")).status_code
        for end in ("", ".csv")
    ]

    assert set(statuses) == ({400} if number == "%FF" else {404})


async def test_a_statement_is_its_accounts_and_the_admins(
    gateway: Gateway, ana: Holder, admin: Holder
) -> None:
    ben = await holder_in(gateway, "ben")
    await use(gateway, ana)
    number = (await pay(gateway, ana))["number"]
    for end in ("", ".csv"):
        path = f"statements/{number}{end}"
        assert (await send(gateway, ben, "GET", path)).status_code == 404
        seen, own = [await send(gateway, each, "GET", path) for each in (admin, ana)]
        assert seen.content == own.content
        assert seen.status_code == 200


async def test_admins_close_and_list_any_account(
    gateway: Gateway, ana: Holder, admin: Holder
) -> None:
    await use(gateway, ana)
    account = f"account={ana.caller.account_id}"
    refused = await send(gateway, await holder_in(gateway, "ben"), "POST", f"pay?{account}")
    paid = (await send(gateway, admin, "POST", f"pay?{account}")).json()
    lists = [
        (await send(gateway, admin, "GET", f"statements?{query}")).json()["items"]
        for query in (account, "account=all", "")
    ]

    assert refused.status_code == 403
    assert paid["statements"][0]["account_id"] == ana.caller.account_id
    assert lists == [paid["statements"], paid["statements"], []]
    assert (await send(gateway, ana, "GET", "statements?account=all")).status_code == 403


async def test_who_only_reads_does_not_pay(gateway: Gateway, ana: Holder) -> None:
    change = KeyChange("reader", frozenset({Scope.BILLING_READ}), None)
    reader = Holder(ana.caller, (await key_in(gateway, ana.caller, change)).secret.reveal())
    await use(gateway, ana)
    refused = await send(gateway, reader, "POST", "pay")

    assert (refused.status_code, refused.json()["scope"]) == (403, "billing:write")
    assert (await send(gateway, reader, "GET", "usage")).json()["unbilled_units"] == 1


async def test_an_admin_gives_back_what_was_too_much(
    gateway: Gateway, ana: Holder, admin: Holder
) -> None:
    await use(gateway, ana, 3)
    number = (await pay(gateway, ana))["number"]
    body = {"reason": "Outdated records", "lines": [{"line": 1, "amount": "0.05"}]}
    refused = await send(gateway, ana, "POST", f"statements/{number}/credit", body)
    made = await send(gateway, admin, "POST", f"statements/{number}/credit", body)
    rest, again = [
        await send(
            gateway, admin, "POST", f"statements/{number}/credit", {"reason": "all"},
            idempotency_key="all-of-it",
        )
        for _ in range(2)
    ]  # fmt: skip
    note = made.json()

    assert (refused.status_code, made.status_code, rest.json()["amount"]) == (403, 201, "-0.25")
    assert (again.status_code, again.json()) == (201, rest.json())
    assert made.headers["location"] == "/api/v1/billing/statements/PLG-CN-2023-000001"
    assert (note["kind"], note["credited"], note["reason"]) == (
        "credit_note",
        number,
        "Outdated records",
    )
    assert (note["amount"], note["balance"], note["head"]) == ("-0.05", "0.25", None)
    assert [(each["credits"], each["amount"]) for each in note["lines"]] == [(1, "-0.05")]
    shown = await send(gateway, ana, "GET", "statements/PLG-CN-2023-000001")
    assert shown.json() == note
    assert (await send(gateway, ana, "GET", "info")).json()["total_due"] == "0.00"


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x", "lines": []}, "lines"),
        ({"reason": "x", "lines": [{"line": 9}]}, "lines"),
        ({"reason": "x", "lines": [{"line": 1, "amount": "7"}]}, "lines"),
        ({"reason": "x", "lines": [{"line": 1, "amount": "-1"}]}, "lines[0].amount"),
    ],
)
async def test_a_credit_that_cannot_be_is_named(
    gateway: Gateway, ana: Holder, admin: Holder, body: dict[str, Any], parameter: str
) -> None:
    await use(gateway, ana)
    number = (await pay(gateway, ana))["number"]
    refused = await send(gateway, admin, "POST", f"statements/{number}/credit", body)

    assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_the_csv_has_a_row_for_each_record(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana)
    await pay(gateway, ana)
    async with gateway.client(headers={**ana.headers, "X-Request-ID": "r-2"}) as client:
        await client.get("/api/v1/players/KB-000002")
    await use(gateway, ana, 2)
    number = (await pay(gateway, ana))["number"]
    answer = await send(gateway, ana, "GET", f"statements/{number}.csv")
    rows = rows_of(answer)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == f'attachment; filename="{number}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert "ratelimit" in answer.headers
    assert [row["sequence"] for row in rows] == ["2", "3", "4"]
    assert len(rows[0].pop("id")) == len(rows[0].pop("key_id")) == 26
    assert rows[0] == {
        "time": "2023-11-14T22:13:20.000Z",
        "request_id": "r-2",
        "resource": "players",
        "record_key": "KB-000002",
        "outcome": "miss",
        "unit_price": "0.10",
        "units": "1",
        "amount": "0.10",
        "currency": "EUR",
        "plan": "basic",
        "plan_version": "1",
        "sequence": "2",
        "voids": "",
    }


async def test_the_rows_of_a_statement_come_to_its_amount(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana, 7)
    paid = await pay(gateway, ana)
    rows = rows_of(await send(gateway, ana, "GET", f"statements/{paid['number']}.csv"))

    assert sum(Decimal(row["unit_price"]) * int(row["units"]) for row in rows) == Decimal(
        paid["amount"]
    )


async def test_the_csv_of_a_credit_note_has_no_rows(
    gateway: Gateway, ana: Holder, admin: Holder
) -> None:
    await use(gateway, ana)
    number = (await pay(gateway, ana))["number"]
    await send(gateway, admin, "POST", f"statements/{number}/credit", {"reason": "all"})
    answer = await send(gateway, ana, "GET", "statements/PLG-CN-2023-000001.csv")

    assert (answer.status_code, rows_of(answer)) == (200, [])
    assert answer.text.startswith("id,time,request_id,resource,record_key,outcome,unit_price,")


async def test_only_the_header_of_a_csv_can_be_asked_for(gateway: Gateway, ana: Holder) -> None:
    await use(gateway, ana)
    number = (await pay(gateway, ana))["number"]
    answer = await send(gateway, ana, "HEAD", f"statements/{number}.csv")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/csv")


async def test_records_of_an_archived_statement_are_gone_and_the_statement_stays(
    gateway: Gateway, ana: Holder
) -> None:
    await use(gateway, ana, 2)
    number = (await pay(gateway, ana))["number"]
    gateway.clock.advance(10 * DAY_SECONDS)
    folder = gateway.settings.storage.data_dir / "archive"
    before = gateway.clock.now() - 5 * DAY_SECONDS
    archiving = gateway.container.usage().archive_ledger
    report = await archiving(ana.caller.account_id, before, folder, OPERATOR)
    await gateway.container.access.follow_changes()()
    await use(gateway, ana)
    csv_answer = await send(gateway, ana, "GET", f"statements/{number}.csv")
    listed = await send(gateway, ana, "GET", f"usage/records?statement={number}")
    statement = await send(gateway, ana, "GET", f"statements/{number}")
    newest = await send(gateway, ana, "GET", "usage/records")

    assert report.removed == 2
    assert [(each.status_code, each.json()["code"]) for each in (csv_answer, listed)] == [
        (410, "archived")
    ] * 2
    assert number in csv_answer.json()["detail"]
    assert statement.status_code == 200
    assert [each["sequence"] for each in newest.json()["items"]] == [3]
    assert newest.json()["next_cursor"] is None
