"""`plg devices`."""

import asyncio

import pytest

from plg.application.devices.register_device import NewDevice
from plg.container import Container, prepare
from plg.domain.audit import OPERATOR
from plg.domain.identity.accounts import USER_SCOPES, Email
from plg.settings import Settings
from tests.integration.cli.conftest import CommandLine

ANA, BEN = "ana@example.org", "ben@example.org"


async def _register(email: str, *device_ids: str) -> None:
    container = Container(settings=Settings.from_env({}))
    try:
        await prepare(container)
        async with container.access.work().look() as work:
            account = await work.accounts.find(Email(email))
        assert account is not None
        for device_id in device_ids:
            draft = NewDevice.parse(device_id, f"Till {device_id}", "android")
            register = container.devices().register
            await register(draft, account.id, USER_SCOPES, OPERATOR)
    finally:
        container.hasher().close()
        await container.durable_engine().dispose()
        await container.cache_engine().dispose()


@pytest.fixture
def with_devices(run: CommandLine) -> CommandLine:
    for email, devices in ((ANA, ("till-1", "till-2")), (BEN, ("till-3",))):
        run("accounts", "create", email)
        asyncio.run(_register(email, *devices))
    return run


def test_the_devices_of_an_account_are_listed(with_devices: CommandLine) -> None:
    result = with_devices("devices", "list", "--account", ANA)

    assert result.stdout.splitlines() == [
        f"{each}  Till {each}  android  active  never seen" for each in ("till-1", "till-2")
    ]
    assert result.stderr == "2 devices\n"


def test_more_devices_than_a_page_are_listed(
    with_devices: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plg.entrypoints.cli.identity.devices.PAGE", 1)
    found = with_devices.json("devices", "list", "--account", ANA)

    assert [device["device_id"] for device in found] == ["till-1", "till-2"]


def test_a_device_is_revoked(with_devices: CommandLine) -> None:
    result = with_devices("devices", "revoke", "till-1", "--account", ANA)
    states = [line.split("  ")[3] for line in _lines(with_devices)]

    assert (result.exit_code, states) == (0, ["revoked", "active"])
    assert "within five seconds" in result.stderr


def test_a_device_of_another_account_is_not_revoked(with_devices: CommandLine) -> None:
    result = with_devices("devices", "revoke", "till-3", "--account", ANA)

    assert (result.exit_code, "no device with this id" in result.stderr) == (3, True)
    assert with_devices.json("devices", "list", "--account", BEN)[0]["revoked_at"] is None


def test_whose_devices_must_be_said(run: CommandLine) -> None:
    assert run("devices", "list").exit_code == 2


def test_who_is_not_there_is_no_match(run: CommandLine) -> None:
    assert run("devices", "list", "--account", ANA).exit_code == 3


def _lines(run: CommandLine) -> list[str]:
    return run("devices", "list", "--account", ANA).stdout.splitlines()
