"""All accounts, for admins."""

import asyncio

import pytest

from plg.domain.identity.accounts import Role
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.people import UNLIMITED, People, code


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def test_accounts_come_in_pages(people: People) -> None:
    token = await people.admin()
    for number in range(4):
        await people.account(f"user{number}@example.org")
    first = await people.get("/users", token, limit=3)
    second = await people.get("/users", token, limit=3, cursor=first.json()["next_cursor"])

    assert [len(page.json()["items"]) for page in (first, second)] == [3, 2]
    assert second.json()["next_cursor"] is None
    assert 'rel="next"' in first.headers["link"]


async def test_accounts_are_found_by_a_part_of_their_address(people: People) -> None:
    token = await people.admin()
    await people.account("ben@example.org")
    found = await people.get("/users", token, q="BEN@")

    assert [account["email"] for account in found.json()["items"]] == ["ben@example.org"]


async def test_an_account_is_shown(people: People) -> None:
    token = await people.admin()
    account_id = await people.account()
    shown = await people.get(f"/users/{account_id}", token)

    assert (shown.status_code, shown.json()["email"]) == (200, "ana@example.org")
    assert "password" not in shown.text


@pytest.mark.parametrize("name", ["ana@example.org", "ANA%40Example.org."])
async def test_an_account_may_be_named_by_its_address(people: People, name: str) -> None:
    admin, account_id = await people.admin(), await people.account()
    shown = await people.get(f"/users/{name}", admin)
    changed = await people.patch(f"/users/{name}", admin, active=False)
    fleets = await people.get(f"/users/{name}/fleets", admin)
    plan = await people.get(f"/users/{name}/plan", admin)
    log = await people.get("/audit", admin, target=f"account:{account_id}")

    assert shown.json()["id"] == changed.json()["id"] == account_id
    assert [answer.status_code for answer in (fleets, plan)] == [200, 200]
    assert "account.deactivated" in {item["action"] for item in log.json()["items"]}


async def test_an_address_without_an_account_is_a_404_that_says_so(people: People) -> None:
    answer = await people.get("/users/nobody@example.org", await people.admin())

    assert (answer.status_code, code(answer)) == (404, "not_found")
    assert answer.json()["detail"] == "There is no account with this id or e-mail address."


async def test_who_is_no_admin_learns_of_no_address(people: People) -> None:
    await people.account()
    await people.account("ben@example.org")
    token = await people.token("ben@example.org")
    seen = [
        await people.get(path, token, **query)
        for name in ("ana@example.org", "nobody@example.org")
        for path, query in ((f"/users/{name}", {}), ("/billing/info", {"account": name}))
    ]

    assert {(answer.status_code, code(answer)) for answer in seen} == {(403, "insufficient_scope")}
    assert len({answer.json()["detail"] for answer in seen}) == 1


async def test_figures_of_an_account_are_asked_for_by_its_address(people: People) -> None:
    admin, account_id = await people.admin(), await people.account()
    own = await people.token()
    for token in (admin, own):
        info = await people.get("/billing/info", token, account="Ana@example.org")
        assert (info.status_code, info.json()["account_id"]) == (200, account_id)
    nobody = await people.get("/billing/info", admin, account="nobody@example.org")

    assert (nobody.status_code, "e-mail address" in nobody.json()["detail"]) == (404, True)


async def test_the_audit_log_is_asked_by_an_address(people: People) -> None:
    admin = await people.admin()
    await people.account()
    await people.token()
    found = await people.get("/audit", admin, account="ana@example.org")
    nobody = await people.get("/audit", admin, account="nobody@example.org")

    assert {item["action"] for item in found.json()["items"]} == {"session.logged_in"}
    assert nobody.json()["items"] == []


async def test_what_is_not_there_is_a_404(people: People) -> None:
    token = await people.admin()
    answers = [
        await people.get("/users/nobody", token),
        await people.patch("/users/nobody", token, active=False),
    ]

    assert [(answer.status_code, code(answer)) for answer in answers] == [(404, "not_found")] * 2


async def test_deactivating_ends_every_session_at_once(people: People) -> None:
    admin, account_id = await people.admin(), await people.account()
    token = await people.token()
    assert (await people.get("/me", token)).status_code == 200
    changed = await people.patch(f"/users/{account_id}", admin, active=False)

    assert (changed.status_code, changed.json()["is_active"]) == (200, False)
    assert (await people.get("/me", token)).status_code == 401


async def test_another_role_counts_from_the_next_log_in(people: People) -> None:
    admin, account_id = await people.admin(), await people.account()
    token = await people.token()
    changed = await people.patch(f"/users/{account_id}", admin, role="admin")

    assert changed.json()["role"] == "admin"
    assert (await people.get("/users", token)).status_code == 401
    assert (await people.get("/users", await people.token())).status_code == 200


async def test_the_last_admin_stays(people: People) -> None:
    token = await people.admin()
    me = (await people.get("/me", token)).json()["id"]
    answer = await people.patch(f"/users/{me}", token, role="user")

    assert (answer.status_code, code(answer)) == (409, "last_admin")


async def test_of_two_admins_who_deactivate_each_other_one_stays(people: People) -> None:
    ana_id = await people.account("ana@example.org", Role.ADMIN)
    ben_id = await people.account("ben@example.org", Role.ADMIN)
    ana, ben = await people.token("ana@example.org"), await people.token("ben@example.org")
    answers = await asyncio.gather(
        people.patch(f"/users/{ben_id}", ana, active=False),
        people.patch(f"/users/{ana_id}", ben, active=False),
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses in ([200, 401], [200, 409])


@pytest.mark.parametrize("path", ["/users", "/users/x", "/audit"])
async def test_who_is_no_admin_may_not_look(people: People, path: str) -> None:
    await people.account()
    answer = await people.get(path, await people.token())

    assert (answer.status_code, code(answer)) == (403, "insufficient_scope")


async def test_what_cannot_be_is_named(people: People) -> None:
    token = await people.admin()
    answer = await people.patch("/users/x", token, role="emperor")

    assert (answer.status_code, answer.json()["parameter"]) == (400, "role")
