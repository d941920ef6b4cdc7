"""API keys, as the container builds what may be done with them."""

from dependency_injector import containers, providers

from plg.application.identity.change_key import ChangeKey
from plg.application.identity.issue_key import IssueKey
from plg.application.identity.list_keys import ListKeys, ShowKey
from plg.application.identity.regenerate_key import RegenerateKey
from plg.application.identity.revoke_key import RevokeKey
from plg.application.identity.revoke_leaked_key import RevokeLeakedKey
from plg.application.identity.verify_key import VerifyKey
from plg.application.ports.clock import ClockPort
from plg.domain.limits.rates import Rates
from plg.settings import Settings
from plg.settings.concerns import LimitSettings


def _ceiling(limits: LimitSettings) -> Rates:
    """Nobody but an admin lifts a limit by making a key for it."""
    return Rates(limits.burst, limits.sustained)


class KeysContainer(containers.DeclarativeContainer):
    """The use cases of API keys."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    access = providers.DependenciesContainer()
    work = access.work
    ceiling = providers.Callable(_ceiling, settings.provided.limits)

    issue_key = providers.Singleton(IssueKey, work, access.keyring, clock, ceiling, access.scopes)
    list_keys = providers.Singleton(ListKeys, work)
    show_key = providers.Singleton(ShowKey, work)
    change_key = providers.Singleton(
        ChangeKey, work, access.remembered, clock, ceiling, access.scopes
    )
    regenerate_key = providers.Singleton(
        RegenerateKey, work, access.keyring, access.remembered, clock, access.scopes
    )
    revoke_key = providers.Singleton(RevokeKey, work, access.remembered, clock)
    revoke_leaked_key = providers.Singleton(
        RevokeLeakedKey, work, access.keyring, access.remembered, clock
    )
    verify_key = providers.Singleton(VerifyKey, work, access.keyring, clock, access.tariff_of)
