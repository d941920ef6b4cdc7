"""
Texts in bodies and queries, as the OpenAPI document tells of them.

The domain checks them, in words that people understand.
"""

from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta

from plg.domain.identity.accounts import NAME_LENGTH_MAX
from plg.domain.identity.addresses import EMAIL_LENGTH_MAX
from plg.domain.identity.passwords import LENGTH_MAX, LENGTH_MIN

_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
LABEL_PATTERN: Final = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
"""One line, in which something stands; which characters are visible, the domain knows."""

Moment = Annotated[datetime, Meta(tz=True)]
RateText = Annotated[str, Meta(pattern="^[0-9]{1,9}/(second|minute|hour|day)$")]
EmailText = Annotated[
    str, Meta(extra_json_schema={"format": "email", "maxLength": EMAIL_LENGTH_MAX})
]
PersonName = Annotated[
    str, Meta(extra_json_schema={"maxLength": NAME_LENGTH_MAX, "pattern": rf"^[^{_CONTROL}]*$"})
]
NewPassword = Annotated[
    str, Meta(extra_json_schema={"minLength": LENGTH_MIN, "maxLength": LENGTH_MAX})
]


def label(length_max: int) -> dict[str, Any]:
    """Return the schema of a name that people give to something."""
    return {"minLength": 1, "maxLength": length_max, "pattern": LABEL_PATTERN}
