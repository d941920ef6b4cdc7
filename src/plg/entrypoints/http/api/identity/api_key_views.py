"""How API keys look in JSON, and what is asked about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from plg.application.identity.issue_key import IssuedKey
from plg.domain.identity.access import BUILT_IN, SCOPE_PATTERN
from plg.domain.identity.api_key_changes import NOT_GIVEN, KeyChange, NotGiven
from plg.domain.identity.api_key_fields import (
    GRACE_SECONDS,
    GRACE_SECONDS_MAX,
    NAME_LENGTH_MAX,
    NETWORKS_MAX,
    REASON_LENGTH_MAX,
    name_of,
    networks_of,
    rate_of,
    reason_of,
)
from plg.domain.identity.api_key_format import PATTERN
from plg.domain.identity.api_keys import ApiKey
from plg.domain.limits.rates import Rate
from plg.entrypoints.http.api.texts import LABEL_PATTERN, Moment, RateText, label
from plg.entrypoints.http.arguments import in_path
from plg.entrypoints.http.protocol.moments import moment
from plg.entrypoints.http.queries import ListQuery, search_parameter, text_parameter

Name = Annotated[
    str,
    Meta(min_length=1, max_length=NAME_LENGTH_MAX, extra_json_schema={"pattern": LABEL_PATTERN}),
]
ScopeName = Annotated[
    str,
    Meta(
        pattern=SCOPE_PATTERN,
        examples=sorted(BUILT_IN),
        description="A scope: one of PLG's own, or that of a declared resource.",
    ),
]
KeyId = Annotated[str, in_path("id", "The key's id.", "01JD7Q3W9XK5T2V8M4N6P0R1SA")]
ScopeList = Annotated[list[ScopeName], Meta(min_length=1)]
NetworkList = Annotated[list[str], Meta(max_length=NETWORKS_MAX)]
Grace = Annotated[int, Meta(ge=0, le=GRACE_SECONDS_MAX)]


class KeyLimits(Struct, frozen=True):
    """A key's own rates; null where the usual one holds."""

    burst: str | None
    sustained: str | None


class KeyView(Struct, frozen=True):
    """A key without its secret; `last_used_at` is exact to the minute."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    allowed_networks: list[str]
    limits: KeyLimits
    is_enabled: bool
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None
    revoked_at: datetime | None
    revoked_reason: str | None


class NewKeyView(KeyView, frozen=True, kw_only=True):
    """A key with its secret `key`, which appears here and nowhere else."""

    key: Annotated[str, Meta(description=f"In the form `{PATTERN}`.")]


class KeysQuery(ListQuery, frozen=True, kw_only=True):
    """Which keys are asked for."""

    q: Annotated[
        str | None,
        search_parameter("Only keys whose name or prefix contains this.", "build"),
    ] = None


class RevocationQuery(Struct, frozen=True):
    """Why a key is revoked."""

    reason: Annotated[
        str | None,
        text_parameter(
            "Why it is revoked: kept with the key and in the audit log.",
            "left the team",
            lambda text, _name: reason_of(text),
            **label(REASON_LENGTH_MAX),
        ),
    ] = None


class LimitsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Rates such as `60/minute`; null for the usual one."""

    burst: RateText | UnsetType | None = UNSET
    sustained: RateText | UnsetType | None = UNSET


class KeyChangeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed of a key."""

    name: Name | UnsetType = UNSET
    scopes: ScopeList | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    allowed_networks: NetworkList | UnsetType | None = UNSET
    limits: LimitsBody | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET


class KeyBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a key is to be; `expires_at` null for never."""

    name: Name
    scopes: ScopeList | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    allowed_networks: NetworkList | UnsetType | None = UNSET
    limits: LimitsBody | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET


class RegenerateBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How long the secret that is replaced lives on."""

    grace_seconds: Grace = GRACE_SECONDS


class LeakedBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A credential that was found where it should not be."""

    credential: str


class LeakedView(Struct, frozen=True):
    """Whether it was a key of ours; then it is good for nothing any more."""

    revoked: bool


KEY_EXAMPLE: Final[Mapping[str, Any]] = {
    "id": "01JD7Q3W9XK5T2V8M4N6P0R1SA",
    "name": "build server",
    "prefix": "plg_live_4kT9bXz1",
    "scopes": ["players:read", "vehicles:read"],
    "allowed_networks": ["192.0.2.0/24", "2001:db8::/32"],
    "limits": {"burst": "30/minute", "sustained": None},
    "is_enabled": True,
    "created_at": "2026-11-21T10:00:00.000Z",
    "updated_at": "2026-11-21T10:02:00.000Z",
    "expires_at": "2027-11-21T10:00:00.000Z",
    "last_used_at": "2026-11-21T10:05:00.000Z",
    "last_used_address": "192.0.2.17",
    "revoked_at": None,
    "revoked_reason": None,
}
NEW_KEY_EXAMPLE: Final = {
    **KEY_EXAMPLE,
    "updated_at": "2026-11-21T10:00:00.000Z",
    "last_used_at": None,
    "last_used_address": None,
    "key": "plg_live_4kT9bXz1<32 characters><6 characters>",
}
KEY_BODY_EXAMPLE: Final = {
    "name": "build server",
    "scopes": ["players:read"],
    "limits": {"burst": "30/minute"},
}


def key_view(key: ApiKey) -> KeyView:
    return KeyView(**_members(key))


def new_key_view(issued: IssuedKey) -> NewKeyView:
    return NewKeyView(**_members(issued.key), key=issued.secret.reveal())


def wish_of(body: KeyBody | KeyChangeBody) -> KeyChange:
    """
    Return what a body asks for.

    Raises:
        InvalidParameter: If a member cannot be used.
    """
    burst, sustained = _limits(body.limits)
    return KeyChange(
        NOT_GIVEN if isinstance(body.name, UnsetType) else name_of(body.name),
        NOT_GIVEN if isinstance(body.scopes, UnsetType) else frozenset(body.scopes),
        _expiry(body.expires_at),
        NOT_GIVEN
        if isinstance(body.allowed_networks, UnsetType)
        else networks_of(body.allowed_networks or ()),
        burst,
        sustained,
        NOT_GIVEN if isinstance(body.is_enabled, UnsetType) else body.is_enabled,
    )


def _expiry(given: datetime | UnsetType | None) -> float | NotGiven | None:
    if isinstance(given, UnsetType):
        return NOT_GIVEN
    return None if given is None else given.timestamp()


def _limits(
    given: LimitsBody | UnsetType | None,
) -> tuple[Rate | NotGiven | None, Rate | NotGiven | None]:
    if isinstance(given, UnsetType):
        return NOT_GIVEN, NOT_GIVEN
    if given is None:
        return None, None
    return _rate("limits.burst", given.burst), _rate("limits.sustained", given.sustained)


def _rate(parameter: str, given: str | UnsetType | None) -> Rate | NotGiven | None:
    if isinstance(given, UnsetType):
        return NOT_GIVEN
    return None if given is None else rate_of(parameter, given)


def _members(key: ApiKey) -> dict[str, Any]:
    rates = key.rates
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "allowed_networks": [str(network) for network in key.allowed_networks],
        "limits": KeyLimits(_text(rates.burst), _text(rates.sustained)),
        "is_enabled": key.is_enabled,
        "created_at": moment(key.created_at),
        "updated_at": moment(key.updated_at or key.created_at),
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.last_used_at),
        "last_used_address": key.last_used_address,
        "revoked_at": moment(key.revoked_at),
        "revoked_reason": key.revoked_reason,
    }


def _text(rate: Rate | None) -> str | None:
    return None if rate is None else str(rate)
