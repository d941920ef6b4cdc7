"""Try again, but never so often that retries become the load."""

import pytest

from plg.adapters.upstream.retries import FIRST_WAIT, Retries, RetryBudget
from plg.domain.errors import SourceBroken, SourceError, SourceFailed, SourceFault, SourceTimeout

LOST = SourceFailed("no connection")


class Source:
    """Fails as often as told, then answers."""

    def __init__(self, *errors: SourceError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def retries(waits: list[float]) -> Retries:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return Retries(2, sleep=sleep)


@pytest.mark.parametrize(
    "error",
    [LOST, SourceTimeout("slow"), *(SourceFailed("no", status=s) for s in (502, 503, 504))],
)
async def test_a_failure_that_may_pass_is_tried_again(retries: Retries, error: SourceError) -> None:
    assert await retries.run(Source(error)) == "answer"


@pytest.mark.parametrize(
    "error",
    [
        SourceBroken(SourceFault.JSON, "garbage"),
        *(SourceFailed("no", status=s) for s in (302, 400, 401, 403, 429, 500, 501)),
    ],
)
async def test_a_failure_that_will_not_pass_is_not_tried_again(
    retries: Retries, error: SourceError
) -> None:
    source = Source(error)
    with pytest.raises(type(error)):
        await retries.run(source)

    assert source.calls == 1


async def test_the_last_failure_is_raised(retries: Retries) -> None:
    source = Source(LOST, LOST, SourceTimeout("slow"))
    with pytest.raises(SourceTimeout):
        await retries.run(source)

    assert source.calls == 3


async def test_without_retries_there_is_one_call() -> None:
    source = Source(LOST)
    with pytest.raises(SourceFailed):
        await Retries(0).run(source)

    assert source.calls == 1


async def test_waits_double_at_most(retries: Retries, waits: list[float]) -> None:
    await retries.run(Source(LOST, LOST))

    assert 0 <= waits[0] <= FIRST_WAIT
    assert 0 <= waits[1] <= 2 * FIRST_WAIT


async def test_the_source_says_how_long_to_wait(retries: Retries, waits: list[float]) -> None:
    await retries.run(Source(SourceFailed("busy", status=503, retry_after=1.5)))

    assert waits == [1.5]


async def test_a_source_that_wants_a_long_pause_gets_no_retry(retries: Retries) -> None:
    source = Source(SourceFailed("busy", status=503, retry_after=2.1))
    with pytest.raises(SourceFailed):
        await retries.run(source)

    assert source.calls == 1


async def test_when_everything_fails_retries_are_a_fifth_of_the_calls(retries: Retries) -> None:
    calls = 0
    for _ in range(1000):
        source = Source(*[LOST] * 3)
        with pytest.raises(SourceFailed):
            await retries.run(source)
        calls += source.calls

    assert 1000 <= calls <= 1000 + RetryBudget.TOKENS_MAX + 1000 * RetryBudget.PER_CALL + 1


async def test_after_good_times_a_few_failures_are_retried(retries: Retries) -> None:
    for _ in range(100):
        await retries.run(Source())

    assert await retries.run(Source(LOST, LOST)) == "answer"
