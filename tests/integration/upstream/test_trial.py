"""One call to a source of which nothing is known yet."""

import httpx
import pytest

from plg.adapters.upstream.trial import HttpSourceTrial
from plg.application.ports.records.source_trial import SourceAddress
from plg.domain.errors import SourceBroken, SourceError
from tests.fakes.clock import StoppedClock
from tests.integration.upstream.sources import FixedSource

ADDRESS = SourceAddress("http://source.test", {"X-Key": "secret"}, 5.0)


async def ask(source: httpx.AsyncBaseTransport) -> object:
    return await HttpSourceTrial(lambda _: source, StoppedClock()).ask(ADDRESS, "/items/1")


async def test_it_asks_once_with_the_headers_of_the_source() -> None:
    source = FixedSource(b'{"id": 1}')

    assert await ask(source) == {"id": 1}
    assert [(str(each.url), each.headers["x-key"]) for each in source.requests] == [
        ("http://source.test/items/1", "secret")
    ]


@pytest.mark.parametrize("status", [404, 410])
async def test_no_record_is_none(status: int) -> None:
    assert await ask(FixedSource(b"{}", status)) is None


@pytest.mark.parametrize(
    "body", [b"", b"<p>", b"\xff", b"[" * 65 + b"]" * 65, b'"' + b"x" * (5 * 1024 * 1024) + b'"']
)
async def test_a_body_beyond_what_every_source_may_send_is_refused(body: bytes) -> None:
    with pytest.raises(SourceBroken):
        await ask(FixedSource(body))


@pytest.mark.parametrize("status", [302, 500])
async def test_a_failure_is_neither_followed_nor_tried_again(status: int) -> None:
    source = FixedSource(b"", status, {"Location": "/elsewhere"})

    with pytest.raises(SourceError):
        await ask(source)
    assert len(source.requests) == 1


def test_an_address_shows_no_secret() -> None:
    assert "secret" not in repr(ADDRESS)
