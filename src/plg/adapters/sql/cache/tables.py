"""The tables of the cache, as the migrations of its version line make them."""

from sqlalchemy import Column, Double, Integer, LargeBinary, MetaData, String, Table

UNREADABLE = "the cache database cannot be read"
UNWRITABLE = "the cache database cannot be written"

cache_metadata = MetaData()

cache_entries = Table(
    "cache_entries",
    cache_metadata,
    Column("resource", String(32), primary_key=True),
    Column("record_key", String(128), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("etag", String(64), nullable=False),
    Column("validator", String(512)),
    Column("fetched_at", Double, nullable=False),
    Column("validated_at", Double, nullable=False),
    Column("ttl", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
)

cache_invalidations = Table(
    "cache_invalidations",
    cache_metadata,
    Column("id", Integer, primary_key=True),
    Column("resource", String(32), nullable=False),
    Column("record_key", String(128)),
    Column("made_at", Double, nullable=False),
)
