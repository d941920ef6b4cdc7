"""What holds for all tests."""

import gc
import os
import re
import signal
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from plg.domain.identity.api_key_format import PATTERN

settings.register_profile("plg", deadline=None)  # a busy machine is no failure
settings.load_profile("plg")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts its background jobs
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def logging_of_its_own() -> Iterator[None]:
    """Let no test end with logging as it set it up: the next one captures lines of each level."""
    yield
    structlog.reset_defaults()


def pytest_xdist_auto_num_workers() -> int:
    """Run one process more than there are processors: some tests wait for real time to pass."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_finish() -> None:
    """Let no collection of garbage go through modules and tests: they last until the end."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which stores were not tested, since no server of them answers."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = (str(each.longrepr) for each in skipped)
    stores = {found[1] for each in reasons if (found := re.search(r"(\w+) does not answer", each))}
    if stores:
        terminalreporter.write_line(
            f"Not tested, as no server answers: {', '.join(sorted(stores))}."
        )


def pytest_make_parametrize_id(val: object) -> str | None:
    """Leave a new API key out of a test's name: each process must name its tests alike."""
    if isinstance(val, str) and re.search(PATTERN, val):
        return re.sub(PATTERN, "key", val)
    return None
