"""
Check that each lock is complete: it can be installed without a resolver, today and next year.

Every requirement of every locked distribution, those of the extras that are asked for included,
must be met by the locks that are installed together, on each supported Python and system.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from itertools import product
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS: Final = {
    "linux": {"os_name": "posix", "platform_system": "Linux"},
    "darwin": {"os_name": "posix", "platform_system": "Darwin"},
    "win32": {"os_name": "nt", "platform_system": "Windows"},
}
# What is installed into one environment, and what of pyproject.toml it is for.
TOGETHER: Final = {
    ("requirements-build.lock", "requirements.lock"): ("build",),
    ("requirements-build.lock", "requirements-demo.lock"): ("build", "demo"),
    ("requirements-build.lock", "requirements-demo.lock", "requirements-dev.lock"): ("dev", "demo"),
    ("requirements-build.lock", "requirements-bench.lock"): ("build", "demo", "bench"),
}


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked version, and where it is installed."""

    name: str
    version: Version
    marker: Marker | None

    def is_for(self, environment: Mapping[str, str]) -> bool:
        return self.marker is None or self.marker.evaluate({**environment, "extra": ""})


def read_pins(text: str) -> list[Pin]:
    """Return what a lock pins: its lines without the hashes."""
    lines = text.replace("\\\n", " ").splitlines()
    asked = [Requirement(line.split(" --hash", 1)[0]) for line in lines if line.strip()]
    return [
        Pin(canonicalize_name(each.name), Version(str(each.specifier)[2:]), each.marker)
        for each in asked
    ]


def environments() -> list[dict[str, str]]:
    """Return the values of markers for each supported Python and system."""
    return [
        {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": system,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_machine": "AMD64" if system == "win32" else "x86_64",
            **values,
        }
        for python, (system, values) in product(PYTHONS, SYSTEMS.items())
    ]


def unmet(
    pins: Iterable[Pin],
    roots: Iterable[Requirement],
    requires: Mapping[tuple[str, Version], Sequence[str]],
    environment: Mapping[str, str],
) -> set[str]:
    """Return a sentence for each requirement that the pins do not meet in this environment."""
    found: set[str] = set()
    here: dict[str, Version] = {}
    for pin in (each for each in pins if each.is_for(environment)):
        if here.setdefault(pin.name, pin.version) != pin.version:
            found.add(f"{pin.name} is locked as {here[pin.name]} and as {pin.version}.")
    seen: set[tuple[str, str]] = set()
    waiting = [("pyproject.toml", each, "") for each in roots]
    waiting += [
        (f"{name} {version}", Requirement(text), "")
        for name, version in here.items()
        for text in requires[name, version]
    ]
    while waiting:
        asker, asked, extra = waiting.pop()
        if asked.marker is not None and not asked.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(asked.name)
        version = here.get(name)
        if version is None or not asked.specifier.contains(version, prereleases=True):
            has = "not locked" if version is None else f"locked as {version}"
            found.add(f"{asker} needs {asked}, which is {has}.")
            continue
        for wanted in asked.extras - {each for of, each in seen if of == name}:
            seen.add((name, wanted))
            waiting += [
                (f"{name}[{wanted}] {version}", Requirement(text), wanted)
                for text in requires[name, version]
            ]
    return found


def read_requires(pins: Iterable[Pin]) -> dict[tuple[str, Version], Sequence[str]]:
    """Return what each pinned distribution requires, as its own metadata says."""
    wanted = {(pin.name, pin.version) for pin in pins}
    known = _requires_of(distributions())
    missing = [f"{name}=={version}" for name, version in wanted - known.keys()]
    if missing:  # made for another system, or for the benchmark: fetched, never installed here
        with tempfile.TemporaryDirectory() as folder:
            command = ["uv", "pip", "install", "--quiet", "--no-config", "--no-deps"]
            subprocess.run([*command, "--target", folder, *missing], check=True)  # noqa: S603 - pinned above
            known |= _requires_of(distributions(path=[folder]))
    return {each: known[each] for each in wanted}


def _requires_of(found: Iterable[Distribution]) -> dict[tuple[str, Version], Sequence[str]]:
    return {
        (canonicalize_name(each.name), Version(each.version)): each.requires or () for each in found
    }


def read_roots(groups: Iterable[str]) -> list[Requirement]:
    """Return what pyproject.toml asks for by itself and under these groups and extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tables = {**project["dependency-groups"], **project["project"]["optional-dependencies"]}

    def texts(group: str) -> Iterable[str]:
        for each in tables[group]:
            if isinstance(each, str):
                yield each
            else:
                yield from texts(each["include-group"])

    asked = [
        *project["project"]["dependencies"],
        *(text for each in groups for text in texts(each)),
    ]
    return [Requirement(text) for text in asked]


def main() -> int:
    """Print what the locks lack, and return 1 where they lack something."""
    status = 0
    for locks, groups in TOGETHER.items():
        pins = [pin for lock in locks for pin in read_pins((ROOT / lock).read_text())]
        requires, roots = read_requires(pins), read_roots(groups)
        for sentence in sorted(
            set().union(*(unmet(pins, roots, requires, each) for each in environments()))
        ):
            sys.stderr.write(f"{locks[-1]}: {sentence}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
