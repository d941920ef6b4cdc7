"""Problems, and the pages that explain them."""

import httpx
import pytest

from plg.domain.errors import PlgError
from plg.entrypoints.http.protocol.problem_kinds import KINDS
from tests.integration.http.gateway import Gateway


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/nowhere", "not_found"),
        ("/api/", "invalid_parameter"),
        ("/api/v1/players/KB-999999", "no_match"),
        ("/problems/nonsense", "not_found"),
        ("/api/docs/assets/nothing", "not_found"),
    ],
)
async def test_a_failure_is_a_problem(gateway: Gateway, target: str, code: str) -> None:
    answer = await gateway.get(target)
    body = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert body["type"] == f"/problems/{code}"
    assert body["title"] == KINDS[code].title
    assert body["status"] == answer.status_code == KINDS[code].status
    assert body["detail"].endswith(".")
    assert body["code"] == code
    assert body["request_id"] == answer.headers["x-request-id"]


async def test_each_code_has_a_page(gateway: Gateway) -> None:
    async with gateway.client(headers={}) as client:
        pages = {
            f"{code}{slash}": (code, await client.get(f"/problems/{code}{slash}"))
            for code in KINDS
            for slash in ("", "/")
        }

    assert [path for path, (code, page) in pages.items() if not is_page_of(code, page)] == []


def is_page_of(code: str, page: httpx.Response) -> bool:
    return (
        page.status_code == 200
        and page.headers["content-type"] == "text/html; charset=utf-8"
        and f"<code>{code}</code>" in page.text
        and KINDS[code].title in page.text
        and "`" not in page.text
        and page.text.count("<code>") == 1 + (KINDS[code].when + KINDS[code].advice).count("`") // 2
    )


def test_each_failure_that_can_be_raised_has_a_kind() -> None:
    def leaves(of: type[PlgError]) -> list[type[PlgError]]:
        return [leaf for kind in of.__subclasses__() for leaf in leaves(kind)] or [of]

    codes = {leaf.code for leaf in leaves(PlgError) if leaf.__module__.startswith("plg.")}

    assert codes <= KINDS.keys()


def test_each_kind_says_when_it_comes_and_what_to_do() -> None:
    for kind in KINDS.values():
        assert kind.when.endswith(".")
        assert kind.advice.endswith(".")
        assert not kind.title.endswith(".")
