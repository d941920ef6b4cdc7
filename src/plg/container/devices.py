"""What may be done with devices, put together."""

from dataclasses import dataclass

from plg.application.devices.change_device import ChangeDevice
from plg.application.devices.find_device import FindDevice
from plg.application.devices.get_token import GetToken
from plg.application.devices.list_devices import ListDevices
from plg.application.devices.register_device import RegisterDevice
from plg.application.devices.revoke_device import RevokeDevice
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.open_session import OpenSession
from plg.application.ports.clock import ClockPort
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.identity.access import ScopeCatalogue


@dataclass(frozen=True, slots=True)
class DeviceUseCases:
    """Devices register, get tokens, and are managed by their owner."""

    register: RegisterDevice
    get_token: GetToken
    find: FindDevice
    list: ListDevices
    change: ChangeDevice
    revoke: RevokeDevice


def device_use_cases(
    work: UnitOfWorkPort,
    secrets: DeviceSecrets,
    open_session: OpenSession,
    remembered: CredentialCachePort,
    clock: ClockPort,
    scopes: ScopeCatalogue,
) -> DeviceUseCases:
    return DeviceUseCases(
        RegisterDevice(work, secrets, clock, remembered, scopes),
        GetToken(work, secrets, clock, open_session),
        FindDevice(work),
        ListDevices(work),
        ChangeDevice(work, clock),
        RevokeDevice(work, clock, remembered),
    )
