"""Where mailed links lead."""

import asyncio
import re
from html.parser import HTMLParser

import pytest

from plg.domain.identity.lockouts import FREE_FAILURES
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.people import OTHER, PASSWORD, UNLIMITED, People, code

ANA = "ana@example.org"
VERIFY, RESET = "/auth/email/verify", "/auth/password/reset"


class Form(HTMLParser):
    """What a browser would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "input":
            self.fields[given["name"] or ""] = given.get("value") or ""


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def registered(people: People) -> str:
    """Register; return the token that was mailed."""
    await people.post("/auth/register", email=ANA, password=PASSWORD)
    return await people.mailed_token()


async def forgotten(people: People) -> str:
    """Forget the password; return the token that was mailed."""
    await people.account()
    await people.post("/auth/password/forgot", email=ANA)
    return await people.mailed_token()


async def is_verified(people: People) -> bool:
    return bool((await people.get("/me", await people.token())).json()["is_verified"])


async def test_a_link_leads_to_the_gateway_itself(open_: OpenGateway) -> None:
    people = People(await open_(**UNLIMITED, PUBLIC_BASE_URL="https://plg.example/gate"))
    await registered(people)

    assert (await people.link()).startswith(f"https://plg.example/gate/api/v1{VERIFY}?token=")


async def test_a_program_verifies_an_address(people: People) -> None:
    token = await registered(people)
    answer = await people.post(VERIFY, token=token)

    assert (answer.status_code, await is_verified(people)) == (204, True)


async def test_a_person_verifies_an_address(people: People) -> None:
    token = await registered(people)
    page = await people.get(f"{VERIFY}?token={token}")
    done = await people.submit(VERIFY, Form(page.text).fields)

    assert (done.status_code, "verified" in done.text) == (200, True)
    assert await is_verified(people)


async def test_looking_at_a_link_does_not_use_it(people: People) -> None:
    token = await registered(people)
    for _ in range(3):
        assert (await people.get(f"{VERIFY}?token={token}")).status_code == 200

    assert not await is_verified(people)
    assert (await people.post(VERIFY, token=token)).status_code == 204


async def test_a_program_sets_a_password(people: People) -> None:
    answer = await people.post(RESET, token=await forgotten(people), password=OTHER)

    assert answer.status_code == 204
    assert await people.token(password=OTHER)


async def test_a_person_sets_a_password(people: People) -> None:
    page = await people.get(f"{RESET}?token={await forgotten(people)}")
    done = await people.submit(RESET, {**Form(page.text).fields, "password": OTHER})

    assert (done.status_code, "is set" in done.text) == (200, True)
    assert await people.token(password=OTHER)


async def test_a_person_whose_password_is_refused_is_asked_again(people: People) -> None:
    token = await forgotten(people)
    refused = await people.submit(RESET, {"token": token, "password": "password1234567"})
    form = Form(refused.text).fields
    done = await people.submit(RESET, {**form, "password": OTHER})

    assert (refused.status_code, "common words" in refused.text) == (400, True)
    assert (form["token"], form["password"], done.status_code) == (token, "", 200)


async def test_a_person_whose_link_was_used_is_told_so(people: People) -> None:
    token = await registered(people)
    await people.post(VERIFY, token=token)
    page = await people.submit(VERIFY, {"token": token})

    assert (page.status_code, Form(page.text).fields) == (400, {})
    assert "was used, has expired" in page.text


async def test_a_program_whose_link_was_used_is_told_so(people: People) -> None:
    token = await forgotten(people)
    await people.post(RESET, token=token, password=OTHER)
    again = await people.post(RESET, token=token, password=OTHER)

    assert (again.status_code, code(again)) == (400, "invalid_link")


async def test_one_link_used_twice_at_once_works_once(people: People) -> None:
    token = await forgotten(people)
    answers = await asyncio.gather(
        *(people.post(RESET, token=token, password=OTHER) for _ in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [204, 400, 400, 400, 400]


@pytest.mark.parametrize("path", [VERIFY, RESET])
async def test_a_page_holds_nothing_that_runs_and_nobody_may_keep_or_frame_it(
    people: People, path: str
) -> None:
    page = await people.get(f"{path}?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; form-action")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "script" not in Form(page.text).tags
    assert Form(page.text).fields["token"] == '"><script>alert(1)</script>'


@pytest.mark.parametrize("query", ["", "?token=", "?token=a&token=b"])
async def test_an_incomplete_link_is_a_400(people: People, query: str) -> None:
    answer = await people.get(f"{VERIFY}{query}")

    assert (answer.status_code, answer.json()["parameter"]) == (400, "token")


@pytest.mark.parametrize(
    "form",
    [
        "token=a&token=b",
        "token=a&more=b",
        "token=%ff",
        "",
        "token=\xe9",
        "&".join(f"f{number}=1" for number in range(100)),
    ],
)
async def test_a_form_that_cannot_be_understood_is_a_400(people: People, form: str) -> None:
    answer = await people.submit(VERIFY, form)

    assert (answer.status_code, code(answer)) == (400, "invalid_request")


async def test_an_account_that_was_locked_is_opened_by_a_link(people: People) -> None:
    await people.account()
    for _ in range(FREE_FAILURES + 1):
        locked = await people.post("/auth/login", email=ANA, password=PASSWORD + "x")
    await people.post("/auth/password/forgot", email=ANA)
    await people.post(RESET, token=await people.mailed_token(), password=OTHER)

    assert locked.status_code == 429
    assert await people.token(password=OTHER)


async def test_a_letter_says_where_it_comes_from(people: People) -> None:
    await registered(people)
    (letter,) = await people.letters()

    assert (letter["From"], letter["To"]) == ("plg@localhost", ANA)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert re.search(r"It works once, for 48 hours", letter.get_content())
