"""Declared records from an HTTP source."""

from dataclasses import dataclass
from urllib.parse import quote

from plg.adapters.upstream.declared_documents import find_document
from plg.adapters.upstream.records import HttpRecordSource
from plg.domain.records.declared.keys import DeclaredKey, KeyRule
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import HttpLookup


@dataclass(frozen=True, slots=True)
class HttpDeclaredSource(HttpRecordSource[DeclaredKey, DeclaredRecord]):
    """One GET a record, as its declaration says."""

    lookup: HttpLookup
    rule: KeyRule

    def target(self, key: DeclaredKey) -> str:
        """Return path and query; the key cannot leave its place, since all of it is encoded."""
        hole = f"{{{self.rule.name}}}"
        return self.lookup.target.replace(hole, quote(key.value, safe=""))

    def read(self, key: DeclaredKey, body: bytes) -> DeclaredRecord | None:
        lookup = self.lookup
        document = find_document(body, key, self.rule, lookup.record, lookup.match)
        return None if document is None else DeclaredRecord(key, document)
