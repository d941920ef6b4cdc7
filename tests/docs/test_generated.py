"""What the pages have from the code is what the code says."""

import pytest

from tests.docs.generated import names_in, renewed
from tests.docs.pages import Page, all_pages, page

GENERATED = [item for item in all_pages() if names_in(item.text)]


@pytest.mark.parametrize("item", GENERATED, ids=lambda item: item.path.name)
def test_the_parts_made_from_the_code_are_new(item: Page) -> None:
    assert item.text == renewed(item.text), f"run `make docs` to renew {item.path.name}"


def test_every_group_of_problems_is_on_its_page() -> None:
    named = {name for name in names_in(page("problems.md").text) if name.startswith("problems ")}

    assert named == {"problems requests", "problems access", "problems service"}
