"""Find one player in what the source sent, without touching a digit of it."""

import msgspec

from plg.adapters.upstream.documents import check_text, key_as_text
from plg.domain.errors import SourceBroken, SourceFault


class _Keyed(msgspec.Struct):
    killer_bi_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Wrapped(msgspec.Struct):
    results: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    killer_bi_id: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_items = msgspec.json.Decoder(list[msgspec.Raw])
_wrapped = msgspec.json.Decoder(_Wrapped)
_keyed = msgspec.json.Decoder(_Keyed)


def find_player_document(body: bytes, killer_bi_id: str) -> bytes | None:
    """
    Return the first item whose `killer_bi_id`, as text, equals the given one, or None.

    A list, `{"results": [...]}` and a single object are understood.

    Raises:
        SourceBroken: If `body` is not JSON in UTF-8, nests too deep, or has another shape.
    """
    check_text(body)
    try:
        for item in _candidates(body):
            key = _keyed.decode(item).killer_bi_id
            if key is not msgspec.UNSET and key_as_text(bytes(key)) == killer_bi_id:
                return bytes(item)
    except msgspec.ValidationError as error:
        raise SourceBroken(SourceFault.SHAPE, str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceBroken(SourceFault.JSON, str(error)) from error
    return None


def _candidates(body: bytes) -> list[msgspec.Raw]:
    text = body.strip(b" \t\r\n")
    if not text.startswith(b"{"):
        return _items.decode(text)
    wrapped = _wrapped.decode(text)
    if wrapped.killer_bi_id is not msgspec.UNSET:
        return [msgspec.Raw(text)]
    if wrapped.results is msgspec.UNSET:
        raise SourceBroken(SourceFault.SHAPE, "an object with neither killer_bi_id nor results")
    return _items.decode(wrapped.results)
