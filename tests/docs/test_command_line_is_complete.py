"""Every command is documented, and nothing else is."""

import re
from dataclasses import fields

import pytest

from plg.entrypoints.simulator.faults import Faults, GarbageKind
from tests.docs.generated import COMMANDS
from tests.docs.pages import all_pages, page, rows

PAGE = page("cli.md")


def test_every_command_is_documented() -> None:
    headings = [heading.strip("`") for heading in PAGE.headings() if heading.startswith("`plg ")]

    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_under_its_heading(name: str) -> None:
    assert f"### `{name}`\n\n<!-- make docs: command {name} -->\n" in PAGE.text


def test_no_page_names_a_command_that_does_not_exist() -> None:
    starts = {" ".join(name.split()[:2]) for name in COMMANDS}
    named = {
        found
        for item in all_pages()
        for found in re.findall(r"(?:`|^\$ )(plg [a-z]+)\b", item.text, re.MULTILINE)
    }

    assert named <= starts


def test_every_member_of_the_control_desk_is_documented() -> None:
    table = rows(PAGE.section("## The control desk"))
    documented = {name for row in table for name in re.findall(r"`([a-z_]+)`", row[0])}

    assert documented == {field.name for field in fields(Faults)}


def test_every_kind_of_garbage_is_documented() -> None:
    text = PAGE.section("## The control desk")

    assert [kind for kind in GarbageKind if f"`{kind}`" not in text] == []
