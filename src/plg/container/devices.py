"""Devices, as the container builds what they may do."""

from dependency_injector import containers, providers

from plg.application.devices.change_device import ChangeDevice
from plg.application.devices.find_device import FindDevice
from plg.application.devices.get_token import GetToken
from plg.application.devices.list_devices import ListDevices
from plg.application.devices.register_device import RegisterDevice
from plg.application.devices.revoke_device import RevokeDevice
from plg.application.ports.clock import ClockPort


class DevicesContainer(containers.DeclarativeContainer):
    """The use cases of devices."""

    clock: providers.Dependency[ClockPort] = providers.Dependency()
    access = providers.DependenciesContainer()

    register_device = providers.Singleton(
        RegisterDevice, access.work, access.device_secrets, clock, access.remembered, access.scopes
    )
    get_token = providers.Singleton(
        GetToken, access.work, access.device_secrets, clock, access.open_session
    )
    find_device = providers.Singleton(FindDevice, access.work)
    list_devices = providers.Singleton(ListDevices, access.work)
    change_device = providers.Singleton(ChangeDevice, access.work, clock)
    revoke_device = providers.Singleton(RevokeDevice, access.work, clock, access.remembered)
