"""Records as JSON, in the form that clients read."""

import base64
import hashlib
from datetime import UTC, datetime

import msgspec

from plg.application.ports.encoder import RecordEncoderPort
from plg.domain.entries import Representation
from plg.domain.players import Player

ETAG_BYTES = 12


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
        return Representation(body, strong_etag(body))


def rfc3339(instant: float) -> str:
    """Return seconds since the epoch as RFC 3339 in UTC with `Z`, to the millisecond."""
    moment = datetime.fromtimestamp(instant, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def strong_etag(body: bytes) -> bytes:
    """Return an entity tag that differs when a byte of the body differs (RFC 9110, 8.8.1)."""
    digest = hashlib.blake2b(body, digest_size=ETAG_BYTES).digest()
    return b'"' + base64.urlsafe_b64encode(digest) + b'"'
