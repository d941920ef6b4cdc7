"""Players from an HTTP source."""

from urllib.parse import quote

from plg.adapters.upstream.player_documents import find_player_document
from plg.adapters.upstream.records import HttpRecordSource
from plg.application.ports.records.source import PlayerSourcePort
from plg.domain.records.players import KillerBiId, Player


class HttpPlayerSource(HttpRecordSource[KillerBiId, Player], PlayerSourcePort):
    """`GET {base}/players?killer_bi_id=ID`, answered by a JSON list."""

    __slots__ = ()

    def target(self, key: KillerBiId) -> str:
        return player_target(key)

    def read(self, key: KillerBiId, body: bytes) -> Player | None:
        return read_player(key, body)


def player_target(key: KillerBiId) -> str:
    """Return the path and query under which the source answers for the key."""
    return "/players?killer_bi_id=" + quote(key.value, safe="")


def read_player(key: KillerBiId, body: bytes) -> Player | None:
    """
    Return the player in the body of an answer to `player_target(key)`, or None.

    Raises:
        SourceBroken: If it breaks the contract.
    """
    document = find_player_document(body, key.value)
    return None if document is None else Player(key, document)
