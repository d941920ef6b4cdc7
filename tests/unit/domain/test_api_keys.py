"""Whether a key that was presented is good."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import ForbiddenNetwork, InvalidCredential
from plg.domain.identity.access import DATA_SCOPES
from plg.domain.identity.api_keys import ApiKey, KeySecret
from plg.domain.identity.networks import parse_network
from tests.fakes.clock import NOON

INSIDE, OUTSIDE = "192.0.2.7", "198.51.100.7"
KEY = ApiKey(
    "k", "ana", "ci", "plg_live_12345678", DATA_SCOPES, NOON, NOON + 100,
    (parse_network("192.0.2.0/24"),),
)  # fmt: skip
SECRET = KeySecret("12345678", "k", "p", b"digest", NOON)
FLAWS = (
    "deactivated", "revoked", "disabled", "expired", "replaced", "address"
)  # fmt: skip


def check(*flaws: str) -> None:
    """Check a key with these flaws."""
    key, secret = KEY, SECRET
    if "revoked" in flaws:
        key = replace(key, revoked_at=NOON)
    if "disabled" in flaws:
        key = replace(key, is_enabled=False)
    if "expired" in flaws:
        key = replace(key, expires_at=NOON)
    if "replaced" in flaws:
        secret = replace(secret, ends_at=NOON)
    address = OUTSIDE if "address" in flaws else INSIDE
    key.check(secret, NOON, address, is_account_active="deactivated" not in flaws)


def test_a_sound_key_passes() -> None:
    check()


@given(st.sets(st.sampled_from(FLAWS), min_size=1))
def test_of_several_flaws_the_first_in_order_is_told(flaws: set[str]) -> None:
    first = next(flaw for flaw in FLAWS if flaw in flaws)
    with pytest.raises((InvalidCredential, ForbiddenNetwork), match=first):
        check(*flaws)


def test_only_a_wrong_address_is_forbidden() -> None:
    with pytest.raises(ForbiddenNetwork):
        check("address")


@pytest.mark.parametrize(("fields", "now"), [({"expires_at": None}, NOON + 1e9), ({}, NOON + 99.9)])
def test_a_key_is_good_before_its_end(fields: dict[str, Any], now: float) -> None:
    replace(KEY, **fields).check(SECRET, now, INSIDE, is_account_active=True)


def test_a_key_without_networks_is_good_anywhere() -> None:
    replace(KEY, allowed_networks=()).check(SECRET, NOON, None, is_account_active=True)


@pytest.mark.parametrize(
    ("expires_at", "ends_at", "until"),
    [(None, None, float("inf")), (1.0, None, 1.0), (None, 2.0, 2.0), (1.0, 2.0, 1.0)],
)
def test_a_secret_ends_with_its_key_or_its_grace(
    expires_at: float | None, ends_at: float | None, until: float
) -> None:
    key, secret = replace(KEY, expires_at=expires_at), replace(SECRET, ends_at=ends_at)

    assert key.valid_until(secret) == until


def test_a_kept_secret_does_not_show_its_digest() -> None:
    assert "digest" not in repr(SECRET)
