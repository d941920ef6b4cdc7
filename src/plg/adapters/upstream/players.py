"""Players from an HTTP source."""

from plg.adapters.upstream.player_documents import find_player_document
from plg.adapters.upstream.records import HttpRecordSource
from plg.application.ports.records.source import PlayerSourcePort
from plg.domain.records.players import KillerBiId, Player


class HttpPlayerSource(HttpRecordSource[KillerBiId, Player], PlayerSourcePort):
    """A list, `{"results": [...]}`, or a single object."""

    __slots__ = ()

    def read(self, key: KillerBiId, body: bytes) -> Player | None:
        return read_player(key, body)


def read_player(key: KillerBiId, body: bytes) -> Player | None:
    """
    Return the player in the body of an answer, or None.

    Raises:
        SourceBroken: If it breaks the contract.
    """
    document = find_player_document(body, key.value)
    return None if document is None else Player(key, document)
