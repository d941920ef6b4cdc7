"""Tables of declarations as TOML: to be added to a file, and to be shown without a secret."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "***"
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ONLY_VARIABLES: Final = re.compile(r"(?:[A-Za-z]+ )?(?:\$\{[A-Za-z_][A-Za-z0-9_]*\})+")
_PASSWORD: Final = re.compile(r"(?<=://)([^/@]*):([^/]*)(?=@)")
_PARAMETER: Final = re.compile(r"([?&])([^=&]*)=([^&]*)")


def toml_of(kind: str, name: str, table: Mapping[str, Any]) -> str:
    """Return `[kind.name]` with its members, one a line."""
    members = (f"{_key(member)} = {_value(value)}" for member, value in table.items())
    return "\n".join((f"[{kind}.{_key(name)}]", *members, ""))


def without_secrets(table: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a source's or resource's table as it may be shown.

    `${NAME}` stays as it is in the file. What a header says beside that is hidden, and so are
    passwords and values of parameters in addresses.
    """
    shown = dict(table)
    if isinstance(headers := shown.get("headers"), Mapping):
        shown["headers"] = {name: _header(str(text)) for name, text in headers.items()}
    for member in ("base_url", "sql", "get"):
        if isinstance(text := shown.get(member), str):
            shown[member] = _address(text)
    return shown


def _header(text: str) -> str:
    return text if _ONLY_VARIABLES.fullmatch(text) else HIDDEN


def _address(text: str) -> str:
    text = _PASSWORD.sub(lambda found: f"{found[1]}:{_secret(found[2])}", text)
    return _PARAMETER.sub(lambda found: f"{found[1]}{found[2]}={_secret(found[3])}", text)


def _secret(text: str) -> str:
    is_place = re.fullmatch(r"\$?\{[^{}]*\}", text) is not None
    return text if is_place or not text else HIDDEN


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:  # noqa: ANN401 - any of TOML's
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return str(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
