"""Where fleets are kept, and which accounts are bound to which."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from plg.domain.fleets.fleets import Fleet, Staged
from plg.domain.records.vehicles import Vin


@dataclass(frozen=True, slots=True)
class FleetClaim:
    """
    The right to write vehicles of a fleet, until somebody else takes it.

    Attributes:
        number: Of the import; a later one has a higher number.
    """

    fleet_id: str
    number: int


class FleetsPort(Protocol):
    """
    Fleets, within one transaction. Every method may raise StorageUnavailable.

    An import takes many transactions: `claim`, `sweep` to the end, `stage` until all is staged,
    `finish`, and `sweep` once more. What it stages belongs to nobody's fleet before `finish`.
    A later claim on the fleet ends an earlier one.
    """

    @abstractmethod
    async def get(self, code: str) -> Fleet | None:
        """Return the fleet, or None; in a change, nobody else changes it until the end."""

    @abstractmethod
    async def page(self, *, after: str | None, limit: int) -> list[Fleet]:
        """Return fleets by code, from the one after the code `after`."""

    @abstractmethod
    async def of_account(self, account_id: str, *, after: str | None, limit: int) -> list[Fleet]:
        """Return the fleets that an account is bound to, as `page` does."""

    @abstractmethod
    async def accounts(self, code: str, *, limit: int) -> list[str]:
        """Return the ids of accounts that are bound to a fleet, in order, at most `limit`."""

    @abstractmethod
    async def is_bound(self, account_id: str) -> bool:
        """Tell whether an account may have vehicles of its fleets only: it was bound to one."""

    @abstractmethod
    async def has(self, account_id: str, vin: Vin) -> bool:
        """Tell whether a vehicle is in one of the fleets that an account is bound to."""

    @abstractmethod
    async def bind(self, account_id: str, code: str) -> bool:
        """
        Bind an account to a fleet, both of which this change has read.

        Returns False where it is bound already.
        """

    @abstractmethod
    async def unbind(self, account_id: str, code: str) -> bool:
        """Undo that; return False where it is not bound. The account stays bound to its fleets."""

    @abstractmethod
    async def open(self, account_id: str) -> bool:
        """Let an account without fleets have every vehicle; return False where it may already."""

    @abstractmethod
    async def claim(self, code: str, new_id: str) -> FleetClaim:
        """
        Claim a fleet for an import.

        Where there is none of this code, one is made under the id `new_id`; it has no vehicles,
        and is not there for anybody before `finish`.
        """

    @abstractmethod
    async def stage(self, claim: FleetClaim, vins: Sequence[Vin]) -> Staged | None:
        """
        Write down vehicles of an import, and tell how many of them it did not name before.

        Returns None where the claim was lost.
        """

    @abstractmethod
    async def claimed(self, claim: FleetClaim) -> Fleet | None:
        """
        Return the fleet as it is before the import, held as by `get`; None where the claim is lost.

        One that was just made is called as its code, with no vehicles, imported at 0.
        """

    @abstractmethod
    async def finish(self, claim: FleetClaim, fleet: Fleet, *, replaces: bool) -> None:
        """
        Have the fleet, which `claimed` has returned in this change, be so from now on.

        Its vehicles are then those it had and those that the import named; or only the latter.
        """

    @abstractmethod
    async def remove(self, code: str) -> FleetClaim:
        """
        Remove a fleet that this change has read, and to which nobody is bound.

        Its vehicles are swept under the claim that is returned.
        """

    @abstractmethod
    async def removed(self) -> list[FleetClaim]:
        """Return claims to the fleets that were removed and have not been swept to the end."""

    @abstractmethod
    async def sweep(self, claim: FleetClaim, after: str | None, *, limit: int) -> str | None:
        """
        Drop rows of vehicles that belong to no fleet, of the next `limit` from the VIN `after` on.

        Not to be called between `stage` and `finish`. Returns where it came to; None at the end,
        or where the claim is lost.
        """
