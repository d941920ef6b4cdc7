"""What holds for all tests."""

import gc
import signal

from hypothesis import settings

ID_LENGTH_MAX = 40
settings.register_profile("plg", deadline=None)  # a busy machine is no failure
settings.load_profile("plg")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts its background jobs
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Let no collection of garbage go through modules and tests: they last until the end."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """
    Name a case by the parameter where its value is long: it may be drawn anew in each process.

    Processes that share the tests must collect them by the same names.
    """
    is_long = isinstance(val, str | bytes) and len(val) > ID_LENGTH_MAX
    return argname if is_long else None
