"""Changes of fleets hold here at once, and elsewhere with the next look."""

import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from plg.domain.records.vehicles import Vin
from tests.fakes.vehicles import IDA, TOM
from tests.integration.http.fleets_world import bound, filled, imported, target_of, unbound
from tests.integration.http.gateway import Gateway, open_gateway
from tests.integration.http.listening import Listener, listen
from tests.integration.http.vault import WIDE, Vault
from tests.integration.http.wire import Peer, request

LANES = pytest.mark.parametrize("lane", ["on", "off"])


@dataclass(slots=True)
class House:
    """Processes on one database, which clients stay connected to."""

    folder: Path
    vault: Vault
    stack: AsyncExitStack

    async def process(self, lane: str) -> Listener:
        opening = open_gateway(self.folder, **WIDE, FAST_LANE=lane)
        gateway = await self.stack.enter_async_context(opening)
        await filled(gateway, IDA, TOM)
        return await self.stack.enter_async_context(listen(gateway))

    async def statuses(self, peer: Peer, *vins: Vin) -> list[int]:
        """Ask twice for each: the second time it may be remembered."""
        key = self.vault["vehicles key"]
        asked = [request(target_of("static", vin), key=key) for vin in vins for _ in range(2)]
        return [(await peer.ask(each)).status for each in asked]

    async def act(self, gateway: Gateway, name: str) -> None:
        account_id = self.vault.ids["user"]
        match name:
            case "bind":
                await bound(gateway, account_id)
            case "unbind":
                await unbound(gateway, account_id)
            case "add":
                await imported(gateway, [TOM])
            case "replace":
                await imported(gateway, [TOM], replaces=True)


@pytest.fixture
async def house(furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack) -> House:
    source, vault = furnished
    shutil.copytree(source, tmp_path / "data")
    house = House(tmp_path / "data", vault, stack)
    async with open_gateway(house.folder, **WIDE) as gateway:
        await imported(gateway)
    return house


STORY: Final[Sequence[tuple[str, list[int]]]] = [
    ("nothing", [200] * 4),
    ("bind", [200, 200, 403, 403]),
    ("add", [200] * 4),
    ("replace", [403, 403, 200, 200]),
    ("unbind", [403] * 4),
    ("bind", [403, 403, 200, 200]),
]
"""What happens one after the other, and what Ida and Tom are to the account then."""


@LANES
async def test_here_a_change_holds_at_once(house: House, lane: str) -> None:
    here = await house.process(lane)
    peer = await here.connect()

    for name, expected in STORY:
        await house.act(here.gateway, name)
        assert await house.statuses(peer, IDA, TOM) == expected, name


@LANES
async def test_elsewhere_a_change_holds_with_the_next_look(house: House, lane: str) -> None:
    here, elsewhere = await house.process(lane), await house.process(lane)
    peer = await elsewhere.connect()

    for name, expected in STORY:
        await house.act(here.gateway, name)
        await elsewhere.gateway.container.access.follow_changes()()
        assert await house.statuses(peer, IDA, TOM) == expected, name
