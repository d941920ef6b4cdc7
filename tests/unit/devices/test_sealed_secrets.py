"""What becomes of devices' secrets at rest."""

import asyncio
from dataclasses import replace

import pytest

from plg.domain.errors import InvalidCredential, SealBroken
from tests.fakes.clock import NOON
from tests.unit.devices.ways import Prove
from tests.unit.devices.world import TILL, World


async def test_a_secret_is_sealed_anew_under_the_present_secret(world: World, prove: Prove) -> None:
    made = await world.registered()
    world.seal.era = "later"

    answers = await asyncio.gather(
        *(prove(made.secret, nonce=f"{number}" * 16) for number in range(5))
    )

    assert len(answers) == 5
    assert world.seal.is_current((await world.device()).sealed_secret)
    await prove(made.secret)


async def test_a_secret_that_is_sealed_anew_meanwhile_is_the_same(
    world: World, prove: Prove
) -> None:
    made = await world.registered()
    async with world.work.change() as work:
        asking = asyncio.ensure_future(prove(made.secret))
        for _ in range(5):
            await asyncio.sleep(0)
        world.seal.era = "later"
        await work.devices.replace(world.secrets.seen(made.device, NOON))

    await asking


async def test_a_secret_that_is_another_meanwhile_counts_no_more(
    world: World, prove: Prove
) -> None:
    made = await world.registered()
    async with world.work.change() as work:
        asking = asyncio.ensure_future(prove(made.secret))
        for _ in range(5):
            await asyncio.sleep(0)
        sealed = world.secrets.sealed(TILL, "another")
        await work.devices.replace(replace(made.device, sealed_secret=sealed))

    with pytest.raises(InvalidCredential, match="not valid"):
        await asking


async def test_a_secret_that_was_changed_at_rest_opens_nothing(world: World, prove: Prove) -> None:
    first = await world.registered()
    second = await world.registered("till-0002")
    swapped = replace(first.device, sealed_secret=second.device.sealed_secret)
    async with world.work.change() as work:
        await work.devices.replace(swapped)

    with pytest.raises(SealBroken):
        await prove(second.secret)
