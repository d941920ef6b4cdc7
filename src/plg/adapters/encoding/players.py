"""Players as JSON."""

import msgspec

from plg.adapters.encoding.representations import representation, rfc3339
from plg.application.ports.records.encoder import RecordEncoderPort
from plg.domain.records.entries import Representation
from plg.domain.records.players import Player


class _Nick(msgspec.Struct):
    nick: msgspec.Raw = msgspec.Raw(b"null")


class _PlayerBody(msgspec.Struct):
    killer_bi_id: str
    nick: msgspec.Raw
    big_payload: msgspec.Raw
    synced_at: str


_nick = msgspec.json.Decoder(_Nick)
_encoder = msgspec.json.Encoder()


class JsonPlayerEncoder(RecordEncoderPort[Player]):
    """`{"killer_bi_id", "nick", "big_payload", "synced_at"}`, the source's record unchanged."""

    def encode(self, record: Player, fetched_at: float) -> Representation:
        body = _encoder.encode(
            _PlayerBody(
                killer_bi_id=record.killer_bi_id.value,
                nick=_nick.decode(record.document).nick,
                big_payload=msgspec.Raw(record.document),
                synced_at=rfc3339(fetched_at),
            )
        )
        return representation(body)
