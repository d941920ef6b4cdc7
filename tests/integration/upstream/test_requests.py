"""What the source is asked."""

import pytest

from plg import __version__
from plg.application.ports.tracing import current_traceparent
from plg.domain.errors import SourceFailed
from plg.domain.records.players import KillerBiId
from tests.fakes.entries import ANA
from tests.integration.upstream.sources import FixedSource, source_over

SECRET = "s3cret-of-the-source"


@pytest.fixture
def transport() -> FixedSource:
    return FixedSource()


async def test_it_is_a_get_with_the_key(transport: FixedSource) -> None:
    await source_over(transport, "http://source.test/api").fetch(ANA)
    (request,) = transport.requests

    assert (request.method, str(request.url)) == (
        "GET",
        "http://source.test/api/players?killer_bi_id=KB-000001",
    )


async def test_a_slash_after_the_base_address_does_not_matter(transport: FixedSource) -> None:
    await source_over(transport, "http://source.test/api/").fetch(ANA)

    assert transport.requests[0].url.path == "/api/players"


async def test_every_character_of_a_key_is_escaped(transport: FixedSource) -> None:
    await source_over(transport).fetch(KillerBiId("a b&c=d+e%2F/é?#"))

    assert transport.requests[0].url.query == b"killer_bi_id=a%20b%26c%3Dd%2Be%252F%2F%C3%A9%3F%23"


async def test_it_says_what_it_understands_and_who_it_is(transport: FixedSource) -> None:
    await source_over(transport).fetch(ANA)
    headers = transport.requests[0].headers

    assert (headers["accept"], headers["accept-encoding"], headers["user-agent"]) == (
        "application/json",
        "gzip, deflate",
        f"plg/{__version__}",
    )


async def test_a_validator_is_sent(transport: FixedSource) -> None:
    await source_over(transport).fetch(ANA, 'W/"v1"')

    assert transport.requests[0].headers["if-none-match"] == 'W/"v1"'


async def test_without_a_validator_the_request_is_unconditional(transport: FixedSource) -> None:
    await source_over(transport).fetch(ANA)

    assert "if-none-match" not in transport.requests[0].headers


async def test_a_validator_is_sent_for_one_request_only(transport: FixedSource) -> None:
    source = source_over(transport)
    await source.fetch(ANA, '"v1"')
    await source.fetch(ANA)

    assert "if-none-match" not in transport.requests[1].headers


async def test_the_sources_own_headers_are_sent(transport: FixedSource) -> None:
    headers = {"X-Api-Key": SECRET, "accept": "application/vnd.source+json"}
    await source_over(transport, headers=headers).fetch(ANA)
    sent = transport.requests[0].headers

    assert (sent["x-api-key"], sent.get_list("accept")) == (SECRET, ["application/vnd.source+json"])


async def test_the_sources_own_headers_are_never_shown() -> None:
    source = source_over(FixedSource(status=401), headers={"X-Api-Key": SECRET})
    with pytest.raises(SourceFailed) as caught:
        await source.fetch(ANA)

    assert SECRET not in repr(source) + repr(source.client) + repr(caught.value)


async def test_the_trace_is_carried_along(transport: FixedSource) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    token = current_traceparent.set(trace)
    await source_over(transport).fetch(ANA)
    current_traceparent.reset(token)

    assert transport.requests[0].headers["traceparent"] == trace


async def test_without_a_trace_none_is_made_up(transport: FixedSource) -> None:
    await source_over(transport).fetch(ANA)

    assert "traceparent" not in transport.requests[0].headers


async def test_cookies_are_not_kept() -> None:
    transport = FixedSource(headers={"Set-Cookie": "session=1; Path=/"})
    source = source_over(transport)
    await source.fetch(ANA)
    await source.fetch(ANA)

    assert "cookie" not in transport.requests[1].headers
