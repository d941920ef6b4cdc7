"""Lists in header fields (RFC 9110, 5.6.1): a comma inside quotes is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.entrypoints.http.protocol.fields import list_elements

QUOTED = st.text(alphabet='ab,; "\\', max_size=8).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
ELEMENTS = st.one_of(
    st.sampled_from(("no-cache", "max-age=5", "gzip;q=0.5", "W/x")),
    st.builds("{}={}".format, st.sampled_from(("a", "b-c")), QUOTED),
    QUOTED,
)


@pytest.mark.parametrize(
    ("value", "elements"),
    [
        (b"", []),
        (b" , ,\t,", []),
        (b"a", [b"a"]),
        (b"a,b", [b"a", b"b"]),
        (b" a ,\tb\t, c", [b"a", b"b", b"c"]),
        (b'a="b, c", d', [b'a="b, c"', b"d"]),
        (b'a="b\\", c", d', [b'a="b\\", c"', b"d"]),
        (b'a="b\\\\", c', [b'a="b\\\\"', b"c"]),
        (b'"a"b"c,d"e, f', [b'"a"b"c,d"e', b"f"]),
        (b'a="b, c', [b'a="b, c']),
        (b'a="b, c\\', [b'a="b, c\\']),
    ],
)
def test_elements_are_what_commas_outside_of_quotes_divide(
    value: bytes, elements: list[bytes]
) -> None:
    assert list_elements(value) == elements


@given(
    st.lists(ELEMENTS, max_size=6),
    st.sampled_from((",", ", ", " ,\t", ",,", " , , ")),
)
def test_a_list_that_is_written_is_read_again(elements: list[str], comma: str) -> None:
    assert list_elements(comma.join(elements).encode()) == [each.encode() for each in elements]


def test_a_long_row_of_quotes_takes_no_time_to_speak_of() -> None:
    assert len(list_elements(b'"\\' * 16_000)) == 1
    assert len(list_elements(b'"a' * 16_000)) == 1
