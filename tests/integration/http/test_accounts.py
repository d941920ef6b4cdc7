"""The caller's own account."""

import pytest

from plg.application.identity.identify import SERVICE
from plg.domain.errors import NotFound
from plg.entrypoints.http.api.identity.accounts import own_account
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import WITH_KEY
from tests.integration.http.people import PASSWORD, UNLIMITED, People, code


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def test_the_name_is_changed_and_taken_away(people: People) -> None:
    await people.account()
    token = await people.token()
    named = await people.patch("/me", token, name="Ana Lopez")
    unnamed = await people.patch("/me", token, name="")

    assert (named.status_code, named.json()["name"]) == (200, "Ana Lopez")
    assert unnamed.json()["name"] is None


async def test_another_address_needs_the_password_and_a_link(people: People) -> None:
    await people.account()
    token = await people.token()
    refused = await people.patch("/me", token, email="ben@example.org")
    moved = await people.patch("/me", token, email="ben@example.org", current_password=PASSWORD)

    assert (refused.status_code, refused.json()["parameter"]) == (400, "current_password")
    assert (moved.json()["email"], moved.json()["is_verified"]) == ("ben@example.org", False)
    assert {mail["To"] for mail in await people.letters()} == {"ana@example.org", "ben@example.org"}
    await people.post("/auth/email/verify", token=await people.mailed_token())
    assert (await people.get("/me", token)).json()["is_verified"]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [({"name": "a\nb"}, "name"), ({"email": "x"}, "email"), ({"role": "admin"}, "role")],
)
async def test_what_cannot_be_is_named(
    people: People, body: dict[str, object], parameter: str
) -> None:
    await people.account()
    answer = await people.patch("/me", await people.token(), **body)

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


async def test_the_service_key_has_no_account(people: People) -> None:
    async with people.gateway.client(headers=WITH_KEY) as client:
        answer = await client.get("/api/v1/me")

    assert (answer.status_code, code(answer)) == (403, "insufficient_scope")


def test_a_credential_of_nobodys_has_no_account() -> None:
    with pytest.raises(NotFound):
        own_account(SERVICE)


async def test_nobody_has_no_account(people: People) -> None:
    assert (await people.get("/me")).status_code == 401
