"""The machine's clock."""

import time

from plg.adapters.clock import SystemClock


def test_now_is_the_wall_clock() -> None:
    before = time.time()

    assert before <= SystemClock().now() <= time.time()


def test_monotonic_does_not_go_back() -> None:
    clock = SystemClock()

    assert clock.monotonic() <= clock.monotonic()
