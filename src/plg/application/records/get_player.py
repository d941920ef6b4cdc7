"""Look a player up."""

from plg.application.records.get_record import GetRecord
from plg.domain.records.players import KillerBiId, Player


class GetPlayer(GetRecord[KillerBiId, Player]):
    """Serve a player from the cache, or fetch, remember and serve it."""

    __slots__ = ()
