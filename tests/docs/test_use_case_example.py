"""The use case on its ports, and the override, work as the architecture page says."""

import ast
from pathlib import Path

from plg.adapters.encoding.players import JsonPlayerEncoder
from plg.adapters.memory.cache import MemoryCache
from plg.application.records.get_player import GetPlayer
from plg.container import close, prepare
from plg.domain.errors import SourceUnavailable
from plg.domain.identity.access import SERVICE_SCOPES, Caller
from plg.domain.records.freshness import FreshnessPolicy
from plg.domain.records.lookups import Outcome
from plg.domain.records.players import KillerBiId
from tests.docs.pages import page
from tests.docs.world import container_in
from tests.fakes.cache import MemoryPlayerCache
from tests.fakes.clock import StoppedClock
from tests.fakes.entries import ANA
from tests.fakes.observer import RecordingObserver
from tests.fakes.source import MemoryPlayerSource

CALLER = Caller("service", SERVICE_SCOPES)
NAMES = {
    each.__name__: each
    for each in (
        FreshnessPolicy,
        GetPlayer,
        JsonPlayerEncoder,
        KillerBiId,
        MemoryCache,
        MemoryPlayerCache,
        MemoryPlayerSource,
        Outcome,
        RecordingObserver,
        SourceUnavailable,
        StoppedClock,
    )
}


async def test_get_player_works_on_its_ports_without_a_container() -> None:
    (fence,) = [each for each in page("architecture.md").fences("python") if each.note == "ports"]
    code = compile(fence.text, "architecture.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    space: dict[str, object] = {**NAMES, "caller": CALLER}

    await eval(code, space)

    assert space["again"]


async def test_one_override_swaps_the_source(tmp_path: Path) -> None:
    container, source = container_in(tmp_path), MemoryPlayerSource()
    container.player_source.override(source)
    await prepare(container)

    await container.get_player()(ANA, CALLER)
    await close(container)

    assert [key for key, _ in source.calls] == [ANA]
