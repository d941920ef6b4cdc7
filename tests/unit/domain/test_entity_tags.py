"""Whether a client has a record already."""

import pytest

from plg.domain.records.entity_tags import is_named_in


@pytest.mark.parametrize(
    "value", [b'"a,b"', b'W/"a,b"', b'"x", "a,b"', b'"x\\", W/"a,b" , "y"', b"*"]
)
def test_a_comma_within_an_entity_tag_divides_nothing(value: bytes) -> None:
    assert is_named_in(value, b'"a,b"')
    assert value == b"*" or not is_named_in(value, b'"b"')
