"""What the OpenAPI document says of API keys."""

from typing import Final

from plg.domain.identity.api_key_fields import REASON_LENGTH_MAX
from plg.domain.identity.api_key_format import PATTERN
from plg.entrypoints.http.api.identity.api_key_views import (
    KEY_BODY_EXAMPLE,
    KEY_EXAMPLE,
    NEW_KEY_EXAMPLE,
    KeyBody,
    KeyChangeBody,
    KeyView,
    LeakedBody,
    LeakedView,
    NewKeyView,
    RegenerateBody,
)
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.api.texts import label
from plg.entrypoints.http.endpoints import Operation, Parameter
from plg.entrypoints.http.protocol.listing import SEARCH_LENGTH_MAX

TAG: Final = "api-keys"
_ID: Final = Parameter("id", "path", "The key's id.", "01JD7Q3W9XK5T2V8M4N6P0R1SA")
_SEARCH: Final = Parameter(
    "q",
    "query",
    "Only keys whose name or prefix contains this.",
    "build",
    {"type": "string", "maxLength": SEARCH_LENGTH_MAX},
    is_required=False,
)
_REASON: Final = Parameter(
    "reason",
    "query",
    "Why it is revoked: kept with the key and in the audit log.",
    "left the team",
    {"type": "string", **label(REASON_LENGTH_MAX)},
    is_required=False,
)

LIST: Final = Operation(
    summary="List the account's keys",
    description="In the order they were made, revoked ones too; with `q`, only those it finds.",
    answer=KeyView,
    example={"items": [KEY_EXAMPLE], "next_cursor": None},
    parameters=(*LIST_PARAMETERS, _SEARCH),
    is_page=True,
    tag=TAG,
)
ISSUE: Final = Operation(
    summary="Make a key",
    description=(
        f"The answer holds the secret `key`, in the form `{PATTERN}`, this once. What is not said "
        "is `players:read vehicles:read`, for 365 days, from anywhere, under the usual limits; "
        "`expires_at` null is for never. A key is never more than the credential that makes it."
    ),
    answer=NewKeyView,
    example=NEW_KEY_EXAMPLE,
    body=KeyBody,
    body_example=KEY_BODY_EXAMPLE,
    status=201,
    problems=("too_many_held",),
    tag=TAG,
)
SHOW: Final = Operation(
    summary="Show a key",
    description="Everything but its secret.",
    answer=KeyView,
    example=KEY_EXAMPLE,
    parameters=(_ID,),
    problems=("not_found",),
    tag=TAG,
)
REPLACE: Final = Operation(
    summary="Replace a key's settings",
    description="What is not given becomes as in a new key; the secret stays.",
    answer=KeyView,
    example=KEY_EXAMPLE,
    parameters=(_ID,),
    body=KeyBody,
    body_example=KEY_BODY_EXAMPLE,
    problems=("not_found", "key_revoked"),
    tag=TAG,
)
CHANGE: Final = Operation(
    summary="Change a key",
    description=(
        "Changes what is said; the secret stays. `expires_at` null is for never, `limits` null, "
        "or one of them, for the usual ones. Other processes follow within five seconds."
    ),
    answer=KeyView,
    example=KEY_EXAMPLE,
    parameters=(_ID,),
    body=KeyChangeBody,
    body_example={"name": "build server"},
    problems=("not_found", "key_revoked"),
    tag=TAG,
)
REVOKE: Final = Operation(
    summary="Revoke a key",
    description=(
        "Ends it once and for all: at once where this is answered, within five seconds in other "
        "processes. It stays in the list."
    ),
    parameters=(_ID, _REASON),
    status=204,
    problems=("not_found", "invalid_parameter"),
    tag=TAG,
)
REGENERATE: Final = Operation(
    summary="Give a key a new secret",
    description=(
        "The answer holds the new secret `key` this once; id, name, scopes and history stay. The "
        "old secret lives on for `grace_seconds` (a day; 0 ends it at once, 30 days are the most). "
        "At most two live: one that was in its grace already ends."
    ),
    answer=NewKeyView,
    example=NEW_KEY_EXAMPLE,
    parameters=(_ID,),
    body=RegenerateBody,
    body_example={"grace_seconds": 86400},
    needs_body=False,
    problems=("not_found", "key_revoked"),
    tag=TAG,
)
REPORT_LEAK: Final = Operation(
    summary="Report a leaked key",
    description=(
        "Revokes the key whose full secret is presented, with the reason `leaked`; no credential "
        "is needed. `revoked` tells whether it was a key of ours, which then is good for nothing."
    ),
    answer=LeakedView,
    example={"revoked": True},
    body=LeakedBody,
    body_example={"credential": "plg_live_4kT9bXz1<32 characters><6 characters>"},
    tag=TAG,
)
