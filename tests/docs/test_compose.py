"""The container gets every setting that `.env` or the environment has."""

import re
from typing import Final

from tests.docs.pages import ROOT
from tests.docs.world import all_settings

FIXED: Final = {"API_HOST", "API_PORT", "DATA_DIR"}


def handed_on() -> dict[str, str]:
    """Return what the service's `environment` names; "" is for the value from outside."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = re.search(r"^    environment:\n((?: {6}.*\n)+)", text, re.MULTILINE)
    assert found is not None
    return dict(re.findall(r"^ {6}([A-Z0-9_]+): ?(.*)$", found[1], re.MULTILINE))


def test_compose_hands_on_every_setting_and_no_other() -> None:
    assert handed_on().keys() == all_settings().keys()


def test_compose_fixes_only_what_belongs_to_the_container() -> None:
    assert {name for name, value in handed_on().items() if value} == FIXED
