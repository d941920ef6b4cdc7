"""Vehicles, as their source sends them."""

from collections.abc import Mapping

import httpx
import pytest

from plg.adapters.upstream.client import SourceClient
from plg.adapters.upstream.records import HttpRecordSource
from plg.adapters.upstream.retries import Retries
from plg.adapters.upstream.vehicles import HttpDynamicSource, HttpStaticSource
from plg.application.ports.records.source import Fetched, NotModified
from plg.domain.errors import SourceBroken, SourceError, SourceFailed, SourceFault
from plg.domain.records.vehicles import DynamicData, StaticData, Vin
from plg.entrypoints.simulator.app import Simulator
from tests.fakes.clock import StoppedClock
from tests.fakes.vehicles import IDA, NO_VEHICLE, TOM
from tests.integration.upstream.sources import Confirming, FixedSource, lookup_of

Source = HttpRecordSource[Vin, StaticData] | HttpRecordSource[Vin, DynamicData]
BOTH = pytest.mark.parametrize("kind", [HttpStaticSource, HttpDynamicSource])
RECORD = b' {"vin":"WVWZZZE1ZMP000001","capacity":58.00,"more":{"a":[1.0]}}\n'


def source_over(
    transport: httpx.AsyncBaseTransport,
    kind: type[HttpStaticSource | HttpDynamicSource] = HttpStaticSource,
) -> HttpStaticSource | HttpDynamicSource:
    client = SourceClient(transport, "http://source.test/api", headers={}, attempt_seconds=5.0)
    name = "vehicle_static" if kind is HttpStaticSource else "vehicle_dynamic"
    return kind(client, Retries(0), StoppedClock(), lookup_of(name))


async def ask(
    body: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    validator: str | None = None,
    vin: Vin = IDA,
) -> Fetched[StaticData] | Fetched[DynamicData] | NotModified | None:
    return await source_over(FixedSource(body, status, headers)).fetch(vin, validator)


@pytest.mark.parametrize(
    ("kind", "path"), [(HttpStaticSource, "static"), (HttpDynamicSource, "dynamic")]
)
async def test_each_record_has_a_path_of_its_own(
    kind: type[HttpStaticSource | HttpDynamicSource], path: str
) -> None:
    transport = FixedSource(b"{}")
    await source_over(transport, kind).fetch(IDA)
    (request,) = transport.requests

    assert request.method == "GET"
    assert str(request.url) == f"http://source.test/api/vehicles/{IDA.value}/{path}"


@BOTH
async def test_a_record_comes_as_it_was_sent(
    kind: type[HttpStaticSource | HttpDynamicSource],
) -> None:
    answer = await source_over(FixedSource(RECORD, headers={"ETag": '"v1"'}), kind).fetch(IDA)

    assert isinstance(answer, Fetched)
    assert (answer.record.vin, answer.record.document, answer.validator) == (IDA, RECORD, '"v1"')


@pytest.mark.parametrize(
    ("body", "vin"),
    [
        (b"{}", IDA),
        (b'{"vin":null}', IDA),
        (b'{"vin":"wvwzzze1zmp000001"}', IDA),
        (b'{"vin":" WVWZZZE1ZMP000001 "}', IDA),
        (b'{"vin":12345678901}', Vin("12345678901")),
    ],
)
async def test_a_vin_that_says_the_same_or_nothing_is_taken(body: bytes, vin: Vin) -> None:
    assert isinstance(await ask(body, vin=vin), Fetched)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", SourceFault.JSON),
        (b"{", SourceFault.JSON),
        (b"{}x", SourceFault.JSON),
        (b'{"a":01}', SourceFault.JSON),
        (b'{"a":"\xff"}', SourceFault.JSON),
        (b'{"a":"\\ud800"}', SourceFault.JSON),
        (b'{"\\ud800":1}', SourceFault.JSON),
        (b'{"vin":"\\ud800"}', SourceFault.JSON),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", SourceFault.JSON),
        (b"[]", SourceFault.SHAPE),
        (RECORD.join([b"[", b"]"]), SourceFault.SHAPE),
        (b"null", SourceFault.SHAPE),
        (b"42", SourceFault.SHAPE),
        (b'"text"', SourceFault.SHAPE),
        (b'{"vin":"5YJ3E7EBZLF000002"}', SourceFault.SHAPE),
        (b'{"vin":""}', SourceFault.SHAPE),
        (b'{"vin":1.5}', SourceFault.SHAPE),
        (b'{"vin":["WVWZZZE1ZMP000001"]}', SourceFault.SHAPE),
        (b'{"vin":true}', SourceFault.SHAPE),
    ],
)
async def test_each_broken_answer_is_told_apart(body: bytes, fault: SourceFault) -> None:
    with pytest.raises(SourceBroken) as caught:
        await ask(body)

    assert caught.value.fault is fault


async def test_another_content_type_breaks_the_contract() -> None:
    with pytest.raises(SourceBroken) as caught:
        await ask(RECORD, headers={"Content-Type": "text/html"})

    assert caught.value.fault is SourceFault.CONTENT


@pytest.mark.parametrize("status", [404, 410])
async def test_not_found_and_gone_are_no_match(status: int) -> None:
    assert await ask(b"<html>", status=status) is None


async def test_304_is_not_modified() -> None:
    assert await ask(b"", status=304, validator='"v1"') == NotModified('"v1"')


@BOTH
async def test_304_for_another_entity_tag_confirms_nothing(
    kind: type[HttpStaticSource | HttpDynamicSource],
) -> None:
    answer = await source_over(Confirming(RECORD, '"v2"'), kind).fetch(IDA, '"v1"')

    assert isinstance(answer, Fetched)
    assert (answer.record.document, answer.validator) == (RECORD, '"v2"')


async def test_304_without_a_validator_breaks_the_contract() -> None:
    with pytest.raises(SourceBroken):
        await ask(b"", status=304)


@pytest.mark.parametrize("status", [204, 301, 401, 500, 503])
async def test_any_other_status_is_a_failure(status: int) -> None:
    with pytest.raises(SourceFailed) as caught:
        await ask(RECORD, status=status)

    assert caught.value.status == status


@BOTH
async def test_the_simulator_keeps_the_contract(
    simulator: Simulator, kind: type[HttpStaticSource | HttpDynamicSource]
) -> None:
    source = source_over(_mounted(simulator), kind)
    first, other = await source.fetch(IDA), await source.fetch(TOM)

    assert isinstance(first, Fetched)
    assert isinstance(other, Fetched)
    assert first.record.document != other.record.document
    assert await source.fetch(IDA, first.validator) == NotModified(first.validator or "")
    assert await source.fetch(NO_VEHICLE) is None


@pytest.mark.parametrize(
    "fault", ["error_ratio", "garbage_ratio", "disconnect_ratio", "rate_limit_ratio"]
)
@BOTH
async def test_the_simulator_fails_on_demand(
    simulator: Simulator, kind: type[HttpStaticSource | HttpDynamicSource], fault: str
) -> None:
    simulator.control(**{fault: 1})

    with pytest.raises(SourceError):
        await source_over(_mounted(simulator), kind).fetch(IDA)


def _mounted(simulator: Simulator) -> httpx.AsyncBaseTransport:
    transport = httpx.ASGITransport(app=simulator)

    class Mounted(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            path = request.url.raw_path.removeprefix(b"/api")
            inner = httpx.Request(
                "GET", request.url.copy_with(raw_path=path), headers=request.headers
            )
            return await transport.handle_async_request(inner)

    return Mounted()
