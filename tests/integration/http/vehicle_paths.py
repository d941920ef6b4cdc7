"""Where vehicles are asked for, and what is kept of them."""

from typing import Final

import pytest

from tests.fakes.vehicles import IDA
from tests.integration.http.gateway import Gateway

STATIC: Final = f"/api/v1/vehicle/static/{IDA.value}"
DYNAMIC: Final = f"/api/v1/vehicle/dynamic/{IDA.value}"
WARRANTY: Final = f"/api/v1/vehicle/warranty/{IDA.value}"
TRENDLINE: Final = f"/api/v1/vehicle/trendline/{IDA.value}"
RECORDS: Final = pytest.mark.parametrize("target", [STATIC, DYNAMIC])
ALL: Final = pytest.mark.parametrize("target", [STATIC, DYNAMIC, WARRANTY, TRENDLINE])
PAST: Final = "at=2023-11-14T22:13:30Z"
TTLS: Final = {"VEHICLE_STATIC_TTL_SECONDS": "1000", "VEHICLE_DYNAMIC_TTL_SECONDS": "50"}


async def written(gateway: Gateway) -> None:
    await gateway.container.vehicles.observation_log().drain()


async def observe(gateway: Gateway, count: int) -> list[bytes]:
    """Ask for dynamic data once a minute; return the bodies."""
    bodies = []
    for _ in range(count):
        bodies.append((await gateway.get(DYNAMIC)).content)
        gateway.clock.advance(61)
    await written(gateway)
    return bodies
