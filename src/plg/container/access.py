"""How it is known who asks, and how often: behind every route."""

import secrets
from pathlib import Path

from dependency_injector import containers, providers
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from plg.adapters.crypto.access_tokens import JwtAccessTokens
from plg.adapters.crypto.kept_secret import kept_secret
from plg.adapters.crypto.sealing import AesSeal
from plg.adapters.memory.limiter import MemoryLimiter
from plg.adapters.sql.identity.access_changes import SqlAccessChangeFeed
from plg.adapters.sql.work import SqlWork
from plg.adapters.telemetry.limits import TelemetryLimitsObserver
from plg.application.audited_change import AuditedChange
from plg.application.fleets.entitle import EntitleCaller
from plg.application.fleets.entitlement_cache import EntitlementCache
from plg.application.identity.credential_cache import CredentialCache
from plg.application.identity.device_secrets import DeviceSecrets
from plg.application.identity.end_session import EndSession
from plg.application.identity.find_account import FindAccount
from plg.application.identity.follow_changes import FollowAccessChanges, access_jobs
from plg.application.identity.identify import IdentifyCaller, Verifiers
from plg.application.identity.key_uses import KeyUses
from plg.application.identity.open_session import OpenSession
from plg.application.identity.prune_access import PruneAccess
from plg.application.identity.refresh_session import RefreshSession
from plg.application.identity.show_rotation import ShowRotation
from plg.application.identity.signing_keys import (
    EnsureSigningKeys,
    LoadSigningKeys,
    RotateSigningKeys,
)
from plg.application.identity.token_maker import TokenMaker
from plg.application.identity.verify_access_token import VerifyAccessToken
from plg.application.identity.verify_key import VerifyKey
from plg.application.identity.verify_signature import VerifySignature
from plg.application.identity.verify_token import VerifyToken
from plg.application.limits.limits import Limits
from plg.application.plans.tariffs import TariffOf
from plg.application.ports.clock import ClockPort
from plg.application.ports.observer import ObserverPort
from plg.domain.devices.signatures import authority_of
from plg.domain.identity.access import ScopeCatalogue
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.sessions import TokenLife
from plg.settings import Settings
from plg.settings.concerns import AccessSettings, LimitSettings


def _keyring(access: AccessSettings, data_dir: Path) -> Keyring:
    current = access.secret_key or kept_secret(data_dir / "secret_key")
    return Keyring(current, access.previous_secret_keys)


def _token_life(access: AccessSettings) -> TokenLife:
    return TokenLife(access.access_token_minutes * 60, access.refresh_token_days * 86400)


def scopes_of(settings: Settings) -> ScopeCatalogue:
    """Return the scopes that there are under the settings."""
    return ScopeCatalogue(frozenset(spec.scope for spec in settings.catalogue.resources))


class AccessContainer(containers.DeclarativeContainer):
    """Secrets, credentials and limits."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    registry: providers.Dependency[CollectorRegistry] = providers.Dependency()
    observer: providers.Dependency[ObserverPort] = providers.Dependency()
    durable_engine: providers.Dependency[AsyncEngine] = providers.Dependency()
    access_settings = settings.provided.access
    base_url = settings.provided.server.public_base_url

    scopes = providers.Singleton(scopes_of, settings)
    keyring = providers.Singleton(_keyring, access_settings, settings.provided.storage.data_dir)
    seal = providers.Singleton(AesSeal, keyring)
    work = providers.Singleton(SqlWork, durable_engine)
    changes = providers.Singleton(SqlAccessChangeFeed, durable_engine)
    vehicles = providers.Singleton(EntitlementCache)
    remembered = providers.Singleton(
        CredentialCache, access_settings.provided.credentials_remembered_max, vehicles
    )
    audited = providers.Singleton(AuditedChange, work, remembered, clock)
    find_account = providers.Singleton(FindAccount, work)
    entitle = providers.Singleton(EntitleCaller, work, vehicles, remembered, clock)
    key_uses = providers.Singleton(KeyUses, work)
    tariff_of = providers.Singleton(TariffOf, settings.provided.billing.default_plan)

    show_rotation = providers.Singleton(ShowRotation, work, keyring, seal, clock)

    access_tokens = providers.Singleton(JwtAccessTokens, base_url, seal)
    token_maker = providers.Singleton(
        TokenMaker, access_tokens, keyring, providers.Callable(_token_life, access_settings)
    )
    load_signing_keys = providers.Singleton(LoadSigningKeys, work, access_tokens)
    ensure_signing_keys = providers.Singleton(EnsureSigningKeys, work, access_tokens, clock)
    rotate_signing_keys = providers.Singleton(
        RotateSigningKeys,
        audited,
        access_tokens,
        providers.Callable(_token_life, access_settings),
    )
    open_session = providers.Singleton(OpenSession, token_maker, clock)
    refresh_session = providers.Singleton(RefreshSession, audited, token_maker)
    end_session = providers.Singleton(EndSession, audited, keyring)
    device_secrets = providers.Singleton(DeviceSecrets, seal)
    verify_access_token = providers.Singleton(
        VerifyAccessToken, work, access_tokens, load_signing_keys, clock, tariff_of
    )
    verify_token = providers.Singleton(VerifyToken, verify_access_token, work, keyring, clock)
    identify = providers.Singleton(
        IdentifyCaller,
        providers.Callable(secrets.token_bytes, 32),
        access_settings.provided.service_key,
        providers.Factory(
            Verifiers,
            providers.Singleton(VerifyKey, work, keyring, clock, tariff_of),
            verify_access_token,
            providers.Singleton(
                VerifySignature,
                work,
                device_secrets,
                clock,
                providers.Callable(authority_of, base_url),
                tariff_of,
            ),
        ),
        remembered,
        key_uses,
        clock,
        scopes,
    )

    limits = providers.Singleton(
        Limits,
        providers.Callable(LimitSettings.by_tier, settings.provided.limits),
        providers.Singleton(MemoryLimiter),
        providers.Singleton(MemoryLimiter),
        providers.Singleton(TelemetryLimitsObserver, registry),
        clock,
    )
    follow_changes = providers.Singleton(
        FollowAccessChanges, changes, remembered, load_signing_keys, clock
    )
    jobs = providers.Singleton(
        access_jobs,
        follow_changes,
        key_uses,
        providers.Singleton(PruneAccess, work, changes, clock),
    )
