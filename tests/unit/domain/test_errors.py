"""The tree of failures."""

import pytest

from plg.domain import errors
from plg.domain.errors import (
    InsufficientScope,
    PlgError,
    SourceBroken,
    SourceBusy,
    SourceError,
    SourceFailed,
    SourceFault,
    SourceTimeout,
)

CLASSES = [
    thing
    for thing in vars(errors).values()
    if isinstance(thing, type) and issubclass(thing, PlgError)
]


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = {failure.code for failure in CLASSES}

    assert len(codes) == len(CLASSES)


@pytest.mark.parametrize("failure", CLASSES, ids=lambda failure: failure.__name__)
def test_every_failure_is_drawn_in_the_module(failure: type[PlgError]) -> None:
    assert f"{failure.__name__}" in (errors.__doc__ or "")


@pytest.mark.parametrize("status", [None, 408, 429, 500, 503, 599])
def test_a_source_that_cannot_answer_anybody_has_an_outage(status: int | None) -> None:
    assert SourceFailed("no", status=status).is_outage


@pytest.mark.parametrize("status", [301, 400, 401, 403, 418])
def test_a_refusal_of_one_request_is_no_outage(status: int) -> None:
    assert not SourceFailed("no", status=status).is_outage


@pytest.mark.parametrize(
    "error", [SourceTimeout("slow"), SourceBroken(SourceFault.JSON, "garbage")]
)
def test_silence_and_garbage_are_outages(error: SourceError) -> None:
    assert error.is_outage


def test_a_missing_scope_is_named() -> None:
    error = InsufficientScope("cache:refresh")

    assert (error.scope, "cache:refresh" in str(error)) == ("cache:refresh", True)


def test_a_busy_source_says_when_to_come_back() -> None:
    assert SourceBusy("full", retry_after=1.0).retry_after == 1.0
