"""One call by which an operator learns whether the source of players can be used."""

import secrets
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from plg.adapters.upstream.client import SourceClient, SourceResponse
from plg.adapters.upstream.players import player_target, read_player
from plg.adapters.upstream.records import understand
from plg.application.ports.clock import ClockPort
from plg.application.ports.health import SourceProbe, SourceProbePort
from plg.domain.players import KillerBiId


@dataclass(frozen=True, slots=True)
class HttpPlayerProbe(SourceProbePort):
    """Asks for a player that cannot exist, once, without retries."""

    client: SourceClient
    clock: ClockPort

    async def probe(self) -> SourceProbe:
        key = KillerBiId(f"plg-doctor-{secrets.token_hex(8)}")
        started = self.clock.monotonic()
        response = await self.client.get(player_target(key))
        seconds = self.clock.monotonic() - started
        now = self.clock.now()
        found = understand(response, None, now, lambda body: read_player(key, body))
        date = _date(response)
        return SourceProbe(
            status=response.status,
            seconds=seconds,
            knows_every_key=found is not None,
            clock_offset=None if date is None else date - now,
        )


def _date(response: SourceResponse) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    except ValueError:
        return None
