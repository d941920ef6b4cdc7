"""The breaker, driven through every order of events."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from plg.application.records.breaker import RETRY_AFTER_MAX, Breaker, BreakerState
from plg.domain.errors import SourceError, SourceFailed, SourceTimeout, SourceUnavailable
from tests.fakes.clock import StoppedClock

FAILURES_MAX = 3
OPEN_SECONDS = 10.0


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def breaker(clock: StoppedClock) -> Breaker:
    return Breaker(clock, failures_max=FAILURES_MAX, open_seconds=OPEN_SECONDS)


def fail(breaker: Breaker, error: SourceError | None = None) -> None:
    with pytest.raises(SourceError), breaker.attempt():
        raise error or SourceTimeout("slow")


def trip(breaker: Breaker, error: SourceError | None = None) -> None:
    for _ in range(FAILURES_MAX):
        fail(breaker, error)


def succeed(breaker: Breaker) -> None:
    with breaker.attempt():
        pass


def test_too_many_failures_in_a_row_open_it(breaker: Breaker) -> None:
    trip(breaker)

    assert breaker.state is BreakerState.OPEN


def test_a_success_between_failures_keeps_it_closed(breaker: Breaker) -> None:
    fail(breaker)
    fail(breaker)
    succeed(breaker)
    fail(breaker)

    assert breaker.state is BreakerState.CLOSED


def test_refusals_of_single_requests_do_not_open_it(breaker: Breaker) -> None:
    for _ in range(FAILURES_MAX):
        fail(breaker, SourceFailed("bad request", status=400))

    assert breaker.state is BreakerState.CLOSED


def test_open_it_refuses_and_says_when_to_come_back(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker)
    clock.advance(4)

    with pytest.raises(SourceUnavailable) as caught:
        breaker.check()
    assert caught.value.retry_after == 6


def test_it_asks_for_a_second_of_patience_at_least(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS - 0.1)

    with pytest.raises(SourceUnavailable) as caught:
        breaker.check()
    assert caught.value.retry_after == 1.0


def test_after_its_time_it_lets_one_probe_through(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)

    assert breaker.state is BreakerState.HALF_OPEN
    with breaker.attempt(), pytest.raises(SourceUnavailable):
        breaker.check()


def test_a_probe_that_succeeds_closes_it(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    succeed(breaker)

    assert breaker.state is BreakerState.CLOSED


def test_a_probe_that_fails_opens_it_for_another_time(
    breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    fail(breaker)
    clock.advance(OPEN_SECONDS - 0.1)

    assert breaker.state is BreakerState.OPEN


def test_a_probe_that_is_refused_shows_that_the_source_answers(
    breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    fail(breaker, SourceFailed("forbidden", status=403))

    assert breaker.state is BreakerState.CLOSED


def test_a_probe_that_is_cancelled_makes_room_for_another(
    breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    with pytest.raises(KeyboardInterrupt), breaker.attempt():
        raise KeyboardInterrupt

    succeed(breaker)
    assert breaker.state is BreakerState.CLOSED


def test_after_the_probe_failures_are_counted_from_nothing(
    breaker: Breaker, clock: StoppedClock
) -> None:
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    succeed(breaker)
    fail(breaker)

    assert breaker.state is BreakerState.CLOSED


def test_it_stays_open_as_long_as_the_source_asks(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker, SourceFailed("maintenance", status=503, retry_after=30))
    clock.advance(29.9)

    assert breaker.state is BreakerState.OPEN


def test_it_does_not_stay_open_for_hours(breaker: Breaker, clock: StoppedClock) -> None:
    trip(breaker, SourceFailed("maintenance", status=503, retry_after=7200))
    clock.advance(RETRY_AFTER_MAX)

    assert breaker.state is BreakerState.HALF_OPEN


def test_a_success_from_before_it_opened_does_not_close_it(breaker: Breaker) -> None:
    with breaker.attempt():
        trip(breaker)

    assert breaker.state is BreakerState.OPEN


def test_a_straggler_does_not_stand_in_for_the_probe(breaker: Breaker, clock: StoppedClock) -> None:
    straggler = breaker.attempt()
    straggler.__enter__()
    trip(breaker)
    clock.advance(OPEN_SECONDS)
    with breaker.attempt():
        straggler.__exit__(None, None, None)

        with pytest.raises(SourceUnavailable):
            breaker.check()


class AnyOrderOfEvents(RuleBasedStateMachine):
    """Calls that overlap, fail, are cancelled, and time that passes, in any order."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.clock = StoppedClock()
        self.breaker = Breaker(self.clock, failures_max=FAILURES_MAX, open_seconds=OPEN_SECONDS)
        self.probes = 0
        self.opened_at = float("-inf")

    @rule(target=calls)
    def begin(self) -> object:
        state = self.breaker.state
        attempt = self.breaker.attempt()
        try:
            attempt.__enter__()
        except SourceUnavailable:
            assert state is not BreakerState.CLOSED
            assert state is BreakerState.OPEN or self.probes == 1
            return None
        assert state is not BreakerState.OPEN
        is_probe = state is BreakerState.HALF_OPEN
        self.probes += is_probe
        return (attempt, is_probe)

    @rule(call=consumes(calls), outcome=st.sampled_from(["ok", "failed", "refused", "cancelled"]))
    def end(self, call: tuple[object, bool] | None, outcome: str) -> None:
        if call is None:
            return
        attempt, is_probe = call
        before = self.breaker.state
        error: BaseException | None = {
            "ok": None,
            "failed": SourceTimeout("slow"),
            "refused": SourceFailed("no", status=400),
            "cancelled": KeyboardInterrupt(),
        }[outcome]
        self._leave(attempt, error)
        self.probes -= is_probe
        after = self.breaker.state
        if is_probe:
            ends = {"failed": BreakerState.OPEN, "cancelled": BreakerState.HALF_OPEN}
            assert after is ends.get(outcome, BreakerState.CLOSED)
        elif before is not BreakerState.CLOSED:
            assert after is before, "a straggler changed the state"
        if before is not BreakerState.OPEN and after is BreakerState.OPEN:
            assert outcome == "failed"
            self.opened_at = self.clock.monotonic()

    @rule(seconds=st.sampled_from([1.0, 4.0, 9.0, 10.0]))
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @invariant()
    def at_most_one_probe(self) -> None:
        assert self.probes <= 1

    @invariant()
    def it_is_open_for_its_time_and_no_longer(self) -> None:
        is_time_up = self.clock.monotonic() - self.opened_at >= OPEN_SECONDS
        assert not (self.breaker.state is BreakerState.OPEN and is_time_up)

    @staticmethod
    def _leave(attempt: object, error: BaseException | None) -> None:
        try:
            swallowed = attempt.__exit__(type(error) if error else None, error, None)  # type: ignore[attr-defined]
        except (SourceError, KeyboardInterrupt):
            return
        assert not (error and swallowed)


TestAnyOrderOfEvents = AnyOrderOfEvents.TestCase
TestAnyOrderOfEvents.settings = settings(max_examples=50, stateful_step_count=40)
