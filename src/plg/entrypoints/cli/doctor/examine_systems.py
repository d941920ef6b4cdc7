"""What the databases and the sources say when asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from plg.application.ports.health import SchemaPort, SourceProbe, SourceProbePort
from plg.domain.errors import (
    SourceBroken,
    SourceError,
    SourceFailed,
    SourceFault,
    SourceTimeout,
    StorageUnavailable,
    Unreachable,
)
from plg.entrypoints.cli.doctor.findings import MADE_ON_START, Finding, fine, remark, wrong

VARIABLES: Final = {"durable": "DATABASE_URL", "cache": "CACHE_DATABASE_URL"}
REFUSALS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


async def examine_database(line: str, schema: SchemaPort, *, is_embedded: bool) -> Finding:
    """Examine a database and its migrations."""
    subject = f"{line} database"
    try:
        found = await schema.read()
    except StorageUnavailable as error:
        advice = "restore it from a backup"
        if not is_embedded:
            advice = f"is its server running, and does {VARIABLES[line]} lead to it?"
        elif line == "cache":
            advice = "nothing: the next start sets it aside and begins a new one"
        return wrong(subject, str(error), advice)
    if found.is_of_others:
        advice = f"set {VARIABLES[line]} to a file of its own"
        return wrong(subject, "the file holds tables that are not PLG's for this", advice)
    if found.current is None:
        return (
            remark(subject, "not made yet", MADE_ON_START)
            if is_embedded
            else wrong(subject, "has no tables of PLG yet", "run plg migrate")
        )
    detail = f"at {found.current}, this version needs {found.newest}"
    if found.is_newer:
        return wrong(subject, f"{detail}: it is newer", "install the version that made it")
    if not found.is_current:
        return wrong(subject, detail, "run plg migrate")
    return fine(subject, f"at {found.current}, the newest")


@dataclass(frozen=True, slots=True)
class ExaminedSource:
    """
    A source, as findings name it.

    Attributes:
        path: What answers below the address that `variable` is set to.
        shape: What its contract says that the body of an answer is.
    """

    subject: str
    record: str
    variable: str
    headers: str
    path: str
    shape: str


_ADVICE: Final[Mapping[Unreachable | None, str]] = {
    Unreachable.UNRESOLVED: "is the host in {variable} spelled right, and does DNS work here?",
    Unreachable.REFUSED: "is it running, and is the port in {variable} right?",
    Unreachable.UNROUTED: "is this host connected to its network, and {variable} right?",
    Unreachable.CERTIFICATE: "have its certificate renewed, use the name in it for {variable}, or "
    "add its authority to those that this host trusts (SSL_CERT_FILE)",
    Unreachable.TLS: "does {variable} begin with https:// though the source speaks http?",
    Unreachable.BROKEN_OFF: "what does its log say, or that of the proxy in front of it?",
}
"""What to check; the variable is the one that has the source's address."""

OF_PLAYERS: Final = ExaminedSource(
    "source",
    "player",
    "EXTERNAL_API_BASE_URL",
    "EXTERNAL_API_HEADERS",
    "/players",
    '[{"killer_bi_id": "...", ...}], {"results": [...]} of the same, or one such object',
)
OF_VEHICLES: Final = ExaminedSource(
    "vehicle source",
    "vehicle",
    "VEHICLE_API_BASE_URL",
    "VEHICLE_API_HEADERS",
    "/vehicles",
    'one object, such as {"vin": "...", ...}',
)


async def examine_source(
    source: ExaminedSource, probe: SourceProbePort, patience: float
) -> tuple[Finding, SourceProbe | None]:
    """Examine a source by one call for a key that cannot exist."""
    try:
        found = await probe.probe()
    except SourceError as error:
        return _failure(source, error), None
    return _answered(source, found, patience), found


def _answered(source: ExaminedSource, found: SourceProbe, patience: float) -> Finding:
    subject = source.subject
    if found.knows_every_key:
        detail = f"has a {source.record} under a key that was made up"
        return wrong(subject, detail, "it must answer only for keys that exist")
    took = f"answered in {found.seconds * 1000:.0f} ms and keeps the contract"
    if found.seconds > patience / 2:
        advice = "raise EXTERNAL_API_TIMEOUT_SECONDS, or find out why it is slow"
        return remark(subject, took, advice)
    if found.status == HTTPStatus.NOT_FOUND:
        took = f"{took}, with a 404 as any wrong address gives"
        advice = f"try plg get {source.record} with a real id, to be sure of {source.variable}"
        return remark(subject, took, advice)
    return fine(subject, took)


def _failure(source: ExaminedSource, error: SourceError) -> Finding:
    subject, variable = source.subject, source.variable
    if isinstance(error, SourceTimeout):
        advice = "is it overloaded, or is a firewall in between? See EXTERNAL_API_TIMEOUT_SECONDS"
        return wrong(subject, "did not answer in time", advice)
    if isinstance(error, SourceBroken):
        advice = f"{variable} must be the address that {source.path} is below"
        if error.fault is SourceFault.SHAPE:
            advice = f"its answers must be {source.shape}"
        return wrong(subject, f"breaks the contract ({error.fault}): {error}", advice)
    if error.status in REFUSALS:
        advice = f"set its key in {source.headers}"
        return wrong(subject, f"refuses PLG with status {error.status}", advice)
    if error.status is not None:
        advice = f"is {variable} the address that {source.path} is below?"
        return wrong(subject, f"answers with status {error.status}", advice)
    cause = error.cause if isinstance(error, SourceFailed) else None
    advice = _ADVICE.get(cause, "is it running, and is {variable} right?")
    return wrong(subject, f"cannot be reached: {error}", advice.format(variable=variable))
