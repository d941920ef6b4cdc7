"""Players and entries as tests need them."""

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.domain.records.entries import Entry
from plg.domain.records.players import KillerBiId, Player
from tests.fakes.clock import NOON

ANA = KillerBiId("KB-000001")
BEN = KillerBiId("KB-000002")
NOBODY = KillerBiId("KB-999999")


def document_of(key: KillerBiId, version: int = 1) -> bytes:
    text = f'{{"killer_bi_id":"{key.value}","nick":"n{version}","score":9007199254740993.10}}'
    return text.encode()


def entry_of(
    key: KillerBiId = ANA,
    *,
    version: int = 1,
    validator: str | None = None,
    fetched_at: float = NOON,
    validated_at: float | None = None,
    ttl: float = 100.0,
) -> Entry:
    player = Player(key, document_of(key, version))
    made = JsonPlayerEncoder().encode(player, fetched_at)
    confirmed = fetched_at if validated_at is None else validated_at
    return Entry(made.body, made.etag, validator, fetched_at, confirmed, ttl)
