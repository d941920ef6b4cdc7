"""What the figures were measured on: processors, versions, date."""

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    "plg",
    "uvicorn",
    "uvloop",
    "httptools",
    "starlette",
    "sqlalchemy",
    "aiosqlite",
    "httpx",
    "aiohttp",
    "django",
    "djangorestframework",
)


def allowed_cores() -> list[int]:
    """Return the cores this process may use; empty where cores cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return []
    return sorted(os.sched_getaffinity(0))


def describe(revision_of: Path) -> list[tuple[str, str]]:
    """Return label and value of everything a reader needs to judge the figures."""
    return [
        ("date", datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")),
        ("revision", _revision(revision_of)),
        ("processor", f"{_processor()}, {len(allowed_cores()) or os.cpu_count()} cores"),
        ("memory", _memory()),
        ("system", f"{platform.system()} {platform.release()}"),
        ("python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)),
        ("wrk", _first_line("wrk", "-v")),
        ("nginx", _first_line("nginx", "-v")),
    ]


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 2**20:.0f} GiB"
    return "unknown"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def _revision(folder: Path) -> str:
    described = _run(("git", "-C", str(folder), "describe", "--always", "--dirty"))
    return described.splitlines()[0] if described else "unknown"


def _first_line(tool: str, flag: str) -> str:
    if shutil.which(tool) is None:
        return "not installed"
    return _run((tool, flag)).splitlines()[0].partition("Copyright")[0].strip()


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout + done.stderr).strip() if "fatal" not in done.stderr else ""
