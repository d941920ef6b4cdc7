"""Players."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from starlette.types import Scope

from plg.application.ports.clock import ClockPort
from plg.application.records.get_player import GetPlayer
from plg.domain.identity.access import Access
from plg.domain.records.declared.resources import ResourceSpec
from plg.domain.records.players import KillerBiId
from plg.entrypoints.http.api.records.lookups import (
    CREDENTIAL_PROBLEMS,
    SOURCE_PROBLEMS,
    ShowRecord,
)
from plg.entrypoints.http.carrier.lane_routes import LaneRoute
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.gate.records import GuardedRecord, itself
from plg.entrypoints.http.protocol.paths import decode_segment, only_value
from plg.entrypoints.http.protocol.rendering import RecordRenderer

PARAMETER: Final = "killer_bi_id"
QUERY_PATH: Final = "/api/"
_SYNCED_AT: Final = b',"synced_at":'
# Of what a query may hold (RFC 3986, 3.4) all that stands for itself: no `&`, `+` and `%`.
_PLAIN_QUERY: Final = re.compile(rb"killer_bi_id=([A-Za-z0-9\-._~!$'()*,;=:@/?]{1,128})")


class PlayerView(msgspec.Struct):
    """A player: the source's record unchanged, and when PLG fetched this content."""

    killer_bi_id: str
    nick: Any
    big_payload: dict[str, Any]
    synced_at: datetime


EXAMPLE: Final = {
    "killer_bi_id": "KB-000001",
    "nick": "ana",
    "big_payload": {"killer_bi_id": "KB-000001", "nick": "ana", "rating": 12.5},
    "synced_at": "2026-11-21T10:00:00.000Z",
}
PROBLEMS: Final = (*CREDENTIAL_PROBLEMS, "no_match", "no_source", *SOURCE_PROBLEMS)
SHOW_PLAYER: Final = Operation(
    summary="Look a player up",
    description="Answers from the cache where it may, and from the source where it must.",
    answer=PlayerView,
    example=EXAMPLE,
    parameters=(
        Parameter(PARAMETER, "path", "The player's id, 1 to 128 characters.", "KB-000001"),
    ),
    problems=PROBLEMS,
    is_record=True,
)
FIND_PLAYER: Final = replace(
    SHOW_PLAYER,
    summary="Look a player up by query",
    description="The same as `/api/v1/players/{killer_bi_id}`.",
    parameters=(replace(SHOW_PLAYER.parameters[0], place="query"),),
)


def key_from_path(scope: Scope) -> KillerBiId:
    """Read the id from the last segment of the path."""
    return KillerBiId.parse(decode_segment(scope["path_params"][PARAMETER], PARAMETER))


def key_from_query(scope: Scope) -> KillerBiId:
    """Read the id from the query."""
    return key_of_query(scope["query_string"])


def key_of_query(query: bytes) -> KillerBiId:
    """
    Return the id in an encoded query; other parameters are ignored.

    Raises:
        InvalidParameter: If there is none, more than one, or one that cannot be used.
    """
    plain = _PLAIN_QUERY.fullmatch(query)
    if plain is not None:
        return KillerBiId(plain[1].decode())
    return KillerBiId.parse(only_value(query, PARAMETER))


def key_of_segment(sent: bytes) -> KillerBiId:
    """Read the id from a segment of a path, as it was sent."""
    if b"%" not in sent and sent.isascii():  # a target has no white space that could be trimmed
        return KillerBiId(sent.decode())
    return KillerBiId.parse(decode_segment(sent.decode("latin-1"), PARAMETER))


def _without_synced_at(body: bytes) -> bytes:
    return body.rpartition(_SYNCED_AT)[0]


@dataclass(frozen=True, slots=True)
class PlayersApi:
    """Looks players up, by path or by query; `spec` is what a declaration says of them."""

    spec: ResourceSpec
    get_player: GetPlayer
    gate: Gate
    render: RecordRenderer
    clock: ClockPort

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of players."""
        return [
            Endpoint(self.spec.paths[0].template, self._app(key_from_path), SHOW_PLAYER),
            Endpoint(QUERY_PATH, self._app(key_from_query), FIND_PLAYER),
        ]

    def lane_routes(self) -> list[LaneRoute]:
        """Return the routes that the fast lane may answer."""
        records, render, spec = self.get_player.records, self.render, self.spec
        access, rule = Access(spec.scope), spec.meter_rule
        path = spec.paths[0].template
        return [
            LaneRoute(path, access, key_of_segment, records, render, rule),
            LaneRoute(QUERY_PATH, access, key_of_query, records, render, rule),
        ]

    def _app(self, parse: Callable[[Scope], KillerBiId]) -> GuardedRecord[KillerBiId]:
        show = ShowRecord(self.get_player, self.render, self.clock, _without_synced_at)
        access, rule = Access(self.spec.scope), self.spec.meter_rule
        return GuardedRecord(self.gate, access, parse, show, rule, itself, show.peek)
