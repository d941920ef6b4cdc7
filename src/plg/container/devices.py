"""What may be done with devices, put together."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.devices.change_device import ChangeDevice
from plg.application.devices.find_device import FindDevice
from plg.application.devices.get_token import GetToken
from plg.application.devices.list_devices import ListDevices
from plg.application.devices.register_device import RegisterDevice
from plg.application.devices.revoke_device import RevokeDevice
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.open_session import OpenSession
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
    changes: AuditedChange,
    secrets: DeviceSecrets,
    open_session: OpenSession,
    scopes: ScopeCatalogue,
) -> DeviceUseCases:
    work = changes.work
    return DeviceUseCases(
        RegisterDevice(changes, secrets, scopes),
        GetToken(changes, secrets, open_session),
        FindDevice(work),
        ListDevices(work),
        ChangeDevice(changes),
        RevokeDevice(changes),
    )
