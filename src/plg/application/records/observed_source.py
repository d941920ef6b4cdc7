"""A source whose observations are kept."""

from dataclasses import dataclass

from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.application.ports.records.vehicles import UnreadableTime, VehicleReaderPort
from plg.application.records.observation_log import ObservationLog
from plg.domain.records.vehicles import DynamicData, Vin


@dataclass(frozen=True, slots=True)
class ObservedSource(SourcePort[Vin, DynamicData]):
    """Answers as `source` does, and takes note of what was fetched."""

    source: SourcePort[Vin, DynamicData]
    reader: VehicleReaderPort
    log: ObservationLog

    async def fetch(
        self, key: Vin, validator: str | None = None
    ) -> Fetched[DynamicData] | NotModified | None:
        answer = await self.source.fetch(key, validator)
        if isinstance(answer, Fetched):
            self._note(answer.record)
        return answer

    def _note(self, record: DynamicData) -> None:
        try:
            observation = self.reader.observation(record)
        except UnreadableTime as error:
            self.log.drop(f"an observation's timestamp is no RFC 3339 time: {error}")
            return
        if observation is not None:
            self.log.note(observation)
