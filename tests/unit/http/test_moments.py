"""Times in answers and requests."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.entrypoints.http.protocol.moments import instant, moment


@given(st.floats(0, 4e9))
@example(0.9999999)
def test_a_moment_is_the_instant_to_the_millisecond(seconds: float) -> None:
    assert -1e-6 <= seconds - moment(seconds).timestamp() < 0.001 + 1e-6


def test_no_instant_is_no_moment() -> None:
    assert moment(None) is None


@pytest.mark.parametrize(
    "text", ["2023-11-14T22:13:20Z", "2023-11-14T23:13:20+01:00", "2023-11-14t22:13:20.000z"]
)
def test_a_time_with_its_zone_is_read(text: str) -> None:
    assert instant(text, "since") == 1_700_000_000


@pytest.mark.parametrize(
    "text", ["", "now", "2023-11-14", "2023-11-14T22:13:20", "20231114T221320Z"]
)
def test_what_is_no_such_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        instant(text, "since")

    assert caught.value.parameter == "since"
