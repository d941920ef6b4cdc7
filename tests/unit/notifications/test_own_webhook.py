"""An account says where it is told, and tries it."""

import base64
from dataclasses import replace

import pytest

from plg.domain.audit import Action
from plg.domain.errors import InvalidParameter, NotFound, SealBroken
from plg.domain.identity.access import Caller, Scopes
from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.webhooks import GRACE_SECONDS
from tests.fakes.usage import ANA
from tests.unit.notifications.world import ACTOR, CALLER, URL, World

SERVICE = Caller("service", Scopes())


def clear(secret: str | None) -> bytes:
    assert secret is not None
    return base64.b64decode(secret.removeprefix("whsec_"))


async def test_a_new_webhook_has_a_secret_that_is_shown_once_and_kept_sealed(world: World) -> None:
    shown = await world.set(URL, CALLER, ACTOR)

    assert shown.secret is not None
    assert shown.secret.startswith("whsec_")
    assert shown.secret not in repr(shown)
    kept = world.work.tables.webhooks[ANA]
    assert world.seal.open(kept.secret, f"webhook:{ANA}") == clear(shown.secret)
    assert await world.show(CALLER) == kept


async def test_with_the_same_address_it_stays_as_it_is(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    kept = world.work.tables.webhooks[ANA]
    again = await world.set(URL, CALLER, ACTOR)

    assert again.secret is None
    assert world.work.tables.webhooks[ANA] == kept
    assert world.work.actions == [Action.WEBHOOK_SET]


async def test_another_address_gets_another_secret(world: World) -> None:
    first = await world.set(URL, CALLER, ACTOR)
    second = await world.set(f"{URL}/2", CALLER, ACTOR)

    assert clear(second.secret) != clear(first.secret)
    assert world.work.tables.webhooks[ANA].previous_secret is None


async def test_a_bad_address_is_refused(world: World) -> None:
    with pytest.raises(InvalidParameter):
        await world.set("ftp://example.org", CALLER, ACTOR)

    assert world.work.tables.webhooks == {}


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(world: World) -> None:
    first = await world.set(URL, CALLER, ACTOR)
    second = await world.rotate(CALLER, ACTOR)
    await world.try_(CALLER)
    world.clock.advance(GRACE_SECONDS)
    await world.try_(CALLER)

    assert [secrets for _, secrets, _ in world.calls.calls] == [
        [clear(second.secret), clear(first.secret)],
        [clear(second.secret)],
    ]


async def test_changes_are_written_down_without_secret_or_path(world: World) -> None:
    await world.set("https://example.org/secret-path?token=x", CALLER, ACTOR)
    await world.rotate(CALLER, ACTOR)
    await world.remove(CALLER, ACTOR)

    assert world.work.actions == [
        Action.WEBHOOK_SET,
        Action.WEBHOOK_ROTATED,
        Action.WEBHOOK_REMOVED,
    ]
    assert {each.target for each in world.work.audit_records} == {f"account:{ANA}"}
    assert [dict(each.details) for each in world.work.audit_records] == [
        {"host": "example.org"},
        {},
        {},
    ]


async def test_what_was_removed_is_not_there(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    await world.remove(CALLER, ACTOR)

    for act in (world.show(CALLER), world.remove(CALLER, ACTOR), world.rotate(CALLER, ACTOR)):
        with pytest.raises(NotFound, match="no webhook"):
            await act
    with pytest.raises(NotFound):
        await world.try_(CALLER)


async def test_who_has_no_account_has_no_webhook(world: World) -> None:
    with pytest.raises(NotFound, match="no account"):
        await world.set(URL, SERVICE, ACTOR)


async def test_a_try_tells_what_came_of_it_and_of_nothing_else(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    failed = Attempt(is_delivered=False, status=500, reason="status")
    world.calls.answers = [failed]

    assert await world.try_(CALLER) == failed
    (event,) = world.calls.events
    assert (event.type, dict(event.data)) == ("webhook.test", {"account_id": ANA})


async def test_two_tries_are_two_events(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    await world.try_(CALLER)
    await world.try_(CALLER)

    assert len({event.id for event in world.calls.events}) == 2


async def test_a_secret_that_cannot_be_read_is_told(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    kept = world.work.tables.webhooks[ANA]
    world.work.tables.webhooks[ANA] = replace(kept, secret="now|other|eA==")

    with pytest.raises(SealBroken):
        await world.try_(CALLER)


async def test_a_secret_that_cannot_be_read_is_replaced_and_signs_no_more(world: World) -> None:
    await world.set(URL, CALLER, ACTOR)
    kept = world.work.tables.webhooks[ANA]
    world.work.tables.webhooks[ANA] = replace(kept, secret="now|other|eA==")
    rotated = await world.rotate(CALLER, ACTOR)
    await world.try_(CALLER)

    assert rotated.webhook.previous_until is None
    assert world.calls.calls[0][1] == [clear(rotated.secret)]
