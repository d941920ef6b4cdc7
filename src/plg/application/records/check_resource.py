"""Ask the source of a declared resource for its example."""

import asyncio
from dataclasses import dataclass

from plg.application.ports.records.source import Fetched, SourcePort
from plg.domain.errors import NoMatch, PlgError, SourceTimeout
from plg.domain.records.declared.keys import DeclaredKey
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import ResourceSpec


@dataclass(frozen=True, slots=True)
class Checked:
    """
    The record of a resource's example, or why there is none.

    Attributes:
        document: The record as JSON; None without one.
        failure: Why there is no record; None also where the resource has no example.
    """

    spec: ResourceSpec
    document: bytes | None = None
    failure: PlgError | None = None


@dataclass(frozen=True, slots=True)
class CheckResource:
    """Ask the source itself, past cache and breaker, and never raise what it fails with."""

    spec: ResourceSpec
    source: SourcePort[DeclaredKey, DeclaredRecord]
    timeout_seconds: float

    async def __call__(self) -> Checked:
        """Return the record, or why there is none."""
        example = self.spec.key.example
        if example is None:
            return Checked(self.spec)
        try:
            async with asyncio.timeout(self.timeout_seconds):
                found = await self.source.fetch(self.spec.key.parse(example))
        except PlgError as error:
            return Checked(self.spec, failure=error)
        except TimeoutError:
            return Checked(self.spec, failure=SourceTimeout("the source did not answer in time"))
        if not isinstance(found, Fetched):
            return Checked(self.spec, failure=NoMatch("the source has no such record"))
        return Checked(self.spec, document=found.record.document)
