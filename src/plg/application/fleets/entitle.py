"""Whether a caller's account has a vehicle."""

from dataclasses import dataclass

from plg.application.fleets.entitlement_cache import EntitlementCache
from plg.application.identity.credential_cache import CredentialCache
from plg.application.ports.clock import ClockPort
from plg.application.ports.work import UnitOfWorkPort
from plg.domain.errors import NotEntitled
from plg.domain.identity.access import Caller
from plg.domain.records.vehicles import Vin


@dataclass(frozen=True, slots=True)
class EntitleCaller:
    """
    Lets an account that is bound to fleets ask for vehicles of these, and nobody ask the source.

    Whether there is such a vehicle is not looked at: who may not have it learns nothing of it.
    """

    work: UnitOfWorkPort
    vehicles: EntitlementCache
    callers: CredentialCache
    clock: ClockPort

    def at_once(self, caller: Caller, vin: Vin, now: float) -> bool:
        """Tell whether the caller may have the vehicle for certain, without waiting."""
        account_id = caller.account_id
        if not caller.is_bound or account_id is None:
            return not caller.is_bound
        return self.callers.is_trusted(now) and self.vehicles.recall(account_id, vin.value, now)

    async def __call__(self, caller: Caller, vin: Vin) -> None:
        """
        Return where the caller may have the vehicle.

        Raises:
            NotEntitled: If not, whether or not there is such a vehicle.
            StorageUnavailable: If that cannot be found out.
        """
        now = self.clock.now()
        if self.at_once(caller, vin, now):
            return
        account_id = caller.account_id or ""
        token = self.vehicles.begin()
        async with self.work.look() as work:
            is_theirs = await work.fleets.has(account_id, vin)
            if not is_theirs:
                held = await work.fleets.of_account(account_id, after=None, limit=1)
                raise NotEntitled(has_fleets=bool(held))
        self.vehicles.keep(token, account_id, vin.value, now)
