"""How the simulated source behaves at a moment, and the dice that decide for each call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from random import Random
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta

_ERROR_STATUSES: Final = (500, 502, 503, 504)

Ratio = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]


class BadControl(ValueError):
    """A change that names no known member, or gives one a value that it cannot have."""


class Fault(StrEnum):
    """What can go wrong with a call."""

    ERROR = "error"
    TIMEOUT = "timeout"
    GARBAGE = "garbage"
    DISCONNECT = "disconnect"
    RATE_LIMIT = "rate_limit"


class GarbageKind(StrEnum):
    """How an answer with status 200 can break the contract."""

    INVALID_JSON = "invalid_json"
    INVALID_UTF8 = "invalid_utf8"
    WRONG_SHAPE = "wrong_shape"
    WRONG_CONTENT_TYPE = "wrong_content_type"
    OVERSIZE = "oversize"
    DEEP_NESTING = "deep_nesting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """
    What the source knows at this moment, and how it fails.

    Each ratio is a share of all calls; where they add up to more than 1, the first in
    the order of `Fault` wins. `version` changes the content of every record, `gone`
    holds ids that no longer match, `error_status` and `garbage_kind` fix what is
    otherwise drawn. Build it with `changed`, which checks the values.
    """

    players: Annotated[int, Meta(ge=0, lt=10**12)] = 1000
    version: Annotated[int, Meta(ge=0, le=10**12)] = 1
    gone: frozenset[str] = frozenset()
    etag: bool = True
    latency: Seconds = 0.0
    jitter: Seconds = 0.0
    timeout_seconds: Seconds = 30.0
    retry_after: Annotated[int, Meta(ge=0)] = 1
    error_ratio: Ratio = 0.0
    timeout_ratio: Ratio = 0.0
    garbage_ratio: Ratio = 0.0
    disconnect_ratio: Ratio = 0.0
    rate_limit_ratio: Ratio = 0.0
    error_status: Annotated[int, Meta(ge=300, le=599)] | None = None
    garbage_kind: GarbageKind | None = None

    def changed(self, changes: Mapping[str, object]) -> Self:
        """
        Return these faults with some members changed.

        Raises:
            BadControl: If a member is unknown or its value is out of bounds.
        """
        unknown = changes.keys() - {field.name for field in fields(self)}
        if unknown:
            raise BadControl(f"unknown member: {', '.join(sorted(unknown))}")
        try:
            return msgspec.convert(self.as_json() | _plain(changes), type(self))
        except (msgspec.ValidationError, TypeError) as error:
            raise BadControl(str(error)) from error

    def as_json(self) -> dict[str, object]:
        """Return the members as plain JSON values."""
        return _plain(self)

    def ratios(self) -> Iterator[tuple[Fault, float]]:
        """Return the share of calls that each fault takes."""
        yield Fault.ERROR, self.error_ratio
        yield Fault.TIMEOUT, self.timeout_ratio
        yield Fault.GARBAGE, self.garbage_ratio
        yield Fault.DISCONNECT, self.disconnect_ratio
        yield Fault.RATE_LIMIT, self.rate_limit_ratio


def _plain(value: object) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(value, order="deterministic")
    return plain


class FaultDice:
    """Draws faults from a seed of its own, so that a run can be repeated."""

    def __init__(self, seed: int) -> None:
        """Begin the draws of `seed`."""
        self._random = Random(f"{seed}/faults")  # noqa: S311 - repeatable, not secret

    def fault(self, faults: Faults) -> Fault | None:
        """Return what goes wrong with the next call, or None if it goes well."""
        share = self._random.random()
        for fault, ratio in faults.ratios():
            if share < ratio:
                return fault
            share -= ratio
        return None

    def delay(self, faults: Faults) -> float:
        """Return how many seconds the next answer takes."""
        if not faults.jitter:
            return faults.latency
        return max(0.0, faults.latency + self._random.uniform(-faults.jitter, faults.jitter))

    def error_status(self, faults: Faults) -> int:
        """Return the status of the next error."""
        return faults.error_status or self._random.choice(_ERROR_STATUSES)

    def garbage_kind(self, faults: Faults) -> GarbageKind:
        """Return the kind of the next garbage."""
        return faults.garbage_kind or self._random.choice(tuple(GarbageKind))
