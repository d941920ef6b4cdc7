"""The kinds of cached records, as commands name them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from plg.container import Container
from plg.container.resources import DYNAMIC_DATA, PLAYERS, STATIC_DATA, Resource
from plg.domain.records.players import KillerBiId
from plg.domain.records.record_keys import RecordKey
from plg.domain.records.vehicles import Vin

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How a kind is named and told apart.

    Attributes:
        key: What its keys are; `key.parse` takes them as people paste them.
        member: The member of a body that says whose it is.
    """

    name: str
    key: type[KillerBiId] | type[Vin]
    member: str

    def of(self, container: Container) -> Resource:
        """Return the resource itself."""
        found: Resource = container.resources()[self.name]
        return found


KINDS: Final = {
    PLAYERS: Kind(PLAYERS, KillerBiId, "killer_bi_id"),
    STATIC_DATA: Kind(STATIC_DATA, Vin, "vin"),
    DYNAMIC_DATA: Kind(DYNAMIC_DATA, Vin, "vin"),
}
Key = RecordKey


def kind_option(command: F) -> F:
    """Let a command take the kind of record that it is about."""
    option = click.option(
        "--resource",
        "kind",
        type=click.Choice(list(KINDS)),
        default=PLAYERS,
        show_default=True,
        callback=lambda _context, _parameter, name: KINDS[name],
        help="The kind of record.",
    )
    return option(command)
