"""Delivering goes on, whatever fails."""

import asyncio

import pytest

from plg.application.notices.maintenance import KEPT_SECONDS, POLL_SECONDS, NoticeMaintenance
from plg.domain.notices.deliveries import State
from tests.fakes import memory_usage
from tests.fakes.usage import asked, charge, tariff_of
from tests.unit.notifications.world import World


class Rounds:
    """Sleeps that end when they are let; `waited` are their seconds."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self._goes_on = asyncio.Condition()

    async def sleep(self, seconds: float) -> None:
        async with self._goes_on:
            self.waited.append(seconds)
            self._goes_on.notify_all()
            await self._goes_on.wait_for(lambda: False)

    async def all_asleep(self) -> None:
        async with self._goes_on:
            await self._goes_on.wait_for(lambda: len(self.waited) == 3)


@pytest.fixture
def rounds() -> Rounds:
    return Rounds()


def upkeep_of(world: World, rounds: Rounds) -> NoticeMaintenance:
    deliveries = (world.deliver_mail, world.deliver_webhooks)
    return NoticeMaintenance(world.work, deliveries, world.clock, world.observer, rounds.sleep)


async def test_it_delivers_all_that_is_due_and_then_waits(world: World, rounds: Rounds) -> None:
    for day in range(5):
        at = world.clock.now() + day * 86_400
        tariff = tariff_of(requests=1)
        memory_usage.submit(world.work.tables, [charge(asked(day, tariff=tariff, at=at))])
    running = asyncio.create_task(upkeep_of(world, rounds).run())
    await rounds.all_asleep()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert sorted(rounds.waited)[:2] == [POLL_SECONDS, POLL_SECONDS]
    assert len(world.mail.sent) == 15
    assert {each.webhook.state for each in world.notices} == {State.UNWANTED}


async def test_a_database_that_is_down_ends_nothing(world: World, rounds: Rounds) -> None:
    world.work.is_down = True
    running = asyncio.create_task(upkeep_of(world, rounds).run())
    await rounds.all_asleep()

    assert not running.done()
    assert {name for name, _ in world.observer.undone} == {"notices"}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_old_is_forgotten_but_not_that_a_cap_was_told(
    world: World, rounds: Rounds
) -> None:
    memory_usage.submit(
        world.work.tables, [charge(asked(1, tariff=tariff_of(requests=1, cap=10**9)))]
    )
    maintenance = upkeep_of(world, rounds)
    world.clock.advance(KEPT_SECONDS)
    assert await maintenance.prune() == 0
    world.clock.advance(1)
    assert await maintenance.prune() == 3

    assert {each.reached.kind for each in world.notices} <= {"spend_cap"}
