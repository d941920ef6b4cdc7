"""Entries as rows, and back."""

from typing import Any

from sqlalchemy import Row

from plg.adapters.sql.cache.tables import cache_entries
from plg.domain.records.entries import Entry
from plg.domain.records.freshness import FreshnessPolicy

_c = cache_entries.c

ENTRY_COLUMNS = (
    _c.record_key,
    _c.body,
    _c.etag,
    _c.validator,
    _c.fetched_at,
    _c.validated_at,
    _c.ttl,
)


def to_entry(row: Row[*tuple[Any, ...]]) -> Entry:
    """Return the entry of a row selected by `ENTRY_COLUMNS`."""
    _, body, etag, validator, fetched_at, validated_at, ttl = row
    return Entry(body, etag.encode(), validator, fetched_at, validated_at, ttl)


def to_row(resource: str, key: str, entry: Entry, policy: FreshnessPolicy) -> dict[str, object]:
    """Return the entry as values of a row."""
    return {
        "resource": resource,
        "record_key": key,
        "body": entry.body,
        "etag": entry.etag.decode(),
        "validator": entry.validator,
        "fetched_at": entry.fetched_at,
        "validated_at": entry.validated_at,
        "ttl": entry.ttl,
        "expires_at": policy.expires_at(entry),
    }
