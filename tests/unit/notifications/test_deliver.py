"""What is due is delivered, once, and tried again where that fails."""

import asyncio
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace

import pytest

from plg.application.notices.deliver import ByWebhook, Deliver
from plg.domain.errors import StorageUnavailable
from plg.domain.notices.deliveries import LEASE_SECONDS, PAUSES, Attempt, Channel, State
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import Webhook
from tests.fakes import memory_usage
from tests.fakes.clock import NOON
from tests.fakes.usage import ANA, BEN, CENT, asked, charge, tariff_of
from tests.fakes.webhooks import TAKEN, NotedCalls
from tests.unit.notifications.world import ACTOR, CALLER, URL, World

FAILED = Attempt(is_delivered=False, status=503, reason="status")
GONE = Attempt(is_delivered=False, is_final=True, status=410, reason="status")


class HangingCalls(NotedCalls):
    """Fails when it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs, self.goes_on = asyncio.Event(), asyncio.Event()

    async def call(self, url: str, secrets: Sequence[bytes], event: Event) -> Attempt:
        await super().call(url, secrets, event)
        self.hangs.set()
        await self.goes_on.wait()
        return FAILED


async def test_a_letter_says_who_used_what_of_what_and_until_when(world: World) -> None:
    world.use(8, of=10)
    assert await world.deliver_mail() == 2

    letter = next(each for each in world.mail.sent if each.subject.startswith("80 %"))
    assert letter.to == "ana@example.org"
    assert letter.subject == "80 % of your requests of the day used"
    assert ANA in letter.text
    assert "8 of 10, period 2023-11-14" in letter.text
    assert "begins anew at 00:00 UTC" in letter.text
    assert "https://plg.example/api/v1/billing/usage" in letter.text
    assert letter.id == world.notices[1].id


@pytest.mark.parametrize(
    ("cap", "count", "says"),
    [(10 * CENT, 2, "refuses what goes beyond"), (12 * CENT, 3, "what is left is less")],
)
async def test_a_letter_about_money_says_what_happens_at_its_end(
    world: World, cap: int, count: int, says: str
) -> None:
    operations = [charge(asked(number, tariff=tariff_of(cap=cap))) for number in range(count)]
    memory_usage.submit(world.work.tables, operations, may_refuse=True)
    await world.deliver_mail()

    letter = next(each for each in world.mail.sent if each.subject.startswith("100 %"))
    assert letter.subject == "100 % of your spend cap used"
    assert f"0.10 EUR of 0.{cap // CENT} EUR, period 2023-11" in letter.text
    assert says in letter.text
    assert "with the month" in letter.text


async def test_what_is_delivered_is_done(world: World) -> None:
    world.use(5, of=10)
    await world.deliver_mail()

    assert await world.deliver_mail() == 0
    (notice,) = world.notices
    assert (notice.mail.state, notice.mail.tries, notice.mail.done_at) == (
        State.DELIVERED,
        1,
        NOON,
    )
    assert notice.webhook.state is State.WAITING


async def test_a_webhook_is_called_with_its_secret_and_the_event(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.use(5, of=10)
    await world.deliver_webhooks()

    ((url, secrets, event),) = world.calls.calls
    (notice,) = world.notices
    assert (url, event) == (URL, notice.event)
    assert [len(each) for each in secrets] == [32]
    assert notice.webhook.state is State.DELIVERED
    assert notice.webhook.status == 204


async def test_without_a_webhook_there_is_nobody_to_call(world: World) -> None:
    world.use(5, of=10)
    await world.deliver_webhooks()
    await world.set(URL, CALLER, ACTOR)
    world.clock.advance(10 * 86_400)

    assert await world.deliver_webhooks() == 0
    assert world.notices[0].webhook.state is State.UNWANTED
    assert world.calls.calls == []


async def test_an_account_that_is_gone_is_not_written_to(world: World) -> None:
    world.use(5, of=10, account=BEN)
    await world.deliver_mail()

    assert world.mail.sent == []
    assert world.notices[0].mail.state is State.UNWANTED


async def test_what_fails_is_tried_later_and_later_with_the_same_id_and_then_given_up(
    world: World,
) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.calls.answers = [FAILED]
    world.use(5, of=10)
    assert await world.deliver_webhooks() == 1
    for pause in PAUSES:
        world.clock.advance(pause - 1)
        assert await world.deliver_webhooks() == 0
        world.clock.advance(1)
        assert await world.deliver_webhooks() == 1

    (notice,) = world.notices
    assert (notice.webhook.state, notice.webhook.tries) == (State.GIVEN_UP, len(PAUSES) + 1)
    assert [event.id for event in world.calls.events] == [notice.id] * (len(PAUSES) + 1)


async def test_it_is_not_tried_before_it_is_due(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.calls.answers = [FAILED, TAKEN]
    world.use(5, of=10)
    await world.deliver_webhooks()
    world.clock.advance(PAUSES[0] - 1)
    assert await world.deliver_webhooks() == 0
    world.clock.advance(1)
    assert await world.deliver_webhooks() == 1

    assert world.notices[0].webhook.state is State.DELIVERED


async def test_who_answers_gone_is_not_called_again(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.calls.answers = [GONE]
    world.use(5, of=10)
    await world.deliver_webhooks()
    world.clock.advance(1e6)

    assert await world.deliver_webhooks() == 0
    assert world.notices[0].webhook.state is State.REFUSED


async def test_the_webhook_shows_that_it_failed_and_that_it_works_again(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.calls.answers = [FAILED, TAKEN]
    world.use(5, of=10)
    await world.deliver_webhooks()
    shown = await world.show(CALLER)
    assert (shown.failed_at, shown.failure, shown.failure_status) == (NOON, "status", 503)
    world.clock.advance(PAUSES[0])
    await world.deliver_webhooks()
    shown = await world.show(CALLER)
    assert (shown.failed_at, shown.failure, shown.failure_status) == (None, None, None)


async def test_two_that_deliver_at_once_deliver_once(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.use(10, of=10)
    other = Deliver(world.work, world.by_webhook, world.clock, world.observer)
    tried = await asyncio.gather(world.deliver_webhooks(), other())

    assert sorted(tried) == [0, 3]
    assert len({each.id for each in world.calls.events}) == len(world.calls.events) == 3


async def test_what_somebody_died_with_is_delivered_by_another_when_the_lease_ends(
    world: World,
) -> None:
    world.use(5, of=10)
    async with world.work.change() as work:
        (taken,) = await work.notices.take_due(Channel.MAIL, NOON, 10)
    world.clock.advance(LEASE_SECONDS - 1)
    assert await world.deliver_mail() == 0
    world.clock.advance(1)
    assert await world.deliver_mail() == 1

    assert [each.id for each in world.mail.sent] == [taken.id]
    assert world.notices[0].mail.tries == 2


async def test_who_comes_too_late_changes_nothing(world: World) -> None:
    """It hung for longer than its lease, and another has delivered meanwhile."""
    await world.set(URL, CALLER, ACTOR)
    world.use(5, of=10)
    slow = HangingCalls()
    carrier = ByWebhook(world.work, slow, world.seal, world.clock)
    hung = asyncio.create_task(Deliver(world.work, carrier, world.clock, world.observer)())
    await slow.hangs.wait()
    world.clock.advance(LEASE_SECONDS)
    assert await world.deliver_webhooks() == 1
    slow.goes_on.set()
    await hung

    assert world.notices[0].webhook.state is State.DELIVERED
    assert (await world.show(CALLER)).failed_at is None


async def test_mail_that_is_not_taken_is_tried_again(world: World) -> None:
    world.use(5, of=10)
    world.mail.failure = Attempt(is_delivered=False, reason="not_taken")
    await world.deliver_mail()
    assert world.notices[0].mail.reason == "not_taken"
    world.mail.failure = None
    world.clock.advance(PAUSES[0])
    await world.deliver_mail()

    assert len(world.mail.sent) == 1


async def test_a_secret_that_cannot_be_read_is_told_and_tried_again(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.work.tables.webhooks[ANA] = Webhook(ANA, URL, "now|another|c2VjcmV0", NOON)
    world.use(5, of=10)
    await world.deliver_webhooks()

    assert world.notices[0].webhook.reason == "secret_unreadable"
    assert world.notices[0].webhook.state is State.WAITING


async def test_what_goes_wrong_with_one_does_not_keep_the_others_from_it(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.calls.answers = [RuntimeError("a bug"), TAKEN]
    world.use(10, of=10)
    await world.deliver_webhooks()

    reasons = sorted(each.webhook.reason or "" for each in world.notices)
    assert reasons == ["", "", "failed"]
    assert [name for name, _ in world.observer.undone] == ["deliver_webhook"]


async def test_a_database_that_is_down_leaves_it_due(world: World) -> None:
    world.use(5, of=10)
    world.work.is_down = True
    with pytest.raises(StorageUnavailable):
        await world.deliver_mail()
    world.work.is_down = False

    assert await world.deliver_mail() == 1


async def test_a_secret_moves_to_the_operators_present_one_when_it_is_used(world: World) -> None:
    shown = await world.set(URL, CALLER, ACTOR)
    world.seal.era = "later"
    world.use(5, of=10)
    await world.deliver_webhooks()

    kept = world.work.tables.webhooks[ANA]
    assert world.seal.is_current(kept.secret)
    assert world.seal.open(kept.secret, kept.context) == b64decode((shown.secret or "")[6:])


async def test_a_webhook_is_not_blamed_for_the_one_before_it(world: World) -> None:
    """It was set while the call to another address was under way."""
    await world.set(URL, CALLER, ACTOR)
    world.use(5, of=10)
    slow = HangingCalls()
    carrier = ByWebhook(world.work, slow, world.seal, world.clock)
    hung = asyncio.create_task(Deliver(world.work, carrier, world.clock, world.observer)())
    await slow.hangs.wait()
    world.clock.advance(1)
    await world.set(f"{URL}/2", CALLER, ACTOR)
    slow.goes_on.set()
    await hung

    assert world.notices[0].webhook.state is State.WAITING
    assert (await world.show(CALLER)).failed_at is None


async def test_an_account_that_is_not_active_is_not_told(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    world.use(5, of=10)
    account = world.work.tables.accounts[ANA]
    world.work.tables.accounts[ANA] = replace(account, is_active=False)
    await world.deliver_mail()
    await world.deliver_webhooks()

    (notice,) = world.notices
    assert (notice.mail.state, notice.webhook.state) == (State.UNWANTED, State.UNWANTED)
    assert (world.mail.sent, world.calls.events) == ([], [])
