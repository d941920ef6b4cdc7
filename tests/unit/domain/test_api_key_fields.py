"""What may be said of an API key."""

import pytest

from plg.domain.errors import InvalidParameter
from plg.domain.identity.api_key_fields import (
    EXPIRY_SECONDS_MAX,
    GRACE_SECONDS_MAX,
    expiry_of,
    grace_of,
    name_of,
    networks_of,
    rate_of,
    reason_of,
)
from plg.domain.limits.rates import Rate
from tests.fakes.clock import NOON


@pytest.mark.parametrize("text", ["x", "x" * 100, "Ci für Straße 🚀", "  ci "])
def test_a_name_is_kept_without_outer_blanks(text: str) -> None:
    assert name_of(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "  ", "x" * 101, "a\nb", "a\x00b", "a\x7fb", "\ud800", "a\u2028b"]
)
def test_a_name_that_cannot_be_shown_in_a_line_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        name_of(text)

    assert caught.value.parameter == "name"


def test_a_reason_is_like_a_name_but_longer() -> None:
    assert reason_of("x" * 200) == "x" * 200
    with pytest.raises(InvalidParameter, match="reason"):
        reason_of("x" * 201)


def test_networks_are_kept_once_and_in_order() -> None:
    networks = networks_of(["::/0", "10.0.0.0/8", "::ffff:10.0.0.0/104"])

    assert [str(network) for network in networks] == ["::/0", "10.0.0.0/8"]


@pytest.mark.parametrize("texts", [["10.0.0.1/8"], ["nowhere"], ["10.0.0.1"] * 51])
def test_networks_that_are_none_or_too_many_are_refused(texts: list[str]) -> None:
    with pytest.raises(InvalidParameter, match="allowed_networks"):
        networks_of(texts)


def test_fifty_networks_are_not_too_many() -> None:
    assert len(networks_of(f"10.0.0.{number}" for number in range(50))) == 50


def test_a_rate_is_read() -> None:
    assert rate_of("limits.burst", "60/minute") == Rate(60, 60)


@pytest.mark.parametrize("text", ["", "60", "0/minute", "-1/minute", "60/week", "1e9/minute"])
def test_a_rate_that_is_none_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InvalidParameter, match=r"limits\.burst must be a rate") as caught:
        rate_of("limits.burst", text)

    assert caught.value.parameter == "limits.burst"


@pytest.mark.parametrize("instant", [None, NOON + 0.001, NOON + EXPIRY_SECONDS_MAX])
def test_a_key_expires_never_or_in_the_next_ten_years(instant: float | None) -> None:
    assert expiry_of(instant, NOON) == instant


@pytest.mark.parametrize(
    "instant", [NOON, NOON - 1, NOON + EXPIRY_SECONDS_MAX + 1, float("nan"), float("inf")]
)
def test_another_expiry_is_refused(instant: float) -> None:
    with pytest.raises(InvalidParameter, match="expires_at"):
        expiry_of(instant, NOON)


@pytest.mark.parametrize("seconds", [0, GRACE_SECONDS_MAX])
def test_a_grace_is_up_to_thirty_days(seconds: int) -> None:
    assert grace_of(seconds) == seconds


@pytest.mark.parametrize("seconds", [-1, GRACE_SECONDS_MAX + 1])
def test_another_grace_is_refused(seconds: int) -> None:
    with pytest.raises(InvalidParameter, match="grace_seconds"):
        grace_of(seconds)
