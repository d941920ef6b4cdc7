"""What may be said of an API key when it is made or changed."""

from collections.abc import Iterable
from typing import Final

from plg.domain.errors import InvalidParameter
from plg.domain.identity.networks import Network, parse_network
from plg.domain.limits.rates import DAY_SECONDS, Rate
from plg.domain.texts import line_of

NAME_LENGTH_MAX: Final = 100
REASON_LENGTH_MAX: Final = 200
NETWORKS_MAX: Final = 50
KEYS_MAX: Final = 100
"""Keys of one account that are not revoked."""
EXPIRY_SECONDS: Final = 365.0 * DAY_SECONDS
"""How long a key holds unless something else is asked for."""
EXPIRY_SECONDS_MAX: Final = 3653.0 * DAY_SECONDS
GRACE_SECONDS: Final = DAY_SECONDS
GRACE_SECONDS_MAX: Final = 30 * DAY_SECONDS


def name_of(text: str) -> str:
    """Return the name without outer blanks, or raise InvalidParameter."""
    return line_of("name", text, NAME_LENGTH_MAX)


def reason_of(text: str) -> str:
    """Return why a key is revoked, or raise InvalidParameter."""
    return line_of("reason", text, REASON_LENGTH_MAX)


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks, each once, or raise InvalidParameter."""
    given = tuple(texts)
    if len(given) > NETWORKS_MAX:
        raise InvalidParameter(
            "allowed_networks", f"allowed_networks may hold at most {NETWORKS_MAX} networks."
        )
    try:
        return tuple(dict.fromkeys(parse_network(text) for text in given))
    except ValueError as error:
        raise InvalidParameter(
            "allowed_networks",
            "allowed_networks must hold addresses or CIDR blocks such as 192.0.2.0/24 or "
            "2001:db8::/32, with no bits set behind the prefix.",
        ) from error


def rate_of(parameter: str, text: str) -> Rate:
    """Return the rate in a text such as `60/minute`, or raise InvalidParameter."""
    try:
        return Rate.parse(text)
    except ValueError as error:
        raise InvalidParameter(parameter, f"{parameter} {error}.") from error


def expiry_of(expires_at: float | None, now: float) -> float | None:
    """Return the instant, or None for never; raise InvalidParameter where it cannot be."""
    if expires_at is None or now < expires_at <= now + EXPIRY_SECONDS_MAX:
        return expires_at
    raise InvalidParameter(
        "expires_at",
        "expires_at must be in the future, at most ten years ahead, or null for never.",
    )


def grace_of(seconds: int) -> int:
    """Return how long a replaced secret lives on, or raise InvalidParameter."""
    if 0 <= seconds <= GRACE_SECONDS_MAX:
        return seconds
    raise InvalidParameter(
        "grace_seconds", f"grace_seconds must be from 0 to {GRACE_SECONDS_MAX} (30 days)."
    )
