"""Where vehicles come from."""

import pytest

from plg.settings import SettingError, Settings

PLAYERS = {
    "EXTERNAL_API_BASE_URL": "http://players.test/api",
    "EXTERNAL_API_HEADERS": '{"X-Key": "players"}',
    "EXTERNAL_API_CALLS_MAX": "7",
}
VEHICLES = {"VEHICLE_API_BASE_URL": "http://vehicles.test"}
VEHICLE_HEADERS = {"VEHICLE_API_HEADERS": '{"X-Key": "vehicles"}'}


def source(**env: str) -> tuple[str | None, dict[str, str], int]:
    settings = Settings.from_env(env)
    found = settings.vehicles.source(settings.source)
    return found.base_url, dict(found.headers), found.calls_max


def test_vehicles_come_from_where_players_do() -> None:
    assert source(**PLAYERS) == ("http://players.test/api", {"X-Key": "players"}, 7)


def test_they_may_have_headers_of_their_own() -> None:
    found = source(**PLAYERS, **VEHICLE_HEADERS)

    assert found == ("http://players.test/api", {"X-Key": "vehicles"}, 7)


def test_another_address_does_not_get_the_players_headers() -> None:
    assert source(**PLAYERS, **VEHICLES) == ("http://vehicles.test", {}, 7)


def test_another_address_gets_headers_of_its_own() -> None:
    found = source(**PLAYERS, **VEHICLES, **VEHICLE_HEADERS)

    assert found == ("http://vehicles.test", {"X-Key": "vehicles"}, 7)


def test_its_headers_are_a_secret() -> None:
    settings = Settings.from_env(VEHICLE_HEADERS)

    assert settings.describe()["VEHICLE_API_HEADERS"] == "(set)"
    assert 'vehicles"' not in repr(settings.vehicles)


def test_both_records_have_a_ttl_of_their_own() -> None:
    vehicles = Settings.from_env({}).vehicles

    assert (vehicles.static_ttl_seconds, vehicles.dynamic_ttl_seconds) == (86_400, 300)


@pytest.mark.parametrize("name", ["VEHICLE_STATIC_TTL_SECONDS", "VEHICLE_DYNAMIC_TTL_SECONDS"])
def test_a_ttl_that_cannot_be_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingError, match=name):
        Settings.from_env({name: "-1"})
