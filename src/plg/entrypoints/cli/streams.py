"""Standard input, output and error as commands can rely on them, in whatever state they are."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

_MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


@contextmanager
def usable_streams() -> Iterator[None]:
    """
    Have all three open, and show as escapes what their encoding does not have.

    What cannot be written in the end is dropped, so that the interpreter does not complain of it.
    """
    with ExitStack() as stack:
        for name, mode in _MODES.items():
            if getattr(sys, name) is None:  # it was closed when the process began
                setattr(sys, name, stack.enter_context(Path(os.devnull).open(mode)))
                stack.callback(setattr, sys, name, None)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            yield
        finally:
            _drop_unwritten(sys.stdout)
            _drop_unwritten(sys.stderr)


def _drop_unwritten(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), stream.fileno())
