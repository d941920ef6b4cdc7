"""Declared records from an HTTP source."""

from dataclasses import dataclass

from plg.adapters.upstream.declared_documents import find_document
from plg.adapters.upstream.records import HttpRecordSource
from plg.domain.records.declared.keys import DeclaredKey, KeyRule
from plg.domain.records.declared.records import DeclaredRecord


@dataclass(frozen=True, slots=True)
class HttpDeclaredSource(HttpRecordSource[DeclaredKey, DeclaredRecord]):
    """The record where the declaration says."""

    rule: KeyRule

    def read(self, key: DeclaredKey, body: bytes) -> DeclaredRecord | None:
        lookup = self.lookup
        document = find_document(body, key, self.rule, lookup.record, lookup.match)
        return None if document is None else DeclaredRecord(key, document)
