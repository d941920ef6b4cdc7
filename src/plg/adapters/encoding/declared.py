"""Declared records as JSON."""

from dataclasses import dataclass

import msgspec

from plg.adapters.encoding.representations import representation, rfc3339
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import AnswerForm
from plg.domain.records.entries import Representation

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class JsonDeclaredEncoder(RecordEncoderPort[DeclaredRecord]):
    """
    The source's record unchanged, or in an envelope.

    Attributes:
        name: Of the key, as the envelope has it.
    """

    form: AnswerForm
    name: str

    def encode(self, record: DeclaredRecord, fetched_at: float) -> Representation:
        if self.form is AnswerForm.RECORD:
            return representation(record.document)
        envelope = {
            self.name: record.key.value,
            "data": msgspec.Raw(record.document),
            "synced_at": rfc3339(fetched_at),
        }
        return representation(_encoder.encode(envelope))
