"""Declared records, as their source has them."""

from dataclasses import dataclass

from plg.domain.records.declared.keys import DeclaredKey


@dataclass(frozen=True, slots=True)
class DeclaredRecord:
    """
    A record under its key.

    `document` is the record as JSON in UTF-8, as it was sent: digits of numbers stay as they are.
    """

    key: DeclaredKey
    document: bytes
