"""Fleets in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from plg.application.ports.fleets.fleets import FleetClaim, FleetsPort
from plg.domain.fleets.fleets import Fleet, Staged
from plg.domain.records.vehicles import Vin
from tests.fakes.memory_tables import KeptFleet, Twin


class MemoryFleets(Twin, FleetsPort):
    """A fleet with the vehicles that it has, and apart from them those that are staged."""

    async def get(self, code: str) -> Fleet | None:
        return next((each.fleet for each in self._there if each.fleet.code == code), None)

    async def page(self, *, after: str | None, limit: int) -> list[Fleet]:
        return _page(self._there, after, limit)

    async def of_account(self, account_id: str, *, after: str | None, limit: int) -> list[Fleet]:
        return _page(self._of(account_id), after, limit)

    async def accounts(self, code: str, *, limit: int) -> list[str]:
        bound = self._read.bindings
        held = self._read.fleets
        return sorted(who for who, fleet_id in bound if held[fleet_id].fleet.code == code)[:limit]

    async def is_bound(self, account_id: str) -> bool:
        return account_id in self._read.fleet_bound

    async def has(self, account_id: str, vin: Vin) -> bool:
        return any(vin.value in each.vins for each in self._of(account_id))

    async def bind(self, account_id: str, code: str) -> bool:
        binding = account_id, self._id_of(code)
        if binding in self._written.bindings:
            return False
        self._written.bindings.add(binding)
        self._written.fleet_bound.add(account_id)
        return True

    async def unbind(self, account_id: str, code: str) -> bool:
        binding = account_id, self._id_of(code)
        if binding not in self._written.bindings:
            return False
        self._written.bindings.remove(binding)
        return True

    async def open(self, account_id: str) -> bool:
        was_bound = account_id in self._written.fleet_bound
        self._written.fleet_bound.discard(account_id)
        return was_bound

    async def claim(self, code: str, new_id: str) -> FleetClaim:
        fleet_id = self._id_of(code) or new_id
        held = self._read.fleets.get(fleet_id) or KeptFleet(Fleet(code, code, 0, 0.0))
        return self._taken(fleet_id, replace(held, staged=frozenset()))

    async def stage(self, claim: FleetClaim, vins: Sequence[Vin]) -> Staged | None:
        held = self._held(claim)
        if held is None:
            return None
        new = {vin.value for vin in vins} - held.staged
        self._written.fleets[claim.fleet_id] = replace(held, staged=held.staged | new)
        return Staged(len(new - held.vins), len(new & held.vins))

    async def claimed(self, claim: FleetClaim) -> Fleet | None:
        held = self._held(claim)
        return None if held is None else held.fleet

    async def finish(self, claim: FleetClaim, fleet: Fleet, *, replaces: bool) -> None:
        held = self._written.fleets[claim.fleet_id]
        vins = held.staged if replaces else held.vins | held.staged
        self._written.fleets[claim.fleet_id] = replace(
            held, fleet=fleet, vins=vins, staged=frozenset(), is_there=True
        )

    async def remove(self, code: str) -> FleetClaim:
        fleet_id = self._id_of(code)
        return self._taken(fleet_id, replace(self._read.fleets[fleet_id], is_removed=True))

    async def removed(self) -> list[FleetClaim]:
        held = self._read.fleets.items()
        return [FleetClaim(key, each.imports) for key, each in held if each.is_removed]

    async def sweep(self, claim: FleetClaim, after: str | None, *, limit: int) -> str | None:  # noqa: ARG002 - all at once
        held = self._held(claim)
        if held is not None and held.is_removed:
            del self._written.fleets[claim.fleet_id]
        return None

    @property
    def _there(self) -> list[KeptFleet]:
        held = self._read.fleets.values()
        return [each for each in held if each.is_there and not each.is_removed]

    def _of(self, account_id: str) -> list[KeptFleet]:
        bound = {fleet_id for who, fleet_id in self._read.bindings if who == account_id}
        return [each for key, each in self._read.fleets.items() if key in bound]

    def _id_of(self, code: str) -> str:
        held = self._read.fleets.items()
        named = (key for key, each in held if each.fleet.code == code and not each.is_removed)
        return next(named, "")

    def _held(self, claim: FleetClaim) -> KeptFleet | None:
        held = self._written.fleets.get(claim.fleet_id)
        return held if held is not None and held.imports == claim.number else None

    def _taken(self, fleet_id: str, held: KeptFleet) -> FleetClaim:
        self._written.fleets[fleet_id] = replace(held, imports=held.imports + 1)
        return FleetClaim(fleet_id, held.imports + 1)


def _page(held: Iterable[KeptFleet], after: str | None, limit: int) -> list[Fleet]:
    fleets = sorted((each.fleet for each in held), key=lambda fleet: fleet.code)
    return [fleet for fleet in fleets if fleet.code > (after or "")][:limit]
