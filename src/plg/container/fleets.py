"""Fleets, as the container builds what may be done with them."""

from dependency_injector import containers, providers

from plg.application.fleets.bind_account import BindAccount
from plg.application.fleets.changing_bindings import ChangeBindings
from plg.application.fleets.import_fleet import ImportFleet
from plg.application.fleets.list_fleets import ListFleets
from plg.application.fleets.open_account import OpenAccount
from plg.application.fleets.remove_fleet import RemoveFleet
from plg.application.fleets.short_changes import ShortChanges
from plg.application.fleets.show_fleet import ShowFleet
from plg.application.fleets.unbind_account import UnbindAccount
from plg.application.ports.clock import ClockPort


class FleetsContainer(containers.DeclarativeContainer):
    """Sets of vehicles, and who is bound to them."""

    clock: providers.Dependency[ClockPort] = providers.Dependency()
    access = providers.DependenciesContainer()
    work = access.work

    short_changes = providers.Singleton(ShortChanges, work, clock)
    change_bindings = providers.Singleton(ChangeBindings, work, access.remembered, clock)
    import_fleet = providers.Singleton(ImportFleet, short_changes, access.remembered)
    remove_fleet = providers.Singleton(RemoveFleet, short_changes)
    list_fleets = providers.Singleton(ListFleets, work)
    show_fleet = providers.Singleton(ShowFleet, work)
    bind_account = providers.Singleton(BindAccount, change_bindings)
    open_account = providers.Singleton(OpenAccount, change_bindings)
    unbind_account = providers.Singleton(UnbindAccount, change_bindings)
