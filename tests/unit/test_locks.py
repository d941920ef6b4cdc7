"""A lock is complete: nothing is left to be resolved when it is installed."""

from packaging.requirements import Requirement
from packaging.version import Version
from scripts.check_locks import environments, read_pins, unmet

LOCK = """\
pytest-cov==7.1.0 \\
    --hash=sha256:00
coverage==7.17.5 \\
    --hash=sha256:01 \\
    --hash=sha256:02
tomli==2.5.0 ; python_full_version < '3.13' \\
    --hash=sha256:03
"""
REQUIRES = {
    ("pytest-cov", Version("7.1.0")): ["coverage[toml]>=7.10.6"],
    ("coverage", Version("7.17.5")): ["tomli>=2; python_version < '3.13' and extra == 'toml'"],
    ("tomli", Version("2.5.0")): [],
    ("tomli", Version("2.4.0")): [],
}
ROOTS = [Requirement("pytest-cov>=7")]


def lacking(lock: str) -> set[str]:
    pins = read_pins(lock)
    return set().union(*(unmet(pins, ROOTS, REQUIRES, each) for each in environments()))


def test_a_complete_lock_lacks_nothing() -> None:
    assert lacking(LOCK) == set()


def test_a_requirement_of_an_extra_is_looked_for_too() -> None:
    (sentence,) = lacking(LOCK.split("tomli", maxsplit=1)[0])

    assert sentence.startswith("coverage[toml] 7.17.5 needs tomli>=2")


def test_each_supported_python_is_looked_at() -> None:
    assert lacking(LOCK.replace("3.13", "3.12")) != set()


def test_a_version_outside_the_bounds_is_found() -> None:
    requires = {**REQUIRES, ("pytest-cov", Version("7.1.0")): ["coverage>=8"]}
    (sentence,) = unmet(read_pins(LOCK), ROOTS, requires, environments()[0])
    assert sentence == "pytest-cov 7.1.0 needs coverage>=8, which is locked as 7.17.5."


def test_two_locks_with_two_versions_of_one_name_are_found() -> None:
    (sentence,) = lacking(f"{LOCK}tomli==2.4.0 ; python_version < '3.13'\n")

    assert sentence == "tomli is locked as 2.5.0 and as 2.4.0."
