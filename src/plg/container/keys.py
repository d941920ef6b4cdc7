"""What may be done with API keys, put together."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.identity.change_key import ChangeKey
from plg.application.identity.issue_key import IssueKey
from plg.application.identity.list_keys import ListKeys, ShowKey
from plg.application.identity.regenerate_key import RegenerateKey
from plg.application.identity.revoke_key import RevokeKey
from plg.application.identity.revoke_leaked_key import RevokeLeakedKey
from plg.application.identity.verify_key import VerifyKey
from plg.application.plans.tariffs import TariffOf
from plg.domain.identity.access import ScopeCatalogue
from plg.domain.identity.keyring import Keyring
from plg.domain.limits.rates import Rates
from plg.settings.concerns import LimitSettings


@dataclass(frozen=True, slots=True)
class KeyUseCases:
    """Keys are made, changed, checked and revoked."""

    issue: IssueKey
    list: ListKeys
    show: ShowKey
    change: ChangeKey
    regenerate: RegenerateKey
    revoke: RevokeKey
    revoke_leaked: RevokeLeakedKey
    verify: VerifyKey


def key_use_cases(
    changes: AuditedChange,
    keyring: Keyring,
    tariff_of: TariffOf,
    limits: LimitSettings,
    scopes: ScopeCatalogue,
) -> KeyUseCases:
    work, clock = changes.work, changes.clock
    ceiling = Rates(limits.burst, limits.sustained)  # only an admin lifts a limit by a key for it
    return KeyUseCases(
        IssueKey(changes, keyring, ceiling, scopes),
        ListKeys(work),
        ShowKey(work),
        ChangeKey(changes, ceiling, scopes),
        RegenerateKey(changes, keyring, scopes),
        RevokeKey(changes),
        RevokeLeakedKey(changes, keyring),
        VerifyKey(work, keyring, clock, tariff_of),
    )
