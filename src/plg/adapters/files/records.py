"""Declared records from a file, which is held in memory and replaced whole."""

import asyncio
from hashlib import blake2b
from pathlib import Path
from typing import Final

import structlog

from plg.adapters.files.record_files import Unreadable, read_records
from plg.application.ports.records.record_file import RecordFilePort
from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.domain.errors import SourceFailed
from plg.domain.records.declared.keys import DeclaredKey, KeyRule
from plg.domain.records.declared.pointers import Pointer
from plg.domain.records.declared.records import DeclaredRecord

_VALIDATOR_BYTES: Final = 12
_log = structlog.get_logger("plg.source")

Version = tuple[int, int, int]
"""What tells two versions of a file apart: its inode, its size, and when it changed."""


class FileSource(SourcePort[DeclaredKey, DeclaredRecord], RecordFilePort):
    """
    Knows the records of a file as it is now.

    A new version takes the place of the old one at once and whole. One that cannot be used changes
    nothing: the old one stays, and `fault` says why.
    """

    def __init__(self, path: Path, rule: KeyRule, match: Pointer) -> None:
        self._fault: str | None = None
        self._path, self._rule, self._match = path, rule, match
        self._records: dict[str, bytes] | None = None
        self._version: Version | None = None
        self._is_read = False
        self._was_replaced = False
        self._turn = asyncio.Lock()

    @property
    def fault(self) -> str | None:
        return self._fault

    async def refresh(self) -> bool:
        await self._read_if_changed()
        was_replaced, self._was_replaced = self._was_replaced, False
        return was_replaced

    async def fetch(
        self, key: DeclaredKey, validator: str | None = None
    ) -> Fetched[DeclaredRecord] | NotModified | None:
        if self._records is None:
            await self._read_if_changed()
        if self._records is None:
            raise SourceFailed(f"the file of records cannot be used: {self.fault}")
        document = self._records.get(key.value)
        if document is None:
            return None
        tag = f'"{blake2b(document, digest_size=_VALIDATOR_BYTES).hexdigest()}"'
        if tag == validator:
            return NotModified(validator)
        return Fetched(DeclaredRecord(key, document), tag)

    async def _read_if_changed(self) -> None:
        async with self._turn:
            version = self._seen()
            if self._is_read and version == self._version:
                return
            self._version, self._is_read = version, True
            try:
                records = await asyncio.to_thread(read_records, self._path, self._rule, self._match)
            except Unreadable as error:
                self._fault = str(error)
                name = self._path.name
                _log.error("a file of records cannot be used", file=name, why=self._fault)
                return
            self._records, self._fault, self._was_replaced = records, None, True

    def _seen(self) -> Version | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
