"""`plg resources`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from plg.settings.resources.file import read_catalogue
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.declared_sources import OwnSource, own_source

BOLT = {"id": "AB-1", "name": "Bolt", "price": 1.25, "size": None}


@pytest.fixture
def source() -> Iterator[OwnSource]:
    with own_source() as source:
        source.answers["/v2/items/AB-1"] = {"data": BOLT}
        yield source


@pytest.fixture
def cli(fresh: CommandLine) -> CommandLine:
    """Return a command line in an empty folder, without a source of players."""
    fresh.env.clear()
    return fresh


def text_of(folder: Path) -> str:
    return (folder / "resources.toml").read_text()


def test_init_asks_once_and_declares_what_it_saw(cli: CommandLine, source: OwnSource) -> None:
    result = cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")

    assert result.exit_code == 0, result.output
    assert [path for path, _ in source.asked] == ["/v2/items/AB-1"]
    assert text_of(cli.folder) == (
        f'[source.items]\nbase_url = "{source.url}/v2"\n\n'
        '[resource.items]\nsource = "items"\nget = "/items/{sku}"\nrecord = "/data"\n'
        'match = "/id"\nkey = { example = "AB-1" }\nschema = "items.schema.json"\n'
    )
    assert "/id equals AB-1" in result.stdout
    assert "/api/v1/items/{sku}" in result.stdout
    schema = json.loads((cli.folder / "items.schema.json").read_text())
    assert list(schema["properties"]) == list(BOLT)
    Draft202012Validator(schema).validate(BOLT)


def test_init_says_as_json_what_it_saw(cli: CommandLine, source: OwnSource) -> None:
    source.answers["/things?id=7"] = [{"id": 7, "a": 1}]
    told = cli.json(
        "resources", "init", f"{source.url}/things?id={{id}}", "--key", "7", "--name", "parts",
        "--file", "own.toml",
    )  # fmt: skip

    assert told["key"] == {"type": "integer", "fold": "none", "example": "7"}
    assert (told["record"], told["match"], told["path"]) == ("", "/id", "/api/v1/parts/{id}")
    (spec,) = read_catalogue(cli.folder / "own.toml", {}).resources
    assert (spec.name, spec.key.example) == ("parts", "7")
    assert not (cli.folder / "resources.toml").exists()


def test_init_adds_to_a_source_that_the_file_has(cli: CommandLine, source: OwnSource) -> None:
    cli.env["ERP_TOKEN"] = "hunter2"
    before = (
        f'# ours\n[source.erp]\nbase_url = "{source.url}/v2"\n'
        'headers = { Authorization = "Bearer ${ERP_TOKEN}" }  # from the vault\n'
    )
    (cli.folder / "resources.toml").write_text(before)
    result = cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")

    assert source.asked == [("/v2/items/AB-1", "Bearer hunter2")]
    assert text_of(cli.folder).startswith(before + '\n[resource.items]\nsource = "erp"\n')
    assert "hunter2" not in result.output + text_of(cli.folder)


def test_a_variable_in_url_and_header_stays_one_in_the_file(
    cli: CommandLine, source: OwnSource
) -> None:
    cli.env |= {"TENANT": "v2", "TOKEN": "hunter2"}
    url = source.url + "/${TENANT}/items/{sku}"
    header = "Authorization: Bearer ${TOKEN}"
    result = cli("resources", "init", url, "--key", "AB-1", "--header", header)

    assert result.exit_code == 0, result.output
    assert source.asked == [("/v2/items/AB-1", "Bearer hunter2")]
    assert '/${TENANT}"\nheaders = { Authorization = "Bearer ${TOKEN}" }' in text_of(cli.folder)
    assert "hunter2" not in result.output


@pytest.mark.parametrize("taken", ["resource", "schema"])
def test_init_refuses_a_name_that_is_taken(cli: CommandLine, source: OwnSource, taken: str) -> None:
    if taken == "resource":
        cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")
    else:
        (cli.folder / "items.schema.json").write_text("{}")
    before = {path.name: path.read_bytes() for path in cli.folder.iterdir()}
    result = cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")

    assert result.exit_code == 2
    assert "--name" in result.stderr
    assert {path.name: path.read_bytes() for path in cli.folder.iterdir()} == before


@pytest.mark.parametrize(("answer", "status"), [(404, 3), ([], 3), (302, 1), (500, 1), ("AB-1", 1)])
def test_an_answer_without_a_record_declares_nothing(
    cli: CommandLine, source: OwnSource, answer: object, status: int
) -> None:
    source.answers["/v2/items/AB-1"] = answer
    result = cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")

    assert (result.exit_code, result.stderr.count("\n")) == (status, 1)
    assert len(source.asked) == 1
    assert list(cli.folder.iterdir()) == []


@pytest.mark.parametrize(
    "args", [["http://h/items", "--key", "1"], ["http://h/a/{id}", "--key", "1", "--header", "X"]]
)
def test_what_cannot_be_meant_is_wrong_use(cli: CommandLine, args: list[str]) -> None:
    assert cli("resources", "init", *args).exit_code == 2
