"""
Parts of the pages that are made from the code. `make docs` renews them.

A part stands between `<!-- make docs: NAME -->` and `<!-- end -->`. Its maker is found by the
first word of its name, and is given the rest.
"""

import ast
import re
from collections.abc import Callable, Mapping
from inspect import cleandoc
from pathlib import Path
from textwrap import fill
from typing import Final

import click

from plg.entrypoints.cli.main import plg
from plg.entrypoints.http.protocol.problem_kinds.access import ACCESS
from plg.entrypoints.http.protocol.problem_kinds.kind import Kind
from plg.entrypoints.http.protocol.problem_kinds.requests import REQUESTS
from plg.entrypoints.http.protocol.problem_kinds.service import SERVICE
from tests.docs.pages import ROOT, all_pages

LINE_LENGTH: Final = 120

_PART: Final = re.compile(
    r"(?P<begin><!-- make docs: (?P<name>[^\n]+) -->\n)(?P<text>.*?)(?P<end><!-- end -->)",
    re.DOTALL,
)
_KINDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "requests": REQUESTS,
    "access": ACCESS,
    "service": SERVICE,
}


def problems(group: str) -> str:
    """Return a heading for each problem code, its status, when it comes, and what to do."""
    return "\n".join(
        f"### `{code}`\n\n{_wrapped(f'**{kind.status}** {kind.when}')}\n\n{_wrapped(kind.advice)}\n"
        for code, kind in _KINDS[group].items()
    )


def command(name: str) -> str:
    """Return what `--help` says of a command: how it is called, what it does, its options."""
    found = COMMANDS[name]
    context = click.Context(found)
    usage = " ".join([name, *found.collect_usage_pieces(context)])
    text = "\n\n".join(_wrapped(part) for part in cleandoc(found.help or "").split("\n\n"))
    parts = [f"    {usage}", text, _options(found, context)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(found: click.Command, context: click.Context) -> str:
    options = [item for item in found.params if isinstance(item, click.Option)]
    records = [record for item in options if (record := item.get_help_record(context))]
    table = ["| option | meaning | default and range |", "| --- | --- | --- |", *map(_row, records)]
    return "\n".join(table) if records else ""


def _row(record: tuple[str, str]) -> str:
    name, text = record
    meaning, _, extra = text.partition("  [")
    cells = (f"`{name.replace(' RANGE', '')}`", meaning, extra.removesuffix("]"))
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells).replace("  ", " ") + " |"


def _commands(group: click.Group, name: str) -> dict[str, click.Command]:
    """Return every command that does something and is shown, by its full name."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for part in group.list_commands(context):
        item = group.get_command(context, part)
        if isinstance(item, click.Group):
            found |= _commands(item, f"{name} {part}")
        elif item is not None and not item.hidden:
            found[f"{name} {part}"] = item
    return found


def ports(folder: str) -> str:
    """Return a table of the ports: the first line of each docstring, and who keeps its promise."""
    found = _classes(ROOT / "src/plg/application" / folder)
    adapters = _classes(ROOT / "src/plg/adapters")
    table = ["| port | promise | adapters |", "| --- | --- | --- |"]
    for name in sorted(name for name in found if name.endswith("Port")):
        kept_by = [each for each, node in adapters.items() if name in map(_name, node.bases)]
        promise = (ast.get_docstring(found[name]) or "").splitlines()[0]
        table.append(
            f"| `{name}` | {promise} | {', '.join(f'`{each}`' for each in sorted(kept_by))} |"
        )
    return "\n".join(table) + "\n"


def _classes(folder: Path) -> dict[str, ast.ClassDef]:
    return {
        node.name: node
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def _name(base: ast.expr) -> str:
    return ast.unparse(base).partition("[")[0]


COMMANDS: Final = _commands(plg, "plg")


def _wrapped(text: str) -> str:
    return fill(" ".join(text.split()), LINE_LENGTH, break_long_words=False, break_on_hyphens=False)


MAKERS: Final[Mapping[str, Callable[[str], str]]] = {
    "problems": problems,
    "command": command,
    "ports": ports,
}


def renewed(text: str) -> str:
    """Return a page's text with its parts as the code has them now."""

    def part(match: re.Match[str]) -> str:
        maker, _, rest = match["name"].partition(" ")
        return f"{match['begin']}\n{MAKERS[maker](rest)}\n{match['end']}"

    return _PART.sub(part, text)


def names_in(text: str) -> list[str]:
    """Return the names of the parts of a page."""
    return [match["name"] for match in _PART.finditer(text)]


if __name__ == "__main__":
    for each in all_pages():
        each.path.write_text(renewed(each.text), encoding="utf-8")
