"""How often, and when, something is tried."""

import pytest

from plg.domain.notices.deliveries import (
    DELIVERED,
    LEASE_SECONDS,
    PAUSES,
    Attempt,
    Delivery,
    State,
    new_delivery,
)

FAILED = Attempt(is_delivered=False, status=503, reason="status")


def test_it_is_tried_at_once_and_then_later_and_later_and_given_up() -> None:
    now, pauses = 1000.0, []
    delivery = new_delivery(now)
    while delivery.due_at is not None:
        pauses.append(delivery.due_at - now)
        now = delivery.due_at
        delivery = delivery.taken_up(now).after(FAILED, now)

    assert pauses == [0, *PAUSES]
    assert pauses == [0, 10, 60, 300, 1800, 7200, 21_600, 86_400]
    assert delivery == Delivery(State.GIVEN_UP, 8, None, 503, "status", now)


def test_what_is_taken_up_is_due_again_when_its_lease_ends() -> None:
    delivery = new_delivery(0.0).taken_up(5.0)

    assert delivery == Delivery(State.WAITING, 1, 5.0 + LEASE_SECONDS)
    assert [delivery.is_due(now) for now in (5.0, 4.9 + LEASE_SECONDS)] == [False, False]
    assert delivery.is_due(5.0 + LEASE_SECONDS)


def test_the_lease_is_longer_than_a_try_takes() -> None:
    assert LEASE_SECONDS >= 2 * 60  # the longest timeout that settings allow


@pytest.mark.parametrize(
    ("attempt", "state"),
    [
        (DELIVERED, State.DELIVERED),
        (Attempt(is_delivered=False, is_final=True, status=410, reason="status"), State.REFUSED),
    ],
)
def test_some_answers_end_it(attempt: Attempt, state: State) -> None:
    delivery = new_delivery(0.0).taken_up(1.0).after(attempt, 2.0)

    assert (delivery.state, delivery.due_at, delivery.done_at) == (state, None, 2.0)
    assert not delivery.is_due(1e12)


def test_what_nobody_wants_was_not_tried() -> None:
    assert new_delivery(0.0).taken_up(1.0).unwanted(2.0) == Delivery(
        State.UNWANTED, 0, None, done_at=2.0
    )


def test_who_died_at_the_last_try_has_tried_too_often() -> None:
    delivery = Delivery(State.WAITING, 20, 0.0).taken_up(1.0)

    assert delivery.after(FAILED, 2.0).state is State.GIVEN_UP
