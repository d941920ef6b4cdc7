"""Look a player up."""

from plg.application.access.get_record import GetRecord
from plg.domain.players import KillerBiId, Player


class GetPlayer(GetRecord[KillerBiId, Player]):
    """Serve a player from the cache, or fetch, remember and serve it."""

    __slots__ = ()
