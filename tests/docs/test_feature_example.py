"""The feature that the architecture page adds as an example works as it stands there."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from prometheus_client import CollectorRegistry

from plg.container import Container, close, prepare
from plg.entrypoints.http.app import HttpApp, route_all
from plg.entrypoints.http.assembly import gate_of
from plg.entrypoints.http.carrier.bounds import Bounds
from plg.entrypoints.http.carrier.connection import ServerContext
from plg.entrypoints.http.endpoints import routes_of
from plg.entrypoints.http.telemetry import RequestTelemetry
from tests.docs.pages import ROOT, page
from tests.docs.world import KEY, container_in

FENCES = page("architecture.md").fences("python")
AGE = "/api/v1/players/KB-000001/age"


def noted(start: str) -> dict[str, str]:
    return {
        fence.note.removeprefix(start).strip(): fence.text
        for fence in FENCES
        if fence.note.startswith(start)
    }


@pytest.fixture
def modules() -> Iterator[dict[str, ModuleType]]:
    """The modules of the example, as if they were in the package."""
    made = {}
    for name, text in noted("module: ").items():
        module = ModuleType(name)
        sys.modules[name] = made[name] = module
        exec(compile(text, name, "exec"), module.__dict__)
    yield made
    for name in made:
        del sys.modules[name]


@pytest.fixture
async def container(tmp_path: Path) -> Container:
    container = container_in(tmp_path)
    await prepare(container)
    return container


async def test_the_rule_of_the_example_is_where_the_page_says() -> None:
    for name, text in noted("in: ").items():
        assert text.strip() in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("modules")
async def test_the_test_of_the_example_passes() -> None:
    (text,) = noted("test").values()
    space: dict[str, object] = {}
    exec(compile(text, "architecture.md", "exec"), space)
    (test,) = [value for name, value in space.items() if name.startswith("test_")]

    assert callable(test)
    await test()


@pytest.mark.usefixtures("modules")
async def test_the_route_of_the_example_answers(container: Container) -> None:
    use_case = import_module("plg.application.records.get_player_age").GetPlayerAge
    api = import_module("plg.entrypoints.http.api.records.player_ages").PlayerAgesApi
    made = api(use_case(container.player_store(), container.clock()), gate_of(container))
    telemetry = RequestTelemetry(CollectorRegistry(), log_ratio=0.0)
    app = HttpApp(
        route_all(routes_of(made.endpoints()), ()),
        ServerContext(Bounds(1, 1.0, 1.0), telemetry, None),
        (),
        lambda: pytest.fail("no server starts here"),
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        unknown = await client.get(AGE)
        missing = await client.get(AGE, headers={"X-API-Key": KEY})
    await close(container)

    assert unknown.json()["code"] == "missing_credential"
    assert missing.json()["code"] == "not_cached"
