"""From the URL of a record to tables of the file."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.records.declared.sightings import find_record
from plg.settings.resources.new_resource import NewResource, RecordUrl
from plg.settings.resources.toml_texts import toml_of, without_secrets
from plg.settings.variables import SettingError

values: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a b.é"), inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h:80/items/{sku}", ("http://h:80", "/items/{sku}", "sku", "items")),
        ("https://h/v2/items/{sku}/", ("https://h/v2", "/items/{sku}/", "sku", "items")),
        ("https://h/v2/items?id={id}", ("https://h/v2", "/items?id={id}", "id", "items")),
        ("https://h/items/{id}/full", ("https://h", "/items/{id}/full", "id", "full")),
        ("https://h/{id}", ("https://h", "/{id}", "id", "")),
        ("https://${H}/a/${T}/b/{id}", ("https://${H}/a/${T}", "/b/{id}", "id", "b")),
        ("https://h/items/${T}/{id}", ("https://h/items/${T}", "/{id}", "id", "items")),
    ],
)
def test_a_url_is_taken_apart_before_the_last_plain_step(
    url: str, expected: tuple[str, str, str, str]
) -> None:
    found = RecordUrl.parse(url)

    assert (found.base_url, found.target, found.key, found.step) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://h/items", "http://h/{a}/{b}", "ftp://h/{id}", "http://{id}/a", "http://h/{id}#a",
        "/items/{id}", "http://h/items/{id}?key=${SECRET}",
    ],
)  # fmt: skip
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(SettingError):
        RecordUrl.parse(url)


@given(st.dictionaries(st.text("abc.é \"'"), values))
def test_a_table_is_read_back_as_it_was(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_of("resource", "a", table)) == {"resource": {"a": table}}


def test_what_stands_in_the_file_stays_to_the_last_character(tmp_path: Path) -> None:
    path = tmp_path / "resources.toml"
    before = '# ours\r\n[source.erp]\r\nbase_url = "https://${H}/v2" # the ERP'
    path.write_bytes(before.encode())
    text = added(path, {"H": "erp"}, "https://${H}/v2/items/{sku}")

    assert text.startswith(before + "\n")
    assert tomllib.loads(text)["resource"] == {
        "items": {
            "source": "erp",
            "get": "/items/{sku}",
            "match": "/sku",
            "key": {"example": "AB-1"},
        }
    }


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "resources.toml"
    path.write_text(added(path, {}, "http://h/items/{sku}"))

    with pytest.raises(SettingError, match="items is declared already"):
        added(path, {}, "http://h/items/{sku}")
    with pytest.raises(SettingError, match="players is declared already"):
        added(path, {}, "http://h/players/{id}")


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "resources.toml"
    path.write_text("[resource.a]\nsource = 'b'\n")

    with pytest.raises(SettingError, match=r"resource\.a"):
        added(path, {}, "http://h/items/{sku}")


def test_secrets_of_a_table_are_hidden_and_variables_are_not() -> None:
    table = {
        "base_url": "https://h/v2",
        "sql": "postgresql://me:hunter2@db/shop?password=hunter2&sslmode=${MODE}",
        "get": "/items?key=hunter2&id={id}",
        "headers": {"Authorization": "Bearer ${TOKEN}", "X-Key": "hunter2", "X": "hunter2${A}"},
    }
    shown = without_secrets(table)

    assert "hunter2" not in str(shown)
    assert shown["headers"]["Authorization"] == "Bearer ${TOKEN}"
    assert shown["get"] == "/items?key=***&id={id}"
    assert shown["sql"] == "postgresql://me:***@db/shop?password=***&sslmode=${MODE}"
    assert without_secrets({"sql": "mysql://me:${P}@db/a"}) == {"sql": "mysql://me:${P}@db/a"}


def added(path: Path, variables: dict[str, str], url: str) -> str:
    new = NewResource.of(path, RecordUrl.parse(url), None, "AB-1", {}, variables)
    new.declared(variables)
    seen = find_record({"sku": "AB-1"}, "AB-1", "sku")
    assert seen is not None
    return new.added(seen, variables, has_schema=False)
