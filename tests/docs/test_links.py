"""Links inside the repository lead somewhere."""

import pytest

from tests.docs.pages import ROOT, Page, all_pages

PAGES = {item.path.relative_to(ROOT).as_posix(): item for item in all_pages()}


@pytest.mark.parametrize("name", PAGES)
def test_internal_links_lead_somewhere(name: str) -> None:
    source = PAGES[name]

    assert [link for link in source.links() if not leads_somewhere(source, link)] == []


def leads_somewhere(source: Page, link: str) -> bool:
    if link.startswith(("https://", "http://", "mailto:")):
        return True
    target, _, anchor = link.partition("#")
    path = source.path if not target else (source.path.parent / target).resolve()
    if not path.exists() or not path.is_relative_to(ROOT):
        return False
    return not anchor or anchor in Page.at(path).anchors()


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        links = [link.partition("#")[0] for link in Page.at(path).links() if "://" not in link]
        waiting += [(path.parent / link).resolve() for link in links if link.endswith(".md")]

    assert {item.path for item in PAGES.values()} <= reached
