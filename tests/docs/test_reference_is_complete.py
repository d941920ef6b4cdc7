"""What exists is documented, and what is documented exists."""

import re
from pathlib import Path

from dotenv import dotenv_values

from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import BehindGate, Guarded, Public
from plg.entrypoints.http.telemetry import RequestTelemetry
from tests.docs.pages import DOCS, ROOT, all_pages, code, page, rows
from tests.docs.world import all_settings, container_in, endpoints

NO_SETTINGS = {
    "NAME",  # stands for any variable
    "SIGTERM",
    "SIGINT",
    "SIGKILL",
    "SIGHUP",
    "PATH",
    "NORMAL",
    "FULL",
    "HEAD",
    "OPTIONS",
    "DELETE",
    "PATCH",
    "POST",
    "EMAIL",
    "TEST_POSTGRESQL",  # of tests
    "TEST_MARIADB",
}

METRIC = re.compile(r"\bplg_(?!cache_version|durable_version|live_|rt_)[a-z_]+\b")


def test_every_setting_is_documented_with_its_default() -> None:
    text = page("configuration.md").text
    documented = {code(row[0]): code(row[1]) for row in rows(text)}

    assert documented == all_settings()


def test_every_setting_has_a_meaning_and_advice() -> None:
    thin = [row[0] for row in rows(page("configuration.md").text) if not (row[2] and row[3])]

    assert not thin


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    named = {
        (item.path.relative_to(ROOT).as_posix(), name)
        for item in all_pages()
        for name in re.findall(r"`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)(?:=[^`]*)?`", item.prose)
        if len(name) > 3
    }

    unknown = {(where, name) for where, name in named if name not in all_settings()}
    assert not {(where, name) for where, name in unknown if name not in NO_SETTINGS}


def test_env_example_names_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = dict(
        line.removeprefix("# ").split("=", maxsplit=1)
        for line in lines
        if re.match(r"# [A-Z][A-Z0-9_]*=", line)
    )

    assert named == all_settings()


def test_env_example_changes_nothing_as_it_is() -> None:
    assert dotenv_values(ROOT / ".env.example") == {}


def test_every_route_is_documented_with_its_scope_and_limits(tmp_path: Path) -> None:
    documented = {}
    for route, credential, limits, _ in rows(page("http-api.md").section("## Routes")):
        method, _, target = code(route).partition(" ")
        needed = code(credential) or credential.partition(",")[0]
        documented[method, target.partition("?")[0]] = (needed, set(re.findall("`(.*?)`", limits)))

    existing = {
        (item.method, item.path): (needed_by(item), tiers_of(item))
        for item in endpoints(container_in(tmp_path))
    }
    assert documented == existing


def needed_by(endpoint: Endpoint) -> str:
    """Return the scope that a route demands, `any` for any credential, `none` for none."""
    if endpoint.access is None:
        return "none"
    return "any" if endpoint.access.scope is None else str(endpoint.access.scope)


def tiers_of(endpoint: Endpoint) -> set[str]:
    """Return the limits of a route besides burst and sustained; for none at all, that."""
    app = endpoint.app
    if isinstance(app, BehindGate):
        search = app.search if isinstance(app, Guarded) else None
        demands = [app.access, *([search] if search else [])]
        return {each.tier.value for each in demands if each.tier is not None}
    if isinstance(app, Public):
        return {app.tier.value} if app.tier is not None else set()
    return {"none"}


def test_every_metric_is_documented_with_its_type(tmp_path: Path) -> None:
    container = container_in(tmp_path)
    container.observer()
    container.readings()
    container.worker_deaths()
    container.access.limits()
    RequestTelemetry(container.registry(), log_ratio=0.0)
    text = page("operations.md").section("## Metrics")
    documented = {code(row[0]): row[1] for row in rows(text)}

    exported = {
        metric.name + "_total" * (metric.type == "counter"): metric.type
        for metric in container.registry().collect()
    }
    assert documented == exported


def test_no_page_names_a_metric_that_does_not_exist() -> None:
    documented = {code(row[0]) for row in rows(page("operations.md").section("## Metrics"))}
    named = {name for item in all_pages() for name in METRIC.findall(item.text)}

    assert named <= documented


def test_every_decision_is_listed_in_the_architecture() -> None:
    listed = {link for link in page("architecture.md").links() if link.startswith("decisions/")}

    assert listed >= {f"decisions/{path.name}" for path in (DOCS / "decisions").glob("*.md")}
