"""The routes of accounts, assembled from what the container gives."""

from plg.container import Container
from plg.entrypoints.http.api.devices.user_devices import UserDevicesApi
from plg.entrypoints.http.api.identity.accounts import MeApi
from plg.entrypoints.http.api.identity.audit import AuditApi
from plg.entrypoints.http.api.identity.auth import AuthApi
from plg.entrypoints.http.api.identity.mailed_links import MailedLinksApi
from plg.entrypoints.http.api.identity.users import UsersApi
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate


def account_endpoints(container: Container, gate: Gate) -> list[Endpoint]:
    """Return every route of accounts."""
    accounts = container.accounts()
    auth = AuthApi(
        gate,
        accounts.register_account,
        accounts.log_in,
        accounts.change_password,
        accounts.forgot_password,
        accounts.send_verification,
    )
    links = MailedLinksApi(gate, accounts.verify_email, accounts.reset_password)
    me = MeApi(gate, accounts.show_account, accounts.update_profile)
    users = UsersApi(
        gate,
        accounts.list_accounts,
        accounts.show_account,
        accounts.change_account,
        accounts.end_sessions,
        container.billing().show_terms,
    )
    devices = UserDevicesApi(
        gate,
        accounts.show_account,
        container.devices().list,
        container.devices().revoke,
    )
    audit = AuditApi(gate, accounts.list_audit)
    return [
        *auth.endpoints(),
        *links.endpoints(),
        *me.endpoints(),
        *users.endpoints(),
        *devices.endpoints(),
        *audit.endpoints(),
    ]
