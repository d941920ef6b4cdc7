"""Paths of declared records."""

from hypothesis import given
from hypothesis import strategies as st

from plg.domain.records.declared.paths import RecordPath, clash

WRONG = (
    "",
    "/",
    "/v1/products/{sku}",
    "/api/v1/products",
    "/api/v1/products/{sku}/{sku}",
    "/api/v1/{a}/{b}",
    "/api/v1/products/x{sku}",
    "/api/v1/products/{SKU}",
    "/api/v1/products/{sku}?x={sku}",
    "/api/v1/products?sku=x{sku}",
    "/api/v1/products?sku={sku}&x=1",
    "/api/v1//{sku}",
    "/api/v1/../{sku}",
    "/api/v1/a b/{sku}",
    "/api/v1/%41/{sku}",
    "/api/" + "x" * 200 + "/{sku}",
)
RESERVED = (
    "/api/v1/users/{id}",
    "/api/v1/{id}",
    "/api/v1/{id}/x",
    "/api/v1/players/{id}",
    "/api/docs/{id}",
    "/api/{id}",
    "/api/v1/vehicle/x/{id}",
)


def is_path(text: str) -> bool:
    try:
        RecordPath.parse(text)
    except ValueError:
        return False
    return True


def test_a_path_holds_the_key_as_a_segment_or_in_the_query() -> None:
    in_path = RecordPath.parse("/api/v1/products/{sku}")
    in_query = RecordPath.parse("/api/v1/find?sku={sku}")

    assert (in_path.template, in_path.parameter, in_path.name) == (
        "/api/v1/products/{sku}",
        None,
        "sku",
    )
    assert (in_query.template, in_query.parameter) == ("/api/v1/find", "sku")


def test_what_is_no_path_of_records_is_refused() -> None:
    assert [text for text in WRONG if is_path(text)] == []


def test_routes_of_plg_are_reserved() -> None:
    assert [text for text in RESERVED if not RecordPath.parse(text).is_reserved] == []
    assert not RecordPath.parse("/api/v1/products/{sku}").is_reserved
    assert not RecordPath.parse("/api/v2/users/{id}").is_reserved


def test_two_paths_that_could_match_one_request_clash() -> None:
    paths = ["/api/v1/a/{id}", "/api/v1/b/{id}", "/api/v1/{x}/b", "/api/v1/a/{key}"]
    named = [(str(number), RecordPath.parse(text)) for number, text in enumerate(paths)]

    assert clash(named[:2]) is None
    assert clash(named[:3]) == ("0", "2")
    assert clash([named[0], named[3]]) == ("0", "3")


@given(st.lists(st.sampled_from(["a", "b", "{k}"]), min_size=1, max_size=4))
def test_a_path_clashes_with_itself(parts: list[str]) -> None:
    text = "/api/v1/" + "/".join(parts)
    if is_path(text):
        path = RecordPath.parse(text)
        assert path.may_match_as(path)
