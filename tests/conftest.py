"""What holds for all tests."""

import gc
import signal

from hypothesis import settings

settings.register_profile("plg", deadline=None)  # a busy machine is no failure
settings.load_profile("plg")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts its background jobs
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Let no collection of garbage go through modules and tests: they last until the end."""
    gc.collect()
    gc.freeze()
