"""The audit log, for admins."""

import pytest

from tests.integration.http.conftest import OpenGateway
from tests.integration.http.people import OTHER, UNLIMITED, People


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def actions(people: People, token: str, **query: str | int) -> list[str]:
    answer = await people.get("/audit", token, **query)
    assert answer.status_code == 200, answer.text
    return [item["action"] for item in answer.json()["items"]]


async def test_who_what_target_and_origin_are_told(people: People) -> None:
    token, account_id = await people.admin(), await people.account()
    people.gateway.clock.advance(1)
    await people.patch(f"/users/{account_id}", token, active=False)
    record = (await people.get("/audit", token)).json()["items"][0]
    admin_id = (await people.get("/me", token)).json()["id"]

    assert (record["action"], record["target"]) == ("account.deactivated", f"account:{account_id}")
    assert record["actor"]["id"] == f"account:{admin_id}"
    assert record["actor"]["address"] == "203.0.113.7"
    assert record["actor"]["request_id"]


async def test_the_newest_comes_first_and_pages_go_back(people: People) -> None:
    token = await people.admin()
    people.gateway.clock.advance(1)
    await people.account()
    first = await people.get("/audit", token, limit=1)
    second = await people.get("/audit", token, limit=5, cursor=first.json()["next_cursor"])

    assert first.json()["items"][0]["action"] == "account.created"
    assert {item["action"] for item in second.json()["items"]} == {
        "account.created",
        "session.logged_in",
    }


async def test_records_are_filtered(people: People) -> None:
    token = await people.admin()
    account_id = await people.account()
    await people.post("/auth/login", email="ana@example.org", password=OTHER)
    admin_id = (await people.get("/me", token)).json()["id"]

    assert await actions(people, token, action="session.login_failed") == ["session.login_failed"]
    assert set(await actions(people, token, target=f"account:{account_id}")) == {
        "account.created",
        "session.login_failed",
    }
    assert set(await actions(people, token, actor="operator")) == {"account.created"}
    assert await actions(people, token, account=admin_id) == ["session.logged_in"]


async def test_records_are_filtered_by_time(people: People) -> None:
    token = await people.admin()
    now = "2023-11-14T22:13:20Z"  # where the clock of the tests stands

    assert await actions(people, token, since=now)
    assert await actions(people, token, until=now) == []


@pytest.mark.parametrize(
    ("name", "value"), [("action", "everything"), ("since", "yesterday"), ("limit", "0")]
)
async def test_a_filter_that_cannot_be_used_is_named(people: People, name: str, value: str) -> None:
    answer = await people.get("/audit", await people.admin(), **{name: value})

    assert (answer.status_code, answer.json()["parameter"]) == (400, name)
