"""What every WebhooksPort promises."""

from dataclasses import replace

from plg.application.ports.work import UnitOfWorkPort
from plg.domain.notices.webhooks import Webhook
from tests.fakes.clock import NOON
from tests.integration.contracts.works import ANA, BEN, undone

HOOK = Webhook(
    ANA.id, "https://example.org/" + "x" * 2000, "sealed", NOON, "before", NOON + 5, NOON + 1,
    "status", 503,
)  # fmt: skip


async def kept(work: UnitOfWorkPort, account_id: str = ANA.id) -> Webhook | None:
    async with work.look() as ports:
        return await ports.webhooks.get(account_id)


async def put(work: UnitOfWorkPort, webhook: Webhook = HOOK) -> None:
    async with work.change() as ports:
        await ports.webhooks.put(webhook)


async def test_it_is_kept_as_it_is(work: UnitOfWorkPort) -> None:
    await put(work)

    assert await kept(work) == HOOK
    assert await kept(work, BEN.id) is None


async def test_another_takes_its_place(work: UnitOfWorkPort) -> None:
    await put(work)
    other = Webhook(ANA.id, "https://example.org/2", "other", NOON)
    await put(work, other)
    await put(work, replace(HOOK, account_id=BEN.id))

    assert await kept(work) == other
    assert await kept(work, BEN.id) == replace(HOOK, account_id=BEN.id)


async def test_what_was_removed_is_not_there(work: UnitOfWorkPort) -> None:
    await put(work)
    async with work.change() as ports:
        assert await ports.webhooks.remove(ANA.id)
        assert not await ports.webhooks.remove(ANA.id)

    assert await kept(work) is None


async def test_what_is_undone_did_not_happen(work: UnitOfWorkPort) -> None:
    await undone(work, lambda ports: ports.webhooks.put(HOOK))

    assert await kept(work) is None


async def test_those_sealed_otherwise_are_counted(work: UnitOfWorkPort) -> None:
    await put(work, replace(HOOK, secret="v1.old_.x"))
    await put(work, replace(HOOK, account_id=BEN.id, secret="v1.new.y"))
    async with work.look() as ports:
        found = [
            await ports.webhooks.left_behind(prefixes)
            for prefixes in (["v1.new."], ["v1.new.", "v1.old."], ["v1."])
        ]

    assert found == [1, 1, 0]
