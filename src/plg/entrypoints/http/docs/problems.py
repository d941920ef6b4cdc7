"""What the OpenAPI document says of failures: one answer, to which every operation refers."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from plg.entrypoints.http.protocol.problem_kinds import KINDS

PROBLEM_RESPONSE_NAME: Final = "Problem"


class Problem(msgspec.Struct):
    """A failure (RFC 9457); some codes add members of their own."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


PROBLEM_RESPONSE: Final = {
    "description": "A failure, as RFC 9457 describes it",
    "content": {
        "application/problem+json": {
            "schema": {"$ref": f"#/components/schemas/{Problem.__name__}"},
        }
    },
}


def problem_responses(codes: Iterable[str]) -> dict[str, Any]:
    """Return the answers by status; of each only its codes are its own (OpenAPI 3.1, 4.8.23)."""
    by_status: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_status[str(KINDS[code].status.value)].append(code)
    return {
        status: {
            "$ref": f"#/components/responses/{PROBLEM_RESPONSE_NAME}",
            "description": "; ".join(f"`{code}`: {KINDS[code].title}" for code in sorted(group)),
        }
        for status, group in sorted(by_status.items())
    }
