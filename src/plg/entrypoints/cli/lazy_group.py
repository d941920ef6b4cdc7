"""A group whose commands are imported when they are called: `plg --help` is there at once."""

import importlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NamedTuple, cast

import click

from plg.domain.errors import PlgError
from plg.entrypoints.cli.failures import Failed, as_click
from plg.entrypoints.cli.streams import usable_streams
from plg.settings import SettingError


class Listed(NamedTuple):
    """
    A command: the room of the package that it is in, and its line in the help.

    Attributes:
        needs: A module of the extra `demo`, without which the command does nothing.
    """

    room: str
    summary: str
    needs: str | None = None


class LazyGroup(click.Group):
    """
    Finds the command `name` in the module `name` of its room, and what they raise an exit status.

    Args:
        listed: The commands in the order of the help.
    """

    def __init__(self, *args: Any, package: str, listed: Mapping[str, Listed], **rest: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **rest)
        self._package = package
        self._listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._listed:
            return None
        listed = self._listed[cmd_name]
        if listed.needs is not None and find_spec(listed.needs) is None:
            raise Failed(f"`plg {cmd_name}` needs {listed.needs}: pip install 'plg[demo]'.")
        module = importlib.import_module(f"{self._package}.{listed.room}.{cmd_name}")
        return cast("click.Command", getattr(module, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.summary) for name, each in self._listed.items()])

    def main(self, *args: Any, **rest: Any) -> Any:  # noqa: ANN401 - click's signature
        with usable_streams():
            try:
                return super().main(*args, **rest)
            except OSError as error:  # the overview, or a failure, could not be shown
                with suppress(OSError):
                    as_click(error).show()
                sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # click ends quietly: nobody reads any more
        except (PlgError, SettingError, OSError, UnicodeError) as error:
            raise as_click(error) from error
