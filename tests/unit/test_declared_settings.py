"""Where declarations are taken from."""

from pathlib import Path

import pytest

from plg.settings import SettingError, Settings
from plg.settings.resources.catalogue import HttpSource

FILE = '[source.a]\nbase_url = "http://a.test"\n[resource.x]\nsource = "a"\nget = "/x/{key}"\n'


def test_a_resource_can_be_declared_without_a_file() -> None:
    settings = Settings.from_env({"RESOURCES": "goods=https://a.test:8/v1/items/{sku}?all=1"})
    (goods,) = settings.catalogue.resources

    assert settings.catalogue.sources == {"goods": HttpSource("https://a.test:8", {})}
    assert (goods.name, goods.scope) == ("goods", "goods:read")
    assert [path.template for path in goods.paths] == ["/api/v1/goods/{sku}"]
    assert settings.describe()["RESOURCES"] == "goods=https://a.test:8/v1/items/{sku}?all=1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("goods", "RESOURCES must be of the form"),
        ("goods=ftp://a.test/{sku}", "RESOURCES must be of the form"),
        ("goods=http://a.test/{a} goods=http://a.test/{a}", "RESOURCES names a resource twice"),
        ("goods=http://a.test/items", r"RESOURCES, \[resource.goods\]: get must hold the key"),
        ("players=http://a.test/{a}", r"RESOURCES, \[resource.players\]: is the name of a kind"),
    ],
)
def test_what_is_no_resource_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        Settings.from_env({"RESOURCES": text})


def test_the_default_file_is_read_where_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    without = Settings.from_env({})
    (tmp_path / "resources.toml").write_text(FILE)

    assert without.catalogue.resources == ()
    assert [each.name for each in Settings.from_env({}).catalogue.resources] == ["x"]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"none\.toml cannot be read: No such file"):
        Settings.from_env({"RESOURCES_FILE": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("short", ["x=http://b.test/{key}", "a=http://b.test/{key}"])
def test_a_name_is_declared_once(tmp_path: Path, short: str) -> None:
    path = tmp_path / "resources.toml"
    path.write_text(FILE)

    with pytest.raises(SettingError, match="is declared in RESOURCES_FILE and in RESOURCES"):
        Settings.from_env({"RESOURCES_FILE": str(path), "RESOURCES": short})
