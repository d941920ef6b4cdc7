"""Problems of the source and of the gateway itself."""

from http import HTTPStatus
from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.kind import Kind

SERVICE: Final[dict[str, Kind]] = {
    "not_cached": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Nothing is cached under this id",
        "The request said `only-if-cached`, and no cached record may be served.",
        "Ask again without it, and the source will be asked.",
    ),
    "source_failed": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source failed",
        "The source could not be reached, or answered with an error.",
        "Try again in a moment. The operator finds the reason in the log.",
        "The source did not give a usable answer.",
    ),
    "source_broken": Kind(
        HTTPStatus.BAD_GATEWAY,
        "The source sent an unusable answer",
        "The source's answer breaks the contract.",
        "Tell the operator: log and metrics say what is wrong with the answer.",
        "The source's answer breaks the contract.",
    ),
    "source_timeout": Kind(
        HTTPStatus.GATEWAY_TIMEOUT,
        "The source is too slow",
        "The source did not answer in time.",
        "Try again in a moment.",
        "The source did not answer in time.",
    ),
    "source_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The source is known to be down",
        "The source failed repeatedly and is not asked for a while.",
        "Try again after the seconds in `Retry-After`.",
        "The source failed repeatedly and is not asked for a while.",
    ),
    "source_busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many calls wait for the source",
        "As many calls to the source as allowed are under way.",
        "Try again after the seconds in `Retry-After`, with fewer requests at once.",
        "As many calls to the source as allowed are under way.",
    ),
    "busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many requests of this kind are waiting",
        "Too many passwords wait to be checked, or too many mails to be sent.",
        "Try again after the seconds in `Retry-After`.",
        "Too many log-ins are being checked at once.",
    ),
    "ledger_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The request cannot be counted",
        "The usage record cannot be written in time, so a billable request is not answered.",
        "Try again after the seconds in `Retry-After`. Without an answer nothing is billed.",
        "What is billable cannot be written down at the moment, so it is not answered.",
    ),
    "seal_broken": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A stored secret cannot be read",
        "A stored secret cannot be read: `SECRET_KEY` changed, and its old value is not in "
        "`SECRET_KEY_PREVIOUS`.",
        "Tell the operator, who adds the old value to `SECRET_KEY_PREVIOUS`.",
        "A stored secret cannot be read with the gateway's present secret.",
    ),
    "storage_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A database does not answer",
        "A database of the gateway does not answer. Lookups work without the cache's database; "
        "without the other one they need a credential that was checked less than a minute before.",
        "Try again in a moment. The operator finds the reason in the log and under `/health`.",
        "A database of the gateway does not answer.",
    ),
    "overloaded": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many connections",
        "`API_CONNECTIONS_MAX` connections are open.",
        "Try again after the seconds in `Retry-After`, with fewer connections.",
        "As many connections as allowed are open.",
    ),
    "internal_error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something is wrong with the gateway",
        "There is a fault in the gateway itself.",
        "Give the `request_id` to the operator, who finds more in the log under it.",
        "Something went wrong inside the gateway.",
    ),
}
