"""What a server process and its children have used, read from /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

_UNKNOWN = float("nan")


def cpu_seconds(pid: int) -> float:
    """Return the processor time used so far; not a number where there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return _UNKNOWN
    ticks = sum(_ticks(each) for each in _tree(pid))
    return ticks / float(os.sysconf("SC_CLK_TCK"))


def resident_bytes(pid: int) -> float:
    """Return the resident set size, shared libraries included."""
    return _status(pid, "VmRSS")


def private_bytes(pid: int) -> float:
    """Return resident memory that belongs to no file: what caches grow in."""
    return _status(pid, "RssAnon")


def _status(pid: int, field: str) -> float:
    if not Path("/proc/self/status").exists():
        return _UNKNOWN
    return float(sum(_status_bytes(each, field) for each in _tree(pid)))


def _status_bytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return 0


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="utf-8").split():
            yield from _tree(int(child))
