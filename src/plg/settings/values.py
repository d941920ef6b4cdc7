"""How the text of a setting is read; each raises ValueError with what would do."""

import ipaddress
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from plg.domain.errors import PlgError
from plg.domain.identity.accounts import Email
from plg.domain.limits.rates import Rate
from plg.domain.plans.plans import is_plan_code

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
KEY_LENGTH_MAX: Final = 512
HOST_LENGTH_MAX: Final = 253
"""Characters of a name in the DNS (RFC 1035 2.3.4)."""
SECRET_LENGTH_MIN: Final = 32
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]*")
_SECRET: Final = rf"[\x21-\x2b\x2d-\x7e]{{{SECRET_LENGTH_MIN},{KEY_LENGTH_MAX}}}"
_SQLITE: Final = "sqlite+aiosqlite:///"
_DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+aiomysql",
    "mysql+aiomysql": "mysql+aiomysql",
    "mariadb": "mysql+aiomysql",
}
_PASSWORD: Final = re.compile(r"(://[^:/?#@]*):[^@/?#]*@")
_HOST: Final = r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?"
_ON: Final = ("on", "1", "true")
_OFF: Final = ("off", "0", "false")


def text(value: str) -> str:
    return value


def integer(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def number(least: float, most: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ValueError(f"must be a number from {written(least)} to {written(most)}")
        return number

    return parse


def written(number: float) -> str:
    """Return a number as people write it, such as 31536000 or 0.05."""
    return f"{number:.0f}" if number == int(number) else repr(number)


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value.lower()

    return parse


def switch(value: str) -> bool:
    if value.lower() not in (*_ON, *_OFF):
        raise ValueError("must be on or off")
    return value.lower() in _ON


def host(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if len(value) > HOST_LENGTH_MAX or not re.fullmatch(_HOST, value):
            raise ValueError("must be an address such as 0.0.0.0, or a host name") from None
    return value


def base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError("must be an address such as https://internal.example/api")
    if parts.query or parts.fragment or "@" in parts.netloc or re.search(r"[^\x21-\x7e]", value):
        raise ValueError("must have no user, query, fragment, blanks or letters beyond ASCII")
    return value.rstrip("/")


def database_url(value: str) -> str:
    """Return the URL with its driver; a server's names a host and a database."""
    kind, _, rest = value.partition("://")
    if kind in _DRIVERS:
        return _server_url(f"{_DRIVERS[kind]}://{rest}")
    path = database_path(value)
    if path is None or str(path) in (".", ":memory:") or str(path).startswith("file:"):
        raise ValueError(
            f"must begin with {_SQLITE} and go on with a file's path, or be the URL of a server "
            "such as postgresql://user:password@host/database"
        )
    return value


def database_path(url: str) -> Path | None:
    """Return the file that the URL of an embedded database leads to; None for a server's."""
    if not url.startswith(_SQLITE):
        return None
    return Path(url.removeprefix(_SQLITE).partition("?")[0])


def masked(text: str) -> str:
    """Return a text in which the password of a URL, if there is one, is not shown."""
    return _PASSWORD.sub(r"\1:***@", text)


def _server_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_whole = bool(parts.hostname) and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or re.search(r"[^\x21-\x7e]", value):
        raise ValueError(
            "must name a host and a database, such as postgresql://user:password@host/database"
        )
    if value.startswith("mysql") and "charset=" not in parts.query:
        value += f"{'&' if parts.query else '?'}charset=utf8mb4"
    return value


def service_key(value: str) -> str:
    if len(value) > KEY_LENGTH_MAX or not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError(
            f"must have at most {KEY_LENGTH_MAX} visible ASCII characters and no blanks"
        )
    return value


def headers(value: str) -> dict[str, str]:
    try:
        headers: dict[str, object] = json.loads(value)
        is_object = isinstance(headers, dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise ValueError('must be a JSON object of texts, such as {"X-Api-Key": "..."}')
    for name, text in headers.items():
        is_sound = isinstance(text, str) and _HEADER_VALUE.fullmatch(text)
        if not is_sound or not _HEADER_NAME.fullmatch(name):
            raise ValueError("must map header names to texts of printable ASCII")
    return {name: str(text) for name, text in headers.items()}


def networks(value: str) -> Networks:
    try:
        return tuple(ipaddress.ip_network(part) for part in _parts(value))
    except ValueError:
        raise ValueError("must be networks such as 10.0.0.0/8,::1, comma between them") from None


def origins(value: str) -> tuple[str, ...]:
    origins = _parts(value)
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:_-]+", origin):
            raise ValueError("must be * or origins such as https://app.example, comma between them")
    return origins


def rate(value: str) -> Rate:
    return Rate.parse(value)


def plan_code(value: str) -> str:
    if not is_plan_code(value):
        raise ValueError("must be a plan's code such as basic")
    return value


def secret_key(value: str) -> str:
    if not re.fullmatch(_SECRET, value):
        raise ValueError(
            f"must have {SECRET_LENGTH_MIN} to {KEY_LENGTH_MAX} visible ASCII characters, no comma"
        )
    return value


def secret_keys(value: str) -> tuple[str, ...]:
    return tuple(secret_key(part) for part in _parts(value))


def mail_address(value: str) -> str:
    try:
        return Email.parse(value).address
    except PlgError:
        if re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@localhost", value):
            return value
        raise ValueError("must be an address such as plg@example.org") from None


def docs_path(value: str) -> str:
    if value != "off" and not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", value):
        raise ValueError("must be a path such as /k3v9-docs, or off")
    return value


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
