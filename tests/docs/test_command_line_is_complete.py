"""Every command is documented with its options and arguments, and nothing else is."""

import re
from dataclasses import fields

import click
import pytest

from plg.entrypoints.cli.main import plg
from plg.entrypoints.simulator.faults import Faults, GarbageKind
from tests.docs.pages import all_pages, page, rows

PAGE = page("cli.md")


def commands(group: click.Group, name: str = "plg") -> dict[str, click.Command]:
    """Return every command that does something and is shown, by its full name."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for part in group.list_commands(context):
        command = group.get_command(context, part)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{name} {part}")
        elif not command.hidden:
            found[f"{name} {part}"] = command
    return found


COMMANDS = commands(plg)


def test_every_command_is_documented() -> None:
    headings = {heading.strip("`") for heading in PAGE.headings() if heading.startswith("`plg ")}

    assert headings == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    table = rows(PAGE.section(f"### `{name}`"))
    documented = {flag for row in table for flag in re.findall(r"--[a-z-]+", row[0])}

    options = [item for item in COMMANDS[name].params if isinstance(item, click.Option)]
    existing = {
        flag
        for item in options
        if not item.hidden
        for flag in (*item.opts, *item.secondary_opts)
        if flag.startswith("--")
    }
    assert documented == existing


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_of_a_command_is_documented(name: str) -> None:
    text = PAGE.section(f"### `{name}`")

    context = click.Context(COMMANDS[name])
    arguments = [item for item in COMMANDS[name].params if isinstance(item, click.Argument)]
    names = [item.make_metavar(context).strip("[].") for item in arguments]
    assert not names or " ".join([name, *names]) in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_default_of_a_command_is_documented(name: str) -> None:
    text = PAGE.section(f"### `{name}`")
    documented = {row[0].split("`")[1]: row[1] for row in rows(text) if len(row) > 2}

    options = [item for item in COMMANDS[name].params if isinstance(item, click.Option)]
    wrong = [
        item.opts[0]
        for item in options
        if isinstance(item.default, str | int | float)
        and not isinstance(item.default, bool)
        and documented.get(item.opts[0], "").strip("`") != str(item.default)
    ]
    assert not wrong


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
