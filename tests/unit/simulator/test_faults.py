"""Faults and the dice that draw them."""

from collections import Counter

import pytest

from plg.entrypoints.simulator.faults import BadControl, Fault, FaultDice, Faults, GarbageKind

ALL_RATIOS = {
    "error_ratio": 0.1,
    "timeout_ratio": 0.1,
    "garbage_ratio": 0.1,
    "disconnect_ratio": 0.1,
    "rate_limit_ratio": 0.1,
}


def test_a_change_leaves_the_other_members() -> None:
    faults = Faults().changed({"latency": 2}).changed({"error_ratio": 0.5})

    assert (faults.latency, faults.error_ratio) == (2.0, 0.5)


def test_ids_that_are_gone_are_a_set() -> None:
    assert Faults().changed({"gone": ["KB-000001", "KB-000001"]}).gone == {"KB-000001"}


def test_a_garbage_kind_can_be_given_by_its_name() -> None:
    faults = Faults().changed({"garbage_kind": "oversize"})

    assert faults.garbage_kind is GarbageKind.OVERSIZE


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("error_ratio", 1.5),
        ("garbage_ratio", -0.1),
        ("timeout_ratio", True),
        ("latency", -1),
        ("latency", "1"),
        ("players", 1.5),
        ("error_status", 200),
        ("garbage_kind", "spam"),
        ("gone", "KB-000001"),
        ("retry_after", None),
        ("etag", 1),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_member(member: str, value: object) -> None:
    with pytest.raises(BadControl, match=member):
        Faults().changed({member: value})


def test_an_unknown_member_is_refused_by_its_name() -> None:
    with pytest.raises(BadControl, match="latencyy"):
        Faults().changed({"latencyy": 1})


def test_a_value_that_is_no_json_is_refused() -> None:
    with pytest.raises(BadControl):
        Faults().changed({"latency": object()})


def test_what_is_shown_can_be_set_again() -> None:
    faults = Faults().changed({"gone": ["b", "a"], "garbage_kind": "invalid_utf8"})

    assert Faults().changed(faults.as_json()) == faults


@pytest.mark.parametrize("fault", Fault)
def test_a_ratio_of_one_takes_every_call(fault: Fault) -> None:
    faults = Faults().changed({f"{fault}_ratio": 1})
    dice = FaultDice(seed=1)

    assert {dice.fault(faults) for _ in range(100)} == {fault}


def test_a_ratio_of_zero_takes_no_call() -> None:
    dice = FaultDice(seed=1)

    assert {dice.fault(Faults()) for _ in range(100)} == {None}


def test_each_ratio_takes_about_its_share_of_all_calls() -> None:
    faults = Faults().changed(ALL_RATIOS)
    dice = FaultDice(seed=1)

    drawn = Counter(dice.fault(faults) for _ in range(10_000))

    assert all(900 < drawn[fault] < 1100 for fault in Fault)


def test_the_same_seed_draws_the_same_faults() -> None:
    faults = Faults().changed(ALL_RATIOS)
    one, other = FaultDice(seed=5), FaultDice(seed=5)

    assert [one.fault(faults) for _ in range(100)] == [other.fault(faults) for _ in range(100)]


def test_another_seed_draws_other_faults() -> None:
    faults = Faults().changed(ALL_RATIOS)
    one, other = FaultDice(seed=5), FaultDice(seed=6)

    assert [one.fault(faults) for _ in range(100)] != [other.fault(faults) for _ in range(100)]


def test_a_delay_without_jitter_is_the_latency() -> None:
    assert FaultDice(seed=1).delay(Faults(latency=0.2)) == 0.2


def test_a_delay_varies_by_the_jitter() -> None:
    dice = FaultDice(seed=1)
    delays = [dice.delay(Faults(latency=1.0, jitter=0.5)) for _ in range(1000)]

    assert 0.5 <= min(delays) < 0.6
    assert 1.4 < max(delays) <= 1.5


def test_a_delay_is_never_negative() -> None:
    dice = FaultDice(seed=1)

    assert min(dice.delay(Faults(latency=0.1, jitter=5.0)) for _ in range(100)) == 0.0


def test_errors_are_of_every_status_unless_one_is_fixed() -> None:
    dice = FaultDice(seed=1)

    assert {dice.error_status(Faults()) for _ in range(100)} == {500, 502, 503, 504}


def test_a_fixed_error_status_is_the_only_one() -> None:
    dice = FaultDice(seed=1)

    assert {dice.error_status(Faults(error_status=503)) for _ in range(100)} == {503}


def test_garbage_is_of_every_kind_unless_one_is_fixed() -> None:
    dice = FaultDice(seed=1)

    assert {dice.garbage_kind(Faults()) for _ in range(200)} == set(GarbageKind)
