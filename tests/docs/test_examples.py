"""Examples of JSON are JSON, and have the shape of what the gateway really answers."""

import json
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Fence, all_pages
from tests.docs.world import KEY, gateway_in

FENCES = [
    (item.path.relative_to(ROOT).as_posix(), fence)
    for item in all_pages()
    for fence in item.fences("json")
]
ANSWERS = [fence for _, fence in FENCES if fence.note.startswith("example: GET ")]
FREE = "big_payload"  # the source decides what is in it


@pytest.mark.parametrize(("name", "fence"), FENCES)
def test_examples_are_json(name: str, fence: Fence) -> None:
    assert json.loads(fence.text) is not None, name


@pytest.mark.parametrize("fence", ANSWERS, ids=lambda fence: fence.note)
async def test_examples_have_the_shape_of_answers(fence: Fence, tmp_path: Path) -> None:
    target = fence.note.removeprefix("example: GET ")
    async with gateway_in(tmp_path) as client:
        answer = await client.get(target, headers={"X-API-Key": KEY})

    assert shape(json.loads(fence.text)) == shape(answer.json())


def shape(value: object, name: str = "") -> object:
    """Return the value with its leaves replaced by their types, members in their order."""
    if isinstance(value, dict) and name != FREE:
        return [(member, shape(inner, member)) for member, inner in value.items()]
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return "number" if type(value) in (int, float) else type(value).__name__
