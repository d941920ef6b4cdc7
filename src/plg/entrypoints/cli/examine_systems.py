"""What the databases and the source say when asked."""

from http import HTTPStatus
from typing import Final

from plg.application.ports.health import SchemaPort, SourceProbe, SourceProbePort
from plg.domain.errors import SourceBroken, SourceError, SourceTimeout, StorageUnavailable
from plg.entrypoints.cli.findings import Finding, fine, remark, wrong

REFUSALS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


async def examine_database(line: str, schema: SchemaPort) -> Finding:
    """Examine a database and its migrations."""
    subject = f"{line} database"
    try:
        found = await schema.read()
    except StorageUnavailable as error:
        advice = "restore it from a backup"
        if line == "cache":
            advice = "nothing: the next start sets it aside and begins a new one"
        return wrong(subject, str(error), advice)
    if found.current is None:
        return remark(subject, "not made yet", "nothing: plg serve makes it, or plg migrate")
    if not found.is_current:
        detail = f"at {found.current}, this version needs {found.newest}"
        return wrong(
            subject,
            detail,
            "run plg migrate; where it is newer than this version, install the one that made it",
        )
    return fine(subject, f"at {found.current}, the newest")


async def examine_source(
    probe: SourceProbePort, patience: float
) -> tuple[Finding, SourceProbe | None]:
    """Examine the source by one call for a key that cannot exist."""
    try:
        found = await probe.probe()
    except SourceError as error:
        return _failure(error), None
    if found.knows_every_key:
        detail = "has a player under a key that was made up"
        return wrong("source", detail, "it must answer only for keys that exist"), found
    took = f"answered in {found.seconds * 1000:.0f} ms and keeps the contract"
    if found.status == HTTPStatus.NOT_FOUND:
        advice = "try plg get player with a real id, to be sure of EXTERNAL_API_BASE_URL"
        return remark("source", f"{took}, with a 404 as any wrong address gives", advice), found
    if found.seconds > patience / 2:
        advice = "raise EXTERNAL_API_TIMEOUT_SECONDS, or find out why it is slow"
        return remark("source", took, advice), found
    return fine("source", took), found


def _failure(error: SourceError) -> Finding:
    if isinstance(error, SourceTimeout):
        advice = "is it overloaded, or is a firewall in between? See EXTERNAL_API_TIMEOUT_SECONDS"
        return wrong("source", "did not answer in time", advice)
    if isinstance(error, SourceBroken):
        advice = "EXTERNAL_API_BASE_URL must be the address that /players is below"
        return wrong("source", f"breaks the contract ({error.fault}): {error}", advice)
    if error.status in REFUSALS:
        advice = "set its key in EXTERNAL_API_HEADERS"
        return wrong("source", f"refuses PLG with status {error.status}", advice)
    if error.status is not None:
        advice = "is EXTERNAL_API_BASE_URL the address that /players is below?"
        return wrong("source", f"answers with status {error.status}", advice)
    advice = "is it running, and is EXTERNAL_API_BASE_URL right?"
    return wrong("source", f"cannot be reached: {error}", advice)
