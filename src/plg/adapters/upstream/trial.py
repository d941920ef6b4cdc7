"""One call to a source over HTTP of which nothing is known yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from plg.adapters.upstream.client import SourceClient
from plg.adapters.upstream.documents import check_text
from plg.adapters.upstream.records import understand
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.source import Fetched
from plg.application.ports.records.source_trial import SourceAddress, SourceTrialPort
from plg.domain.errors import SourceBroken, SourceFault

CONNECTIONS = 1


@dataclass(frozen=True, slots=True)
class HttpSourceTrial(SourceTrialPort):
    """Asks under the bounds that every source has; each call has a connection of its own."""

    transport_of: Callable[[int], httpx.AsyncBaseTransport]
    clock: ClockPort

    async def ask(self, address: SourceAddress, target: str) -> Any:  # noqa: ANN401 - any JSON
        client = SourceClient(
            self.transport_of(CONNECTIONS),
            address.base_url,
            headers=address.headers,
            attempt_seconds=address.timeout_seconds,
        )
        try:
            response = await client.get(target)
        finally:
            await client.aclose()
        found = understand(response, None, self.clock.now(), lambda body: body)
        return _value(found.record) if isinstance(found, Fetched) else None


def _value(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    check_text(body)
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceBroken(SourceFault.JSON, str(error)) from error
