"""Register, log in, and one's own password."""

import asyncio

import pytest

from plg.domain.identity.lockouts import FREE_FAILURES
from tests.integration.http.conftest import OpenGateway
from tests.integration.http.people import OTHER, PASSWORD, UNLIMITED, People, code
from tests.integration.mail.servers import Mailbox, serving

ANA = "ana@example.org"


@pytest.fixture
async def people(open_: OpenGateway) -> People:
    return People(await open_(**UNLIMITED))


async def test_who_registers_can_log_in(people: People) -> None:
    registered = await people.post("/auth/register", email=ANA, password=PASSWORD, name="Ana")
    me = await people.get("/me", await people.token())

    assert (registered.status_code, registered.headers["cache-control"]) == (201, "no-store")
    assert me.json() == {**registered.json(), "last_login_at": me.json()["last_login_at"]}
    assert registered.json().keys() == {
        "id",
        "email",
        "name",
        "role",
        "is_active",
        "is_verified",
        "created_at",
        "last_login_at",
    }


@pytest.mark.parametrize("path", ["/auth/login", "/auth/token"])
@pytest.mark.parametrize("member", ["email", "username"])
async def test_a_log_in_answers_a_pair_of_tokens(people: People, path: str, member: str) -> None:
    await people.account()
    answer = await people.post(path, **{member: ANA, "password": PASSWORD})

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 900


async def test_an_address_is_registered_once(people: People) -> None:
    await people.account()
    answer = await people.post("/auth/register", email="ANA@Example.org", password=OTHER)

    assert (answer.status_code, code(answer)) == (409, "email_taken")


async def test_a_password_that_would_be_guessed_is_refused_with_its_reason(people: People) -> None:
    answer = await people.post("/auth/register", email=ANA, password="password1234567")

    assert (answer.status_code, code(answer)) == (400, "weak_password")
    assert "common words" in answer.json()["detail"]


async def test_where_registration_is_closed_nobody_registers(open_: OpenGateway) -> None:
    people = People(await open_(REGISTRATION="closed"))
    answer = await people.post("/auth/register", email=ANA, password=PASSWORD)

    assert (answer.status_code, code(answer)) == (403, "registration_closed")


async def test_a_wrong_password_and_an_unknown_address_answer_alike(people: People) -> None:
    await people.account()
    wrong = await people.post("/auth/login", email=ANA, password=OTHER)
    unknown = await people.post("/auth/login", email="nobody@example.org", password=OTHER)
    bodies = [{**answer.json(), "request_id": ""} for answer in (wrong, unknown)]

    assert (wrong.status_code, code(wrong)) == (401, "invalid_login")
    assert bodies[0] == bodies[1]
    assert wrong.headers["www-authenticate"] == 'Bearer realm="plg"'
    assert wrong.headers.keys() == unknown.headers.keys()


async def test_too_many_failures_have_to_wait_whether_there_is_an_account_or_not(
    people: People,
) -> None:
    await people.account()
    answers = []
    for email in (ANA, "nobody@example.org"):
        for _ in range(FREE_FAILURES + 1):
            last = await people.post("/auth/login", email=email, password=OTHER)
        answers.append((last.status_code, code(last), last.headers["retry-after"]))

    assert answers == [(429, "too_many_attempts", "1")] * 2


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"password": PASSWORD}, "invalid_parameter"),
        ({"email": ANA}, "invalid_parameter"),
        ({"email": ANA, "username": "ben@example.org", "password": PASSWORD}, "invalid_request"),
        ({"email": "ana", "password": PASSWORD}, "invalid_parameter"),
        ({"email": ANA, "password": PASSWORD, "more": 1}, "invalid_parameter"),
        ({"email": ANA, "password": 7}, "invalid_parameter"),
    ],
)
async def test_a_log_in_that_cannot_be_understood_is_a_400(
    people: People, body: dict[str, object], wanted: str
) -> None:
    answer = await people.post("/auth/login", **body)

    assert (answer.status_code, code(answer)) == (400, wanted)
    assert PASSWORD not in answer.text


