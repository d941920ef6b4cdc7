"""Problems of the source and of the gateway itself."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

SERVICE: Final[dict[str, Kind]] = {
    "not_cached": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Nothing is cached under this id",
        "Ask again without `Cache-Control: only-if-cached`, and the source will be asked.",
    ),
    "source_failed": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source failed",
        "Try again in a moment; the operator's log says what happened.",
        "The source did not give a usable answer.",
    ),
    "source_broken": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source sent something unusable",
        "Try again later; the operator's log and metrics say what is wrong with the answer.",
        "The source's answer breaks the contract.",
    ),
    "source_timeout": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "The source is too slow",
        "Try again in a moment.",
        "The source did not answer in time.",
    ),
    "source_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The source is known to be down",
        "Try again after the seconds in `Retry-After`; the source is left alone until then.",
        "The source failed repeatedly and is not asked for a while.",
    ),
    "source_busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many calls wait for the source",
        "Try again after the seconds in `Retry-After`, with fewer requests at once.",
        "As many calls to the source as allowed are under way.",
    ),
    "busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too much waits already",
        "Try again after the seconds in `Retry-After`.",
        "Too many log-ins are being checked at once.",
    ),
    "ledger_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The request cannot be counted",
        "Try again after the seconds in `Retry-After`; what was not answered is not billed.",
        "What is billable cannot be written down at the moment, so it is not answered.",
    ),
    "seal_broken": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A stored secret cannot be read",
        "Tell the operator: `SECRET_KEY` changed, and its old value is not in "
        "`SECRET_KEY_PREVIOUS`.",
        "A stored secret cannot be read with the gateway's present secret.",
    ),
    "storage_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A database does not answer",
        "Try again in a moment; the operator finds the reason in the log and under `/health`.",
        "A database of the gateway does not answer.",
    ),
    "overloaded": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many connections",
        "Try again after the seconds in `Retry-After`, with fewer connections.",
        "As many connections as allowed are open.",
    ),
    "internal_error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something is wrong with the gateway",
        "Tell the operator the `request_id`: the log says more under it.",
        "Something went wrong inside the gateway.",
    ),
}
