"""The simulator as an ASGI app: lookups answered raw, its control desk by Starlette."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from plg.entrypoints.simulator.answers import Answer, json_answer, problem
from plg.entrypoints.simulator.delivery import Call, Delivery, HungUp, Sleep
from plg.entrypoints.simulator.desk import ControlDesk
from plg.entrypoints.simulator.faults import FaultDice, Faults
from plg.entrypoints.simulator.players import PlayerBook, player_index
from plg.entrypoints.simulator.stats import CallStats

_WRONG_METHOD: Final = problem("wrong_method", 405, "only GET is known", (b"allow", b"GET"))
_NO_KEY: Final = problem("bad_request", 400, "killer_bi_id is missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """
    What a simulator starts with: its data's seed, its behaviour, how much it keeps.

    `answers_kept` bounds the answers that are kept built, so that a load test measures
    the gateway and not the making of records.
    """

    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    answers_kept: int = 10_000


class Simulator:
    """
    A source of players that misbehaves on demand.

    Tests in process read `faults` and `stats`, and change the former with `control`.
    """

    def __init__(self, config: SimulatorConfig, deliver: Delivery) -> None:
        """Set up the data and the desk; `deliver` carries the answers."""
        self.stats = deliver.stats
        self.faults = config.faults.changed({})
        self._answers_kept = config.answers_kept
        self._book = PlayerBook(config.seed)
        self._deliver = deliver
        self._desk = ControlDesk(lambda: self.faults, self._change, self.stats).app()
        self._due = self._kept_answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a lookup, or leave the request to the control desk."""
        if scope["type"] != "http" or scope["path"] != "/players":
            await self._desk(scope, receive, send)
        elif scope["method"] != "GET":
            await _WRONG_METHOD.send_to(send)
        else:
            await self._look_up(scope, receive, send)

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

    async def _look_up(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _asked_key(scope["query_string"])
        self.stats.began(key)
        try:
            due = self._due(key)
            await self._deliver(Call(key, due, self.faults, scope["headers"], receive, send))
        finally:
            self.stats.ended()

    def _kept_answers(self) -> Callable[[str], Answer]:
        """Return the way from a key to its answer under the faults of this moment."""
        return lru_cache(self._answers_kept)(self._build_answer)

    def _build_answer(self, key: str) -> Answer:
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
) -> Simulator:
    """
    Build a simulator.

    Tests give a `sleep` that does not wait, and may choose the exception by which a
    dropped connection shows in process.

    Raises:
        BadControl: If the faults of `config` are out of bounds.
    """
    config = config or SimulatorConfig()
    return Simulator(config, Delivery(FaultDice(config.seed), CallStats(), sleep, hang_up))


def _asked_key(query: bytes) -> str:
    return dict(parse_qsl(query.decode("latin-1"))).get("killer_bi_id", "")
