"""One call by which an operator learns whether a source can be used."""

import secrets
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from plg.adapters.upstream.client import SourceClient, SourceResponse
from plg.adapters.upstream.players import read_player
from plg.adapters.upstream.records import understand
from plg.adapters.upstream.vehicles import read_static
from plg.application.ports.clock import ClockPort
from plg.application.ports.health import SourceProbe, SourceProbePort
from plg.domain.records.declared.resources import HttpLookup
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin


@dataclass(frozen=True, slots=True)
class HttpProbe(SourceProbePort):
    """Asks for a record that cannot exist, once, without retries."""

    client: SourceClient
    clock: ClockPort
    lookup: HttpLookup

    async def probe(self) -> SourceProbe:
        started = self.clock.monotonic()
        key, finds = self.made_up(secrets.token_hex(8))
        response = await self.client.get(self.lookup.target_of(key))
        seconds = self.clock.monotonic() - started
        now = self.clock.now()
        found = understand(response, None, now, finds)
        date = _date(response)
        return SourceProbe(
            status=response.status,
            seconds=seconds,
            knows_every_key=found is not None,
            clock_offset=None if date is None else date - now,
        )

    @abstractmethod
    def made_up(self, part: str) -> tuple[str, Callable[[bytes], object | None]]:
        """Return a key with this in it, and what reads its record in the body of an answer."""


class HttpPlayerProbe(HttpProbe):
    """Asks for a player."""

    __slots__ = ()

    def made_up(self, part: str) -> tuple[str, Callable[[bytes], object | None]]:
        key = KillerBiId(f"plg-doctor-{part}")
        return key.value, lambda body: read_player(key, body)


class HttpVehicleProbe(HttpProbe):
    """Asks what a vehicle is: nobody builds one under this VIN, and ours simulates none."""

    __slots__ = ()

    def made_up(self, part: str) -> tuple[str, Callable[[bytes], object | None]]:
        vin = Vin.parse(f"PLG{part}00")
        return vin.value, lambda body: read_static(vin, body)


def _date(response: SourceResponse) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    except ValueError:
        return None
