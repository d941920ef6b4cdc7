"""Which vehicles accounts were found to have, so that a hit needs no look-up."""

from collections import OrderedDict
from typing import Final

from plg.application.identity.credential_cache import REMEMBER_SECONDS
from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.domain.instants import AHEAD_SECONDS

VEHICLES_MAX: Final = 131_072
"""They take at most 80 MiB."""

_SPAN: Final = REMEMBER_SECONDS + AHEAD_SECONDS

_Pair = tuple[str, str]


class EntitlementCache(CredentialCachePort):
    """
    A bounded memory of VINs that an account has; of those that it does not have, nothing.

    So who asks for what is not theirs makes nobody else's place free. Who must make room is the
    pair that was recalled longest ago. It is as trusted as what remembers callers.
    """

    __slots__ = ("_by_account", "_epoch", "_held", "_vehicles_max")

    def __init__(self, vehicles_max: int = VEHICLES_MAX) -> None:
        self._vehicles_max = vehicles_max
        self._held: OrderedDict[_Pair, float] = OrderedDict()
        self._by_account: dict[str, set[str]] = {}
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._held)

    def recall(self, account_id: str, vin: str, now: float) -> bool:
        """Tell whether it is certain that the account has the vehicle."""
        pair = (account_id, vin)
        until = self._held.get(pair)
        if until is None or not until - _SPAN <= now < until:
            return False
        self._held.move_to_end(pair)
        return True

    def begin(self) -> int:
        """Return a token for `keep`, to be taken before the look-up begins."""
        return self._epoch

    def keep(self, token: int, account_id: str, vin: str, now: float) -> None:
        """Remember that the account has the vehicle, unless anything has been forgotten since."""
        if token != self._epoch:
            return
        pair = (account_id, vin)
        self._held[pair] = now + REMEMBER_SECONDS
        self._held.move_to_end(pair)
        self._by_account.setdefault(account_id, set()).add(vin)
        if len(self._held) > self._vehicles_max:
            self._drop_oldest()

    def forget(self, account_id: str | None) -> None:
        self._epoch += 1
        if account_id is None:
            self._held.clear()
            self._by_account.clear()
            return
        for vin in self._by_account.pop(account_id, ()):
            del self._held[account_id, vin]

    def _drop_oldest(self) -> None:
        (account_id, vin), _ = self._held.popitem(last=False)
        of_account = self._by_account[account_id]
        of_account.discard(vin)
        if not of_account:
            del self._by_account[account_id]
