"""What happens to both gateways while a client stays connected."""

from plg.domain.audit import OPERATOR
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import USER_SCOPES
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.records.players import KillerBiId
from tests.integration.http.differential.twins import Act, pass_time
from tests.integration.http.gateway import Gateway
from tests.integration.http.vault import Vault


def after(seconds: float) -> Act:
    """Return what lets time pass, and keeps the record fresh."""

    async def wait(gateway: Gateway) -> None:
        await pass_time(gateway, seconds)
        await gateway.remember(KillerBiId("KB-000001"))

    return wait


def owner(vault: Vault) -> Caller:
    return Caller(f"account:{vault.ids['user']}", USER_SCOPES, account_id=vault.ids["user"])


async def revoke(vault: Vault, name: str, gateway: Gateway) -> None:
    await gateway.container.keys().revoke(vault.ids[name], None, owner(vault), OPERATOR)


async def change(vault: Vault, name: str, wanted: KeyChange, gateway: Gateway) -> None:
    change_key = gateway.container.keys().change
    await change_key(vault.ids[name], wanted, owner(vault), OPERATOR)
