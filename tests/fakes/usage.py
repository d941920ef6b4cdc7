"""Operations on the ledger, with everything that a test does not care about."""

from dataclasses import replace

from plg.domain.ledger.usage import Asked, Charge, Release, Reserve, Settle
from plg.domain.money import Currency
from plg.domain.plans.plans import Metered, Unit
from plg.domain.plans.tariffs import SpendCap, Tariff
from plg.domain.records.meter_rules import VIN_SPACE
from tests.fakes.clock import NOON

ANA, BEN = "01ANA00000000000000000000A", "01BEN00000000000000000000B"
CENT = 10_000_000
TARIFF = Tariff(
    plan_code="basic",
    plan_version=1,
    currency=Currency("EUR"),
    unit=Unit.REQUEST,
    prices={
        Metered.HIT: 5 * CENT,
        Metered.MISS: 10 * CENT,
        Metered.STALE: 2 * CENT,
        Metered.NOT_FOUND: 0,
        Metered.NOT_MODIFIED: 0,
    },
)


def tariff_of(
    *,
    requests: int | None = None,
    vins: int | None = None,
    cap: int | None = None,
    unit: Unit = Unit.REQUEST,
    prices: dict[Metered, int] | None = None,
    resource_requests: dict[str, int] | None = None,
) -> Tariff:
    return replace(
        TARIFF,
        requests_per_day=requests,
        vins_per_day=vins,
        spend_cap=None if cap is None else SpendCap(cap, blocks=True),
        unit=unit,
        prices={**TARIFF.prices, **(prices or {})},
        resource_requests=resource_requests or {},
    )


def asked(
    number: int,
    *,
    account: str = ANA,
    tariff: Tariff = TARIFF,
    key: str = "123456",
    vin: str | None = None,
    at: float = NOON,
    idempotency_key: str | None = None,
) -> Asked:
    """Return what the request of this number asks for."""
    return Asked(
        f"01{account[2:5]}{number:021}",
        account,
        "01KEY00000000000000000000K",
        "players" if vin is None else "static-data",
        vin or key,
        None if vin is None else VIN_SPACE,
        at,
        f"req-{number}",
        tariff,
        idempotency_key,
    )


def charge(what: Asked, metered: Metered = Metered.HIT, etag: str | None = '"v1"') -> Charge:
    return Charge(what, metered, etag)


def reserve(what: Asked, deadline: float = 30) -> Reserve:
    """Reserve for so many seconds."""
    return Reserve(what, what.at + deadline)


def settle(what: Asked, metered: Metered = Metered.MISS, etag: str | None = '"v1"') -> Settle:
    return Settle(what, metered, etag)


def release(what: Asked) -> Release:
    return Release(what)
