"""Guess passwords."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest

from plg.domain.audit import Actor
from plg.domain.errors import InvalidLogin, TooManyAttempts
from plg.domain.identity.accounts import Email
from plg.domain.identity.lockouts import FAILURES_MAX, FREE_FAILURES, FREE_FAILURES_OF_ADDRESS
from tests.unit.accounts.world import ANA, ELSEWHERE, HOME, NOBODY, OTHER, PASSWORD, World


def from_many_places() -> Iterable[Actor]:
    """Return one attacker at many addresses."""
    return (replace(HOME, address=f"192.0.2.{number}") for number in range(256))


async def guess(world: World, email: Email, actor: Actor) -> float:
    """Guess wrong; return for how long the next guess is not heard."""
    try:
        await world.log_in(email, OTHER, actor)
    except InvalidLogin:
        return 0.0
    except TooManyAttempts as refusal:
        return refusal.retry_after
    raise AssertionError("the wrong password did")


@pytest.mark.parametrize("email", [ANA, NOBODY], ids=["known", "unknown"])
async def test_the_delay_grows_alike_for_every_address(world: World, email: Email) -> None:
    await world.account()
    waits = [await guess(world, email, HOME) for _ in range(FREE_FAILURES)]
    for _ in range(4):
        waits.append(await guess(world, email, HOME))
        world.clock.advance(waits[-1])
        assert await guess(world, email, HOME) == 0.0

    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8]


async def test_what_is_not_heard_does_not_count(world: World) -> None:
    await world.account()
    for _ in range(FREE_FAILURES + 1):
        await guess(world, ANA, HOME)

    assert {await guess(world, ANA, HOME) for _ in range(5)} == {1.0}


async def test_the_right_password_is_not_heard_either_while_one_has_to_wait(world: World) -> None:
    await world.account()
    for _ in range(FREE_FAILURES):
        await guess(world, ANA, HOME)
    verifies = world.hasher.verifies

    with pytest.raises(TooManyAttempts):
        await world.enter()
    assert world.hasher.verifies == verifies


async def test_guesses_at_once_are_counted_before_they_are_checked(world: World) -> None:
    await world.account()
    waits = await asyncio.gather(*(guess(world, ANA, HOME) for _ in range(20)))

    assert world.hasher.verifies == FREE_FAILURES
    assert sorted(waits) == [0.0] * FREE_FAILURES + [1.0] * (20 - FREE_FAILURES)


async def test_a_success_forgets_the_failures(world: World) -> None:
    await world.account()
    for _ in range(FREE_FAILURES - 1):
        await guess(world, ANA, HOME)
    await world.enter()

    assert world.work.tables.failures == {}


@pytest.mark.parametrize("email", [ANA, NOBODY], ids=["known", "unknown"])
async def test_after_a_hundred_failures_nobody_is_heard_from_new_places(
    world: World, email: Email
) -> None:
    await world.account()
    places = iter(from_many_places())
    for _ in range(FAILURES_MAX):
        assert await guess(world, email, next(places)) == 0.0
        world.clock.advance(1000)

    with pytest.raises(TooManyAttempts, match="link"):
        await world.log_in(email, PASSWORD, ELSEWHERE)


async def locked(world: World) -> None:
    """Make an account that its owner uses at home, and lock it from elsewhere."""
    await world.account()
    await world.enter()
    places = iter(from_many_places())
    for _ in range(FAILURES_MAX):
        await guess(world, ANA, next(places))
        world.clock.advance(1000)


async def test_where_the_owner_was_before_the_way_stays_open(world: World) -> None:
    await locked(world)

    assert (await world.enter()).access_token


async def test_a_place_that_is_known_has_its_own_delay_and_no_end(world: World) -> None:
    await world.account()
    await world.enter()
    for _ in range(FAILURES_MAX + 5):
        assert await guess(world, ANA, HOME) == 0.0
        world.clock.advance(1000)

    assert (await world.enter()).access_token


async def test_failures_at_a_known_place_do_not_delay_others(world: World) -> None:
    await world.account()
    await world.enter()
    for _ in range(FREE_FAILURES):
        await guess(world, ANA, HOME)

    assert await guess(world, ANA, HOME) == 1.0
    assert await guess(world, ANA, ELSEWHERE) == 0.0


async def test_a_mailed_link_opens_a_way_in(world: World) -> None:
    await locked(world)
    with pytest.raises(TooManyAttempts):
        await world.log_in(ANA, PASSWORD, ELSEWHERE)
    await world.reset(await world.reset_token(), OTHER, ELSEWHERE)

    assert (await world.log_in(ANA, OTHER, ELSEWHERE)).access_token


async def test_one_address_that_tries_many_accounts_is_delayed_too(world: World) -> None:
    for number in range(FREE_FAILURES_OF_ADDRESS):
        assert await guess(world, Email(f"user{number}@example.org"), HOME) == 0.0

    assert await guess(world, NOBODY, HOME) == 1.0
    assert await guess(world, NOBODY, ELSEWHERE) == 0.0


async def test_addresses_of_one_ipv6_subscriber_are_one_place(world: World) -> None:
    for number in range(FREE_FAILURES_OF_ADDRESS):
        actor = replace(HOME, address=f"2001:db8::{number:x}")
        await guess(world, Email(f"user{number}@example.org"), actor)

    assert await guess(world, NOBODY, replace(HOME, address="2001:db8::ffff:1")) == 1.0
    assert await guess(world, NOBODY, replace(HOME, address="2001:db8:0:1::1")) == 0.0
