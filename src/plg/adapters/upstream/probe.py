"""One call by which an operator learns whether a source can be used."""

import secrets
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from plg.adapters.upstream.client import SourceClient, SourceResponse
from plg.adapters.upstream.players import player_target, read_player
from plg.adapters.upstream.records import understand
from plg.adapters.upstream.vehicles import read_static, static_target
from plg.application.ports.clock import ClockPort
from plg.application.ports.health import SourceProbe, SourceProbePort
from plg.domain.records.players import KillerBiId
from plg.domain.records.vehicles import Vin


@dataclass(frozen=True, slots=True)
class HttpProbe(SourceProbePort):
    """Asks for a record that cannot exist, once, without retries."""

    client: SourceClient
    clock: ClockPort

    async def probe(self) -> SourceProbe:
        started = self.clock.monotonic()
        response, finds = await self.ask(secrets.token_hex(8))
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
    async def ask(self, made_up: str) -> tuple[SourceResponse, Callable[[bytes], object | None]]:
        """Ask for a key with this in it; return the answer, and what reads a record in it."""


class HttpPlayerProbe(HttpProbe):
    """Asks for a player."""

    __slots__ = ()

    async def ask(self, made_up: str) -> tuple[SourceResponse, Callable[[bytes], object | None]]:
        key = KillerBiId(f"plg-doctor-{made_up}")
        return await self.client.get(player_target(key)), lambda body: read_player(key, body)


class HttpVehicleProbe(HttpProbe):
    """Asks what a vehicle is: nobody builds one under this VIN, and ours simulates none."""

    __slots__ = ()

    async def ask(self, made_up: str) -> tuple[SourceResponse, Callable[[bytes], object | None]]:
        vin = Vin.parse(f"PLG{made_up}00")
        return await self.client.get(static_target(vin)), lambda body: read_static(vin, body)


def _date(response: SourceResponse) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    except ValueError:
        return None
