"""Each channel is a job of its own, and old notices are removed."""

from plg.application.notices.maintenance import (
    KEPT_SECONDS,
    POLL_SECONDS,
    PruneNotices,
    notice_jobs,
)
from plg.domain.notices.deliveries import State
from tests.fakes import memory_usage
from tests.fakes.usage import asked, charge, tariff_of
from tests.unit.notifications.world import World


async def test_it_delivers_all_that_is_due_and_then_waits(world: World) -> None:
    for day in range(5):
        at = world.clock.now() + day * 86_400
        tariff = tariff_of(requests=1)
        memory_usage.submit(world.work.tables, [charge(asked(day, tariff=tariff, at=at))])
    prune = PruneNotices(world.work, world.clock)
    mail, webhook, pruning = notice_jobs((world.deliver_mail, world.deliver_webhooks), prune)
    for job in (mail, webhook):
        while await job.work():
            assert job.pause() == POLL_SECONDS

    assert [mail.name, webhook.name] == ["deliver_mail", "deliver_webhook"]
    assert pruning.work == prune
    assert len(world.mail.sent) == 15
    assert {each.webhook.state for each in world.notices} == {State.UNWANTED}


async def test_what_is_old_is_forgotten_but_not_that_a_cap_was_told(world: World) -> None:
    memory_usage.submit(
        world.work.tables, [charge(asked(1, tariff=tariff_of(requests=1, cap=10**9)))]
    )
    prune = PruneNotices(world.work, world.clock)
    world.clock.advance(KEPT_SECONDS)
    assert await prune() == 0
    world.clock.advance(1)
    assert await prune() == 3

    assert {each.reached.kind for each in world.notices} <= {"spend_cap"}
