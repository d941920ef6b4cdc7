"""Lines of prose are short enough to be read and compared."""

import pytest

from tests.docs.pages import Page, all_pages

LENGTH_MAX = 120


@pytest.mark.parametrize("item", all_pages(), ids=lambda item: item.path.name)
def test_lines_of_prose_are_short(item: Page) -> None:
    lines = [line for line in item.prose.splitlines() if not line.startswith(("| ", "- ["))]

    assert [line for line in lines if len(line) > LENGTH_MAX] == []
