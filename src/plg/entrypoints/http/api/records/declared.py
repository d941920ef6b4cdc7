"""Declared records: one handler for every kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Scope

from plg.application.ports.clock import ClockPort
from plg.application.records.get_record import GetRecord
from plg.domain.identity.access import Access
from plg.domain.records.declared.keys import LENGTH_MAX as KEY_LENGTH_MAX
from plg.domain.records.declared.keys import DeclaredKey, Fold, KeyRule, KeyType
from plg.domain.records.declared.paths import RecordPath
from plg.domain.records.declared.records import DeclaredRecord
from plg.domain.records.declared.resources import AnswerForm, ResourceSpec
from plg.entrypoints.http.api.records.lookups import (
    CREDENTIAL_PROBLEMS,
    SOURCE_PROBLEMS,
    ShowRecord,
    whole,
)
from plg.entrypoints.http.carrier.lane_routes import LaneRoute
from plg.entrypoints.http.endpoints import Endpoint, Operation, Parameter
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.gate.records import GuardedRecord, itself
from plg.entrypoints.http.protocol.paths import decode_segment, only_value
from plg.entrypoints.http.protocol.rendering import RecordRenderer
from plg.settings import SettingError

TAG: Final = "records"
PROBLEMS: Final = (*CREDENTIAL_PROBLEMS, "no_match", *SOURCE_PROBLEMS)
_SYNCED_AT: Final = b',"synced_at":'
_SOME_KEY: Final = {KeyType.TEXT: "example", KeyType.INTEGER: "1"}


@dataclass(frozen=True, slots=True)
class DeclaredApi:
    """Looks up the records of one declared resource, under each of its paths."""

    spec: ResourceSpec
    get: GetRecord[DeclaredKey, DeclaredRecord]
    gate: Gate
    render: RecordRenderer
    clock: ClockPort

    def endpoints(self) -> list[Endpoint]:
        """Return the routes; the documents show those alike as one."""
        forms: dict[str | None, tuple[GuardedRecord[DeclaredKey], Operation]] = {}
        endpoints = []
        for path in self.spec.paths:
            if path.parameter not in forms:
                forms[path.parameter] = self._app(path), operation_of(self.spec, path)
            app, operation = forms[path.parameter]
            endpoints.append(Endpoint(path.template, app, operation))
        return endpoints

    def lane_routes(self) -> list[LaneRoute]:
        """Return the routes that the fast lane may answer."""
        access, records, meter = Access(self.spec.scope), self.get.records, self.spec.meter_rule
        render, rule = self.render, self.spec.key
        return [
            LaneRoute(path.template, access, sent_key(path, rule), records, render, meter)
            for path in self.spec.paths
        ]

    def _app(self, path: RecordPath) -> GuardedRecord[DeclaredKey]:
        parse, access = key_parser(path, self.spec.key), Access(self.spec.scope)
        is_envelope = self.spec.answer is AnswerForm.ENVELOPE
        content = _without_synced_at if is_envelope else whole
        show = ShowRecord(self.get, self.render, self.clock, content)
        return GuardedRecord(
            self.gate, access, parse, show, self.spec.meter_rule, itself, show.peek
        )


def check_apart(specs: Iterable[ResourceSpec], present: Iterable[Endpoint]) -> None:
    """
    Check that no declared path is one of a route that there is without it.

    Raises:
        SettingError: If one is.
    """
    taken = {endpoint.path for endpoint in present}
    for spec in specs:
        for path in spec.paths:
            found = next((each for each in taken if path.matches_like(_segments(each))), None)
            if found is not None:
                raise SettingError(
                    f"RESOURCES_FILE, [resource.{spec.name}]: path may match what {found} matches."
                )


def _segments(path: str) -> tuple[str | None, ...]:
    parts = path.strip("/").split("/")
    return tuple(None if part.startswith("{") else part for part in parts)


def key_parser(path: RecordPath, rule: KeyRule) -> Callable[[Scope], DeclaredKey]:
    """Return what reads the key from a request, as the path says."""
    parse = sent_key(path, rule)

    def from_path(scope: Scope) -> DeclaredKey:
        return parse(scope["path_params"][rule.name].encode("latin-1"))

    def from_query(scope: Scope) -> DeclaredKey:
        return parse(scope["query_string"])

    return from_path if path.parameter is None else from_query


def sent_key(path: RecordPath, rule: KeyRule) -> Callable[[bytes], DeclaredKey]:
    """Return what reads the key from the path's segment or query, as it was sent."""
    parameter = path.parameter

    def from_segment(sent: bytes) -> DeclaredKey:
        return rule.parse(decode_segment(sent.decode("latin-1"), rule.name))

    def from_query(sent: bytes) -> DeclaredKey:
        return rule.parse(only_value(sent, parameter or ""))

    return from_segment if parameter is None else from_query


def operation_of(spec: ResourceSpec, path: RecordPath) -> Operation:
    """Return what the documents say of a path."""
    rule = spec.key
    example = rule.example or _SOME_KEY[rule.type]
    return Operation(
        summary=f"Look up one of {spec.name}",
        description="Answers from the cache where it may, and from the source where it must."
        + ("" if spec.is_metered else " Counted, in no quota, and never billed."),
        schema=_schema(spec),
        parameters=(
            Parameter(
                path.parameter or rule.name,
                "path" if path.parameter is None else "query",
                f"The key, 1 to {KEY_LENGTH_MAX} characters.",
                int(example) if rule.type is KeyType.INTEGER else example,
                _key_schema(rule),
            ),
        ),
        problems=PROBLEMS,
        is_record=True,
        tag=TAG,
    )


def _key_schema(rule: KeyRule) -> Mapping[str, Any]:
    if rule.type is KeyType.INTEGER:
        return {"type": "integer"}
    schema = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH_MAX}
    # A pattern is for the folded key: forms would refuse what folding makes right.
    if rule.pattern is None or rule.fold is not Fold.NONE:
        return schema
    return {**schema, "pattern": f"^(?:{rule.pattern.pattern})$"}


def _schema(spec: ResourceSpec) -> dict[str, Any]:
    record = spec.schema or {}
    if spec.answer is AnswerForm.RECORD:
        return record
    return {
        "type": "object",
        "required": [spec.key.name, "data", "synced_at"],
        "properties": {
            spec.key.name: {"type": "string"},
            "data": record,
            "synced_at": {"type": "string", "format": "date-time"},
        },
    }


def _without_synced_at(body: bytes) -> bytes:
    return body.rpartition(_SYNCED_AT)[0]
