"""JSON Schemas of records, as far as one example can say."""

from collections.abc import Mapping
from typing import Any, Final

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DEPTH_MAX: Final = 12
"""How deep a schema describes a record; what lies deeper may be anything."""


def schema_of(record: Any, title: str, required: tuple[str, ...] = ()) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """
    Return a JSON Schema (draft 2020-12) that the record meets.

    One example shows the members and their types. It does not show which may be left out, so only
    those of `required` must be there; nor what a member is whose value here is null.
    """
    schema = {"$schema": DIALECT, "title": title, **_shape([record], DEPTH_MAX)}
    if required:
        schema["required"] = list(required)
    return schema


def _shape(values: list[Any], depth: int) -> dict[str, Any]:
    """Return what all values are that were seen in one place."""
    types = list(dict.fromkeys(map(_type, values)))
    if "number" in types and "integer" in types:
        types.remove("integer")
    if not types or types == ["null"]:
        return {}
    shape: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if not depth:
        return shape
    objects = [each for each in values if isinstance(each, Mapping)]
    if names := list(dict.fromkeys(name for each in objects for name in each)):
        shape["properties"] = {
            name: _shape([each[name] for each in objects if name in each], depth - 1)
            for name in names
        }
    items = [item for each in values if isinstance(each, list) for item in each]
    if items:
        shape["items"] = _shape(items, depth - 1)
    return shape


def _type(value: Any) -> str:  # noqa: ANN401 - any JSON
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
