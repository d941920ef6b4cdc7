"""Take a vehicle's record from what the source sent, without touching a digit of it."""

import msgspec

from plg.adapters.upstream.documents import check_text, key_as_text
from plg.domain.errors import SourceBroken, SourceFault
from plg.domain.records.vehicles import Vin

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def check_vehicle_document(body: bytes, vin: Vin) -> None:
    """
    Make sure that the body is one JSON object, and about this vehicle.

    Its `vin` is compared as text with the case folded; where it has none, the address that it
    was asked under says whose it is.

    Raises:
        SourceBroken: If `body` is not JSON in UTF-8, nests too deep, or is anything else.
    """
    check_text(body)
    try:
        named = _members.decode(body).get("vin", msgspec.Raw(b"null"))
        text = key_as_text(bytes(named))
    except msgspec.ValidationError as error:
        raise SourceBroken(SourceFault.SHAPE, str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise SourceBroken(SourceFault.JSON, str(error)) from error
    if bytes(named) != b"null" and (text is None or text.strip().upper() != vin.value):
        raise SourceBroken(SourceFault.SHAPE, "the answer is about another vehicle")
