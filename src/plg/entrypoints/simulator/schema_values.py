"""Values that meet a JSON Schema, drawn from a seed: as much of a schema as records need."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

DEPTH_MAX: Final = 16
"""Levels of a record; deeper ones are null, so that a schema may refer to itself."""
ITEMS_MAX: Final = 3
RANGE: Final = 1000
"""How far numbers go where a schema leaves a side open."""
_WORDS: Final = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty",
    "knoll", "larch", "mesa", "north", "ochre", "pine", "quartz", "ridge", "slate", "tide",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchemaValues:
    """
    Draws values for a schema and its parts.

    Attributes:
        root: The whole schema, which references lead into.
    """

    root: Any
    draw: Random

    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """Return a value; null where the schema says nothing, or nothing that is known here."""
        return self._value(self.root, 0)

    def _value(self, schema: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON
        schema = self._resolved(schema)
        if not isinstance(schema, Mapping) or depth > DEPTH_MAX:
            return None
        if "const" in schema:
            return schema["const"]
        for choices in ("enum", "examples"):
            if isinstance(schema.get(choices), list) and schema[choices]:
                return self.draw.choice(schema[choices])
        for several in ("allOf", "oneOf", "anyOf"):
            if isinstance(schema.get(several), list) and schema[several]:
                return self._of_several(several, schema, depth)
        return self._of_type(schema, depth)

    def _of_several(self, several: str, schema: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON
        parts = list(schema[several] if several == "allOf" else schema[several][:1])
        if schema.get("properties"):
            parts.append({name: each for name, each in schema.items() if name != several})
        values = [self._value(part, depth + 1) for part in parts]
        if all(isinstance(value, dict) for value in values):
            return {name: each for value in values for name, each in value.items()}
        return values[0]

    def _of_type(self, schema: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON
        value: Any = None
        match _type(schema):
            case "object":
                parts = schema.get("properties", {}).items()
                value = {name: self._value(each, depth + 1) for name, each in parts}
            case "array":
                value = [self._value(each, depth + 1) for each in self._items(schema)]
            case "string":
                value = self._text(schema)
            case "integer":
                least, most = _bounds(schema)
                value = self.draw.randint(round(least), round(most))
            case "number":
                least, most = _bounds(schema)
                value = min(most, max(least, round(self.draw.uniform(least, most), 2)))
            case "boolean":
                value = self.draw.random() < 0.5  # noqa: PLR2004 - a fair coin
        return value

    def _items(self, schema: Mapping[str, Any]) -> list[Any]:
        least = int(schema.get("minItems", 1))
        most = max(least, min(ITEMS_MAX, schema.get("maxItems", ITEMS_MAX)))
        return [schema.get("items", {})] * self.draw.randint(least, most)

    def _text(self, schema: Mapping[str, Any]) -> str:
        drawn = self.draw.randint
        day = f"20{drawn(10, 29)}-{drawn(1, 12):02}-{drawn(1, 28):02}"
        clock = f"{drawn(0, 23):02}:{drawn(0, 59):02}:{drawn(0, 59):02}Z"
        word = self.draw.choice(_WORDS)
        digits = f"{self.draw.getrandbits(128):032x}"
        formats = {
            "date-time": f"{day}T{clock}",
            "date": day,
            "time": clock,
            "email": f"{word}@example.org",
            "uri": f"https://example.org/{word}",
            "uuid": f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}",
        }
        if schema.get("format") in formats:
            return formats[schema["format"]]
        text = f"{word} {self.draw.choice(_WORDS)} {drawn(1, 999)}"
        least = int(schema.get("minLength", 0))
        most = max(least, int(schema.get("maxLength", max(least, len(text)))))
        return (text * (1 + least // len(text)))[:most]

    def _resolved(self, schema: Any) -> Any:  # noqa: ANN401 - any JSON
        """Follow references inside the schema, as far as they lead somewhere."""
        for _ in range(DEPTH_MAX):
            if not isinstance(schema, Mapping) or not isinstance(schema.get("$ref"), str):
                return schema
            found = self.root
            for step in schema["$ref"].removeprefix("#").split("/")[1:]:
                found = found.get(step) if isinstance(found, Mapping) else None
            schema = found
        return None


def _type(schema: Mapping[str, Any]) -> str:
    named = schema.get("type", "object" if "properties" in schema else "null")
    if isinstance(named, list):
        named = next((each for each in named if each != "null"), "null")
    return str(named)


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is None:
        least = 0 if most is None else min(0, most)
    return least, least + RANGE if most is None else most
