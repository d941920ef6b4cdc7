"""`plg resources`."""

import json
import sqlite3
import tomllib
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


def test_what_a_source_sends_does_not_move_the_cursor(cli: CommandLine, source: OwnSource) -> None:
    source.answers["/v2/items/AB-1"] = {"\x1b[2J": {"\x1b[1A": "AB-1", "a\nb": 1}}
    result = cli("resources", "init", f"{source.url}/v2/items/{{sku}}", "--key", "AB-1")

    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert tomllib.loads(text_of(cli.folder))["resource"]["items"]["record"] == "/\x1b[2J"


def test_a_folder_that_cannot_be_written_is_left_as_it_was(
    cli: CommandLine, source: OwnSource
) -> None:
    url = f"{source.url}/v2/items/{{sku}}"
    result = cli("resources", "init", url, "--key", "AB-1", "--file", "missing/own.toml")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert list(cli.folder.iterdir()) == []


@pytest.mark.parametrize(
    "args", [["http://h/items", "--key", "1"], ["http://h/a/{id}", "--key", "1", "--header", "X"]]
)
def test_what_cannot_be_meant_is_wrong_use(cli: CommandLine, args: list[str]) -> None:
    assert cli("resources", "init", *args).exit_code == 2


DECLARED = """
[source.erp]
base_url = "{url}/v2"
headers = {{ Authorization = "Bearer ${{TOKEN}}", X-Key = "literal-secret" }}
[resource.items]
source = "erp"
get = "/items/{{sku}}"
record = "/data"
match = "/id"
path = ["/api/v1/items/{{sku}}", "/api/things?sku={{sku}}"]
key = {{ example = "AB-1" }}
ttl_seconds = 600

[source.shop]
sql = "sqlite:///shop.sqlite3"
[resource.customers]
source = "shop"
query = "SELECT id, name FROM customers WHERE id = :id"
path = "/api/v1/customers/{{id}}"
key = {{ type = "integer", example = 7 }}

[source.stock]
file = "stock.csv"
[resource.stock]
source = "stock"
match = "/sku"
key = {{ example = "AB-1" }}
"""


@pytest.fixture
def declared(cli: CommandLine, source: OwnSource) -> CommandLine:
    """Return a command line in a folder with three declared resources."""
    cli.env["TOKEN"] = "hunter2"
    (cli.folder / "resources.toml").write_text(DECLARED.format(url=source.url))
    (cli.folder / "stock.csv").write_text("sku,left\nAB-1,4\n")
    with sqlite3.connect(cli.folder / "shop.sqlite3") as shop:
        shop.execute("CREATE TABLE customers (id INTEGER, name TEXT)")
        shop.execute("INSERT INTO customers VALUES (7, 'Ana')")
    shop.close()
    return cli


def test_check_asks_every_source_and_shows_the_records(
    declared: CommandLine, source: OwnSource
) -> None:
    result = declared("resources", "check")

    assert result.exit_code == 0, result.output
    assert source.asked == [("/v2/items/AB-1", "Bearer hunter2")]
    assert result.stdout.splitlines() == [
        'ok  items  AB-1  {"id":"AB-1","name":"Bolt","price":1.25,"size":null}',
        'ok  customers  7  {"id":7,"name":"Ana"}',
        'ok  stock  AB-1  {"sku":"AB-1","left":"4"}',
    ]


def test_check_fails_where_one_source_does_and_still_shows_the_others(
    declared: CommandLine, source: OwnSource
) -> None:
    source.answers.clear()
    (declared.folder / "stock.csv").unlink()
    result = declared("resources", "check", "--json")
    items, customers, stock = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (items["record"], items["error"]) == (None, "the source has no such record")
    assert (customers["record"], customers["error"]) == ({"id": 7, "name": "Ana"}, None)
    assert "No such file" in stock["error"]


def test_check_names_what_it_cannot_ask_for(cli: CommandLine) -> None:
    cli.env["RESOURCES"] = "items=http://127.0.0.1:9/items/{sku}"
    result = cli("resources", "check")

    assert result.exit_code == 0
    assert result.stdout.startswith("skipped  items")


def test_list_shows_what_is_declared(declared: CommandLine) -> None:
    lines = declared("resources", "list").stdout.splitlines()
    items, customers, _ = declared.json("resources", "list")

    assert [line.split("  ")[:4] for line in lines] == [
        ["items", "erp", "/api/v1/items/{sku} /api/things?sku={sku}", "items:read"],
        ["customers", "shop", "/api/v1/customers/{id}", "customers:read"],
        ["stock", "stock", "/api/v1/stock/{key}", "stock:read"],
    ]
    assert (items["ttl_seconds"], customers["ttl_seconds"]) == (600, 3600)
    assert customers["key"] == {"name": "id", "type": "integer", "example": "7"}


def test_show_prints_a_declaration_without_its_secrets(
    declared: CommandLine, source: OwnSource
) -> None:
    result = declared("resources", "show", "items")
    shown = tomllib.loads(result.stdout)
    written = tomllib.loads(text_of(declared.folder))

    assert shown["resource"] == {"items": written["resource"]["items"]}
    assert shown["source"] == {
        "erp": {
            "base_url": f"{source.url}/v2",
            "headers": {"Authorization": "Bearer ${TOKEN}", "X-Key": "***"},
        }
    }
    assert not {"hunter2", "literal-secret"} & set(result.output.split('"'))


def test_show_prints_a_short_form_as_the_file_would_have_it(cli: CommandLine) -> None:
    cli.env["RESOURCES"] = "items=http://127.0.0.1:9/items/{sku}"
    shown = tomllib.loads(cli("resources", "show", "items").stdout)

    assert shown["source"] == {"items": {"base_url": "http://127.0.0.1:9"}}
    assert shown["resource"] == {"items": {"source": "items", "get": "/items/{sku}"}}


def test_show_knows_what_is_declared_only(declared: CommandLine) -> None:
    assert declared("resources", "show", "orders").exit_code == 3


def test_show_prints_players_in_the_same_form(cli: CommandLine) -> None:
    shown = tomllib.loads(cli("resources", "show", "players").stdout)

    assert shown["source"] == {"players": {"base_url": "${EXTERNAL_API_BASE_URL}"}}
    assert shown["resource"]["players"]["match"] == "/killer_bi_id"
