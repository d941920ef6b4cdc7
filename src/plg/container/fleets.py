"""What may be done with fleets, put together."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
from plg.application.fleets.bind_account import BindAccount
from plg.application.fleets.import_fleet import ImportFleet
from plg.application.fleets.list_fleets import ListFleets
from plg.application.fleets.open_account import OpenAccount
from plg.application.fleets.remove_fleet import RemoveFleet
from plg.application.fleets.short_changes import ShortChanges
from plg.application.fleets.show_fleet import ShowFleet
from plg.application.fleets.unbind_account import UnbindAccount


@dataclass(frozen=True, slots=True)
class FleetUseCases:
    """Sets of vehicles, and who may see them."""

    import_fleet: ImportFleet
    remove_fleet: RemoveFleet
    list_fleets: ListFleets
    show_fleet: ShowFleet
    bind_account: BindAccount
    open_account: OpenAccount
    unbind_account: UnbindAccount


def fleet_use_cases(changes: AuditedChange) -> FleetUseCases:
    short_changes, work = ShortChanges(changes), changes.work
    return FleetUseCases(
        ImportFleet(short_changes),
        RemoveFleet(short_changes),
        ListFleets(work),
        ShowFleet(work),
        BindAccount(changes),
        OpenAccount(changes),
        UnbindAccount(changes),
    )
