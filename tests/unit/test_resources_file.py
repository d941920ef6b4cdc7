"""The file in which kinds of records are declared."""

from pathlib import Path

import pytest

from plg.domain.records.declared.keys import DeclaredKey, Fold
from plg.domain.records.declared.pointers import Pointer
from plg.domain.records.declared.resources import FileLookup, HttpLookup, SqlLookup
from plg.settings.resources.catalogue import Catalogue, FileSource, HttpSource, SqlSource
from plg.settings.resources.file import read_catalogue
from plg.settings.variables import SettingError

EXAMPLE = """
[source.erp]
base_url = "https://erp.internal/v2"
headers = { Authorization = "Bearer ${ERP_TOKEN}" }
timeout_seconds = 5

[resource.products]
source = "erp"
get = "/items/{sku}"
record = "/data"
match = "/id"
path = "/api/v1/products/{sku}"
key = { pattern = "[A-Z0-9-]{3,40}", fold = "upper", example = "AB-1" }
answer = "record"
ttl_seconds = 600
scope = "products:read"
metered = true
distinct = "sku"
schema = "product.schema.json"

[source.shop]
sql = "postgresql://reader:${PASSWORD}@db/shop"
[resource.customers]
source = "shop"
query = "SELECT id, name, since FROM customers WHERE id = :id"
key = { type = "integer" }
path = "/api/v1/customers/{id}"

[source.stock]
file = "stock.csv"
[resource.stock]
source = "stock"
match = "/sku"
"""
VARIABLES = {"ERP_TOKEN": "secret-token", "PASSWORD": "p@ss/word"}
SOURCE = '[source.a]\nbase_url = "http://a.test"\n'
RESOURCE = f'{SOURCE}[resource.x]\nsource = "a"\nget = "/{{key}}"\n'
SQL = '[source.a]\nsql = "sqlite:///x"\n'


def read(folder: Path, text: str, **variables: str) -> Catalogue:
    path = folder / "resources.toml"
    path.write_text(text)
    (folder / "product.schema.json").write_text('{"type": "object"}')
    return read_catalogue(path, {**VARIABLES, **variables})


def test_the_example_is_read(tmp_path: Path) -> None:
    catalogue = read(tmp_path, EXAMPLE)
    products, customers, stock = catalogue.resources

    assert catalogue.sources == {
        "erp": HttpSource("https://erp.internal/v2", {"Authorization": "Bearer secret-token"}, 5),
        "shop": SqlSource("postgresql://reader:p%40ss%2Fword@db/shop"),
        "stock": FileSource(tmp_path / "stock.csv"),
    }
    assert products.lookup == HttpLookup("/items/{sku}", Pointer(("data",)), Pointer(("id",)))
    assert (products.key.fold, products.key.parse("ab-1")) == (Fold.UPPER, DeclaredKey("AB-1"))
    assert (products.freshness.ttl_seconds, products.distinct) == (600, "sku")
    assert products.schema == {"type": "object"}
    assert isinstance(customers.lookup, SqlLookup)
    assert customers.lookup.match == "id"
    assert customers.scope == "customers:read"
    assert stock.lookup == FileLookup(Pointer(("sku",)))
    assert [path.template for path in stock.paths] == ["/api/v1/stock/{key}"]


def test_an_empty_file_declares_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Catalogue()


def test_no_secret_is_in_a_repr(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, EXAMPLE))

    assert [secret for secret in ("secret-token", "p%40ss") if secret in shown] == []


def test_the_key_is_named_as_the_target_names_it_where_no_path_is_given(tmp_path: Path) -> None:
    (orders,) = read(
        tmp_path, f'{SOURCE}[resource.orders]\nsource = "a"\nget = "/o?n={{number}}"'
    ).resources

    assert orders.paths[0].template == "/api/v1/orders/{number}"


MISTAKES = {
    "nonsense": "is no TOML",
    "[surce.a]": "surce",
    "[source.a]": "[source.a]: needs exactly one of base_url, sql and file",
    '[source.a]\nbase_url = "ftp://x"': "[source.a]: base_url must be an address",
    '[source.a]\nbase_url = "http://x"\nfile = "y"': "needs exactly one of",
    '[source.a]\nbase_url = "http://x"\nheaders = {"a b" = "c"}': "[source.a]: headers must map",
    '[source.a]\nbase_url = "http://${NOBODY}"': "base_url takes ${NOBODY}, which is not set",
    '[source.A]\nfile = "x"': "[source.A]: must be named in small letters",
    '[source.a]\nbase_url = "http://x"\ntimeout_seconds = 0': "timeout_seconds: expected",
    '[source.a]\nbase_url = "http://x"\ntimeout = 1': "contains unknown field timeout",
    '[resource.x]\nsource = "b"\nget = "/{k}"': "[resource.x]: source 'b' is declared nowhere",
    f'{SOURCE}[resource.players]\nsource = "a"': "is the name of a kind that PLG has already",
    f'{SOURCE}[resource.x]\nsource = "a"': "[resource.x]: get must be a path",
    f'{SOURCE}[resource.x]\nsource = "a"\nget = "/{{a}}"\npath = "/api/v1/x/{{b}}"': "get must",
    f'{SOURCE}[resource.x]\nsource = "a"\nget = "/../{{key}}"': "get must hold",
    f'{SOURCE}[resource.x]\nsource = "a"\nget = "/{{key}} "': "get must be a path",
    f'{RESOURCE}query = "x"': "query does not go with",
    f'{RESOURCE}record = "data"': "record must be a JSON P",
    f'{RESOURCE}scope = "admin"': "scope must be of",
    f'{RESOURCE}key = {{pattern="(a+)+"}}': "key.pattern",
    f'{RESOURCE}key = {{pattern="a",example="b"}}': "key",
    f'{SOURCE}[resource.x]\nsource = "a"\nget = "/{{data}}"\nanswer = "envelope"': "path names",
    f'{RESOURCE}path = "/api/v1/me/{{key}}"': "path lies",
    f'{RESOURCE}schema = "no.json"': "schema: ",
    f'{SQL}[resource.x]\nsource = "a"\nquery = "SELECT 1"': "query must hold the key as :key",
    f'{SQL}[resource.x]\nsource = "a"\nquery = "SELECT :key, :b"': "and no other parameter",
    '[source.a]\nfile = "x"\n[resource.x]\nsource = "a"': "match is needed",
    f'{RESOURCE}[resource.y]\nsource = "a"\nget = "/{{key}}"\npath = "/api/v1/x/{{key}}"': (
        "[resource.y]: path may match"
    ),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_one_sentence_with_file_table_and_member(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingError) as caught:
        read(tmp_path, text)

    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'resources.toml'}")
    assert MISTAKES[text] in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        read_catalogue(tmp_path / "nothing.toml", {})


def test_too_many_resources_are_refused(tmp_path: Path) -> None:
    many = "\n".join(f'[resource.r{n}]\nsource = "a"\nget = "/{{key}}"' for n in range(201))

    with pytest.raises(SettingError, match="at most 50 sources and 200 resources"):
        read(tmp_path, SOURCE + many)


def test_a_variable_in_a_url_stays_where_it_is(tmp_path: Path) -> None:
    catalogue = read(tmp_path, '[source.a]\nbase_url = "http://x/${P}"', P="a/../b?c#d")

    assert catalogue.sources["a"] == HttpSource("http://x/a%2F..%2Fb%3Fc%23d", {})