async def test_where_addresses_must_be_verified_nobody_else_logs_in(open_: OpenGateway) -> None:
    people = People(await open_(**UNLIMITED, REQUIRE_VERIFIED_EMAIL="on"))
    await people.post("/auth/register", email=ANA, password=PASSWORD)
    refused = await people.post("/auth/login", email=ANA, password=PASSWORD)
    await people.post("/auth/email/verify", token=await people.mailed_token())

    assert (refused.status_code, code(refused)) == (403, "email_unverified")
    assert await people.token()


async def test_another_password_ends_every_session(people: People) -> None:
    await people.account()
    token = await people.token()
    changed = await people.post(
        "/auth/password/change", token, current_password=PASSWORD, password=OTHER
    )

    assert (changed.status_code, changed.content) == (204, b"")
    assert (await people.get("/me", token)).status_code == 401
    assert await people.token(password=OTHER)


async def test_another_password_needs_the_current_one(people: People) -> None:
    await people.account()
    token = await people.token()
    answer = await people.post(
        "/auth/password/change", token, current_password=OTHER, password=OTHER
    )

    assert (answer.status_code, answer.json()["parameter"]) == (400, "current_password")
    assert (await people.get("/me", token)).status_code == 200


async def test_forgetting_answers_alike_whether_there_is_an_account_or_not(people: People) -> None:
    await people.account()
    known = await people.post("/auth/password/forgot", email=ANA)
    unknown = await people.post("/auth/password/forgot", email="nobody@example.org")

    assert (known.status_code, unknown.status_code) == (204, 204)
    assert known.headers.keys() == unknown.headers.keys()
    assert [mail["To"] for mail in await people.letters()] == [ANA]


async def test_a_verification_is_mailed_again_to_who_is_logged_in(people: People) -> None:
    await people.post("/auth/register", email=ANA, password=PASSWORD)
    token = await people.token()
    answer = await people.post("/auth/email/resend", token)

    assert (answer.status_code, len(await people.letters())) == (204, 2)


@pytest.mark.parametrize("path", ["/auth/password/change", "/auth/email/resend"])
async def test_what_is_the_owners_needs_a_credential(people: People, path: str) -> None:
    assert (await people.post(path)).status_code == 401


async def test_log_ins_count_against_the_address(open_: OpenGateway) -> None:
    people = People(await open_(RATE_LIMIT_AUTH_TOKEN="2/minute"))
    answers = [
        await people.post("/auth/login", email=f"user{number}@example.org", password=OTHER)
        for number in range(3)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert code(answers[-1]) == "rate_exceeded"


async def test_guesses_at_once_are_counted(people: People) -> None:
    await people.account()
    answers = await asyncio.gather(
        *(people.post("/auth/login", email=ANA, password=OTHER) for _ in range(12))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * FREE_FAILURES + [429] * (12 - FREE_FAILURES)


async def test_with_a_mail_server_set_mail_goes_there(open_: OpenGateway) -> None:
    async with serving(Mailbox()) as box:
        mail = {"SMTP_HOST": "localhost", "SMTP_PORT": str(box.port), "SMTP_TLS": "off"}
        people = People(await open_(**UNLIMITED, **mail))
        await people.post("/auth/register", email=ANA, password=PASSWORD)
        assert await people.letters() == []

    assert [envelope.rcpt_tos for envelope in box.envelopes] == [[ANA]]


async def test_what_is_refused_before_anything_is_checked_uses_up_no_log_ins(
    open_: OpenGateway,
) -> None:
    people = People(await open_(RATE_LIMIT_AUTH_TOKEN="2/minute"))
    await people.account()
    refused = [
        await people.post("/auth/login", email="ana@example.org"),
        await people.post("/auth/login", email="ana", password=PASSWORD),
        await people.post("/auth/login", mail="ana@example.org", password=PASSWORD),
        await people.post("/auth/register", email="ben@example.org", password="password"),
    ]

    assert [answer.status_code for answer in refused] == [400] * 4
    assert await people.token()


async def test_what_is_refused_counts_against_the_address(open_: OpenGateway) -> None:
    people = People(await open_(RATE_LIMIT_BURST="2/minute"))
    refused = [await people.post("/auth/login", email="ana") for _ in range(3)]

    assert [answer.status_code for answer in refused] == [400, 400, 429]
