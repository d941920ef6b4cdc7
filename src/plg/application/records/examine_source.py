"""Ask a source for one record, to see how its records can be declared."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from plg.application.ports.records.source_trial import SourceAddress, SourceTrialPort
from plg.domain.errors import NoMatch, SourceBroken, SourceFault
from plg.domain.records.declared.schemas import schema_of
from plg.domain.records.declared.sightings import Sighting, find_record


@dataclass(frozen=True, slots=True)
class Examined:
    """What one answer showed, and a JSON Schema of the record in it."""

    sighting: Sighting
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExamineSource:
    """Call a source once, and find the record in its answer."""

    trial: SourceTrialPort

    async def __call__(
        self, address: SourceAddress, target: str, key: str, *, key_name: str, title: str
    ) -> Examined:
        """
        Return what the source's answer for `key` shows; it takes the place of `{key_name}`.

        Raises:
            NoMatch: If the source has no record under the key.
            SourceBroken: If what it has is no object.
            SourceError: If it gave no usable answer.
        """
        asked = target.replace(f"{{{key_name}}}", quote(key, safe=""))
        sighting = find_record(await self.trial.ask(address, asked), key, key_name)
        if sighting is None:
            raise NoMatch(f"The source has no record under {key}: name a key that it knows.")
        if not isinstance(sighting.value, dict | list):
            raise SourceBroken(SourceFault.SHAPE, "the answer is neither an object nor a list")
        required = () if sighting.match is None else sighting.match.tokens
        return Examined(sighting, schema_of(sighting.value, title, required))
