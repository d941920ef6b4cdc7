"""What holds for all tests."""

import signal

from hypothesis import settings

settings.register_profile("plg", deadline=None)  # a busy machine is no failure
settings.load_profile("plg")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts its background jobs
    signal.signal(signal.SIGINT, signal.default_int_handler)
