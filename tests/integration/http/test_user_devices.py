"""The devices and sessions of any account, for admins."""

import pytest

from plg.application.devices.register_device import NewDevice
from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import USER_SCOPES
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.people import UNLIMITED, People, code


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def with_devices(people: People, *device_ids: str) -> str:
    """Make an account with devices; return its id."""
    account_id = await people.account()
    register = people.gateway.container.devices().register
    for device_id in device_ids:
        await register(NewDevice.parse(device_id), account_id, USER_SCOPES, OPERATOR)
    return account_id


async def test_the_devices_of_an_account_come_in_pages(people: People) -> None:
    admin, account_id = await people.admin(), await with_devices(people, "till-1", "till-2")
    path = f"/users/{account_id}/devices"
    first = (await people.get(path, admin, limit=1)).json()
    second = (await people.get(path, admin, limit=1, cursor=first["next_cursor"])).json()

    shown = [item["device_id"] for page in (first, second) for item in page["items"]]
    assert (shown, second["next_cursor"]) == (["till-1", "till-2"], None)


async def test_a_device_is_revoked(people: People) -> None:
    admin, account_id = await people.admin(), await with_devices(people, "till-1", "till-2")
    answer = await people.delete(f"/users/{account_id}/devices/till-1", admin)
    items = (await people.get(f"/users/{account_id}/devices", admin)).json()["items"]

    assert answer.status_code == 204
    assert [item["revoked_at"] is None for item in items] == [False, True]


async def test_who_revoked_it_is_written_down(people: People) -> None:
    admin, account_id = await people.admin(), await with_devices(people, "till-1")
    await people.delete(f"/users/{account_id}/devices/till-1", admin)
    (record,) = (await people.get("/audit", admin, action="device.revoked")).json()["items"]

    me = (await people.get("/me", admin)).json()["id"]
    assert (record["target"], record["actor"]["id"]) == ("device:till-1", f"account:{me}")


async def test_what_is_not_there_is_a_404(people: People) -> None:
    admin, account_id = await people.admin(), await with_devices(people, "till-1")
    me = (await people.get("/me", admin)).json()["id"]
    answers = [
        await people.get("/users/nobody/devices", admin),
        await people.delete(f"/users/{account_id}/devices/till-9", admin),
        await people.delete(f"/users/{me}/devices/till-1", admin),
        await people.post("/users/nobody/end-sessions", admin),
    ]

    assert [(answer.status_code, code(answer)) for answer in answers] == [(404, "not_found")] * 4


async def test_ending_sessions_logs_an_account_out_everywhere(people: People) -> None:
    admin, account_id = await people.admin(), await people.account()
    tokens = [await people.token() for _ in range(2)]
    before = [(await people.get("/me", token)).status_code for token in tokens]
    answer = await people.post(f"/users/{account_id}/end-sessions", admin)
    after = [(await people.get("/me", token)).status_code for token in tokens]

    assert (answer.status_code, answer.json()) == (200, {"ended": 2})
    assert (before, after) == ([200, 200], [401, 401])
    assert (await people.get("/me", admin)).status_code == 200
