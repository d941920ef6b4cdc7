"""The kinds of cached records, as commands name them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click

from plg.container import Container
from plg.container.resources import DYNAMIC_DATA, PLAYERS, STATIC_DATA, Resource
from plg.domain.errors import InvalidParameter
from plg.domain.records.declared.keys import KeyRule
from plg.domain.records.declared.resources import AnswerForm
from plg.domain.records.players import KillerBiId
from plg.domain.records.record_keys import RecordKey
from plg.domain.records.vehicles import Vin
from plg.entrypoints.cli.failures import WrongUse

F = TypeVar("F", bound=Callable[..., Any])
Key = RecordKey


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How a kind is named and told apart.

    Attributes:
        resource: What serves it; its `parse` takes keys as people paste them.
        read: Takes a key as it is kept, and nothing else; raises InvalidParameter.
        member: The member of a body that says whose it is; None where a body need not say.
    """

    name: str
    resource: Resource
    read: Callable[[str], Key]
    member: str | None


BUILT_IN: Final[dict[str, tuple[Callable[[str], Key], str]]] = {
    PLAYERS: (KillerBiId, "killer_bi_id"),
    STATIC_DATA: (Vin, "vin"),
    DYNAMIC_DATA: (Vin, "vin"),
}


def kinds_in(container: Container) -> dict[str, Kind]:
    """Return every kind that the settings serve, by name."""
    resources: dict[str, Resource] = container.resources()
    kinds = {
        name: Kind(name, resources[name], read, member) for name, (read, member) in BUILT_IN.items()
    }
    for spec in container.declared().specs:
        member = spec.key.name if spec.answer is AnswerForm.ENVELOPE else None
        kinds[spec.name] = Kind(spec.name, resources[spec.name], _exactly(spec.key), member)
    return kinds


def kind_in(container: Container, name: str) -> Kind:
    """
    Return the kind of this name.

    Raises:
        WrongUse: If there is none.
    """
    kinds = kinds_in(container)
    if name not in kinds:
        raise WrongUse(f"There is no resource {name!r}: there are {', '.join(kinds)}.")
    return kinds[name]


def kind_option(command: F) -> F:
    """Let a command take the name of the kind of record that it is about."""
    option = click.option(
        "--resource",
        "name",
        metavar="NAME",
        default=PLAYERS,
        show_default=True,
        help="The kind of record: players, vehicle_static, vehicle_dynamic or a declared one.",
    )
    return option(command)


def _exactly(rule: KeyRule) -> Callable[[str], Key]:
    def read(text: str) -> Key:
        key = rule.parse(text)
        if key.value != text:
            raise InvalidParameter(rule.name, f"{rule.name} is not as keys are kept.")
        return key

    return read
