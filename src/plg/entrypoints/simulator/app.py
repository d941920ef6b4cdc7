"""The simulator as an ASGI app: lookups answered raw, its control desk by Starlette."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from plg.domain.records.declared.resources import ResourceSpec
from plg.entrypoints.simulator.answers import Answer, json_answer, problem
from plg.entrypoints.simulator.declared import books_of
from plg.entrypoints.simulator.delivery import Call, Delivery, HungUp, Sleep
from plg.entrypoints.simulator.desk import ControlDesk
from plg.entrypoints.simulator.faults import FaultDice, Faults
from plg.entrypoints.simulator.garbage import Shell, player_shell, vehicle_shell
from plg.entrypoints.simulator.players import PlayerBook, player_index
from plg.entrypoints.simulator.stats import CallStats
from plg.entrypoints.simulator.vehicles import REPORT_SECONDS, Part, VehicleBook

_WRONG_METHOD: Final = problem("wrong_method", 405, "only GET is known", (b"allow", b"GET"))
_NO_KEY: Final = problem("bad_request", 400, "killer_bi_id is missing")
_NO_VEHICLE: Final = problem("no_match", 404, "there is no such vehicle")
_NO_RECORD: Final = problem("no_match", 404, "there is no such record")
_VEHICLE_PATH: Final = re.compile(r"/vehicles/([^/]+)/(static|dynamic)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lookup is for: a player, a part of a vehicle, or a record of a declared resource."""

    key: str
    part: Part | None = None
    resource: str | None = None

    @property
    def name(self) -> str:
        """What the statistics call it."""
        if self.resource is not None:
            return f"{self.resource}/{self.key}"
        return self.key if self.part is None else f"{self.key}/{self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """
    What a simulator starts with: its data's seed, its behaviour, how much it keeps.

    `answers_kept` bounds the answers that are kept built, so that a load test measures
    the gateway and not the making of records. Declared resources are served where their source's
    base address, by name in `base_urls`, has its path.
    """

    seed: int = 1
    declared: tuple[ResourceSpec, ...] = ()
    base_urls: Mapping[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    answers_kept: int = 10_000


class Simulator:
    """
    A source of players, vehicles and declared resources that misbehaves on demand.

    Tests in process read `faults` and `stats`, and change the former with `control`.
    """

    def __init__(
        self, config: SimulatorConfig, deliver: Delivery, now: Callable[[], float]
    ) -> None:
        """Set up the data and the desk; `deliver` carries the answers, `now` tells the time."""
        self.stats = deliver.stats
        self.faults = config.faults.changed({})
        self._answers_kept = config.answers_kept
        self._book = PlayerBook(config.seed)
        self._vehicles = VehicleBook(config.seed)
        self._declared = books_of(config.declared, config.base_urls, config.seed)
        self._now = now
        self._deliver = deliver
        self._desk = ControlDesk(lambda: self.faults, self._change, self.stats).app()
        self._due = self._kept_answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a lookup, or leave the request to the control desk."""
        asked = self._asked(scope) if scope["type"] == "http" else None
        if asked is None:
            await self._desk(scope, receive, send)
        elif scope["method"] != "GET":
            await _WRONG_METHOD.send_to(send)
        else:
            await self._look_up(asked, scope, receive, send)

    @property
    def declared_paths(self) -> dict[str, str]:
        """Return where the records of declared resources are, with `{name}` for the key."""
        return {name: book.base + book.lookup.target for name, book in self._declared.items()}

    def control(self, **changes: object) -> Faults:
        """
        Change some of the faults, and return all.

        Raises:
            BadControl: If a member is unknown or its value is out of bounds.
        """
        return self._change(changes)

    def _change(self, changes: Mapping[str, object]) -> Faults:
        self.faults = self.faults.changed(changes)
        self._due = self._kept_answers()
        return self.faults

    async def _look_up(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        minute = int(self._now() // REPORT_SECONDS) if asked.part is Part.DYNAMIC else 0
        self.stats.began(asked.name)
        try:
            due = self._due(asked, minute)
            await self._deliver(
                Call(self._shell(asked), due, self.faults, scope["headers"], receive, send)
            )
        finally:
            self.stats.ended()

    def _kept_answers(self) -> Callable[[Asked, int], Answer]:
        """Return the way from what is asked to its answer under the faults of this moment."""
        return lru_cache(self._answers_kept)(self._build_answer)

    def _asked(self, scope: Scope) -> Asked | None:
        for name, book in self._declared.items():
            key = book.key_in(scope)
            if key is not None:
                return Asked(key, resource=name)
        return _asked(scope)

    def _shell(self, asked: Asked) -> Shell:
        if asked.resource is not None:
            return self._declared[asked.resource].shell(asked.key)
        return player_shell(asked.key) if asked.part is None else vehicle_shell(asked.key)

    def _build_answer(self, asked: Asked, minute: int) -> Answer:
        if asked.resource is not None:
            book = self._declared[asked.resource]
            is_gone = asked.key in self.faults.gone
            found = None if is_gone else book.body(asked.key, self.faults.version)
            if found is None:
                return _NO_RECORD
            return json_answer("found", found, has_etag=self.faults.etag)
        if asked.part is None:
            return self._player(asked.key)
        if asked.key in self.faults.gone or not self._vehicles.exists(asked.key):
            return _NO_VEHICLE
        version = self.faults.version
        if asked.part is Part.STATIC:
            body = self._vehicles.static(asked.key, version)
        else:
            body = self._vehicles.dynamic(asked.key, version, minute)
        return json_answer("found", body, has_etag=self.faults.etag)

    def _player(self, key: str) -> Answer:
        if not key:
            return _NO_KEY
        index = player_index(key)
        if index is None or index > self.faults.players or key in self.faults.gone:
            return json_answer("no_match", b"[]", has_etag=self.faults.etag)
        body = self._book.body(index, self.faults.version)
        return json_answer("found", body, has_etag=self.faults.etag)


def create_simulator(
    config: SimulatorConfig | None = None,
    *,
    sleep: Sleep = asyncio.sleep,
    hang_up: Callable[[], Exception] = HungUp,
    now: Callable[[], float] = time.time,
) -> Simulator:
    """
    Build a simulator.

    Tests give a `sleep` that does not wait and a `now` that stands still, and may choose the
    exception by which a dropped connection shows in process.

    Raises:
        BadControl: If the faults of `config` are out of bounds.
    """
    config = config or SimulatorConfig()
    delivery = Delivery(FaultDice(config.seed), CallStats(), sleep, hang_up)
    return Simulator(config, delivery, now)


def _asked(scope: Scope) -> Asked | None:
    if scope["path"] == "/players":
        query = scope["query_string"].decode("latin-1")
        return Asked(dict(parse_qsl(query)).get("killer_bi_id", ""))
    vehicle = _VEHICLE_PATH.fullmatch(scope["path"])
    return None if vehicle is None else Asked(vehicle[1], Part(vehicle[2]))
