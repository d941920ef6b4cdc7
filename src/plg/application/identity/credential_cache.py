"""What this process remembers of verified credentials, so that a hit needs no look-up."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from plg.application.ports.identity.credential_cache import CredentialCachePort
from plg.domain.identity.access import Caller
from plg.domain.identity.networks import Network, is_within
from plg.domain.instants import AHEAD_SECONDS

ENTRIES_MAX: Final = 131_072
"""They take at most 256 MiB: 0.9 KiB each, and where callers share no scopes up to 1.7 KiB."""
REMEMBER_SECONDS: Final = 300.0
"""
The longest that anything is remembered.

A change reaches every process within seconds. Should one ever be lost, this heals it; and a key
in constant use costs one look-up in five minutes, so 100,000 keys 333 a second.
"""
SECOND_CHANCES: Final = 8
"""How many used entries one new entry may spare, so that making room never takes long."""


@dataclass(slots=True)
class CachedCaller:
    """
    A credential that was verified.

    Attributes:
        valid_until: When it must be verified again; the memory may ask for that earlier.
        valid_from: A clock that shows less was set back; the memory sees to it.
        allowed_networks: Where it may be used from; empty for anywhere.
        is_used: Whether it was recalled since it last had to fear for its place.
        noted_until: Until when its use is noted already.
    """

    caller: Caller
    account_id: str
    valid_until: float
    allowed_networks: tuple[Network, ...] = ()
    is_used: bool = False
    noted_until: float = 0.0
    valid_from: float = float("-inf")

    def admits(self, address: str | None) -> bool:
        """Tell whether it may be used from the address; to be asked at every use."""
        return not self.allowed_networks or is_within(address, self.allowed_networks)


class CredentialCache(CredentialCachePort):
    """
    A bounded memory of verified credentials, by keyed digest.

    It answers nothing while it is not trusted: somebody who listens for changes by others must
    say again and again until when it may be. Recalling reorders nothing, which keeps it as cheap
    as a dict; who must make room is the oldest entry that was not used since its last turn.

    Args:
        beside: Another memory of accounts, which forgets whatever this one does.
    """

    __slots__ = (
        "_beside",
        "_by_account",
        "_entries_max",
        "_epoch",
        "_held",
        "_trusted_from",
        "_trusted_until",
    )

    def __init__(
        self, entries_max: int = ENTRIES_MAX, beside: CredentialCachePort | None = None
    ) -> None:
        self._entries_max = entries_max
        self._beside = beside
        # Unlike a dict, it finds its first entry at once however many were before it.
        self._held: OrderedDict[bytes, CachedCaller] = OrderedDict()
        self._by_account: dict[str, set[bytes]] = {}
        self._epoch = 0
        self._trusted_from = self._trusted_until = float("-inf")

    def __len__(self) -> int:
        return len(self._held)

    def recall(self, digest: bytes, now: float) -> CachedCaller | None:
        """Return what is certain of a credential, or None."""
        held = self._held.get(digest)
        if held is None or not held.valid_from <= now < held.valid_until:
            return None
        if not self._trusted_from <= now < self._trusted_until:
            return None
        held.is_used = True
        return held

    def begin(self) -> int:
        """Return a token for `keep`, to be taken before the check of a credential begins."""
        return self._epoch

    def keep(self, token: int, digest: bytes, remembered: CachedCaller, now: float) -> bool:
        """
        Remember a credential, and tell whether that was done.

        It is not where anything was forgotten since the check began: the check may have seen
        what was true before.
        """
        if token != self._epoch:
            return False
        remembered.valid_from = now - AHEAD_SECONDS
        remembered.valid_until = min(remembered.valid_until, now + REMEMBER_SECONDS)
        self._drop(digest)
        if len(self._held) >= self._entries_max:
            self._make_room()
        self._held[digest] = remembered
        self._by_account.setdefault(remembered.account_id, set()).add(digest)
        return True

    def forget(self, account_id: str | None) -> None:
        self._epoch += 1
        if self._beside is not None:
            self._beside.forget(account_id)
        if account_id is None:
            self._held.clear()
            self._by_account.clear()
            return
        for digest in self._by_account.pop(account_id, ()):
            del self._held[digest]

    def trust_until(self, instant: float, since: float = float("-inf")) -> None:
        """Answer until this instant: changes by others are known up to `since`."""
        self._trusted_from, self._trusted_until = since - AHEAD_SECONDS, instant

    def is_trusted(self, now: float) -> bool:
        """Tell whether changes by others are known recently enough to answer."""
        return self._trusted_from <= now < self._trusted_until

    def _make_room(self) -> None:
        for _ in range(SECOND_CHANCES):
            digest, oldest = next(iter(self._held.items()))
            if not oldest.is_used:
                break
            oldest.is_used = False
            self._held.move_to_end(digest)
        self._drop(next(iter(self._held)))

    def _drop(self, digest: bytes) -> None:
        held = self._held.pop(digest, None)
        if held is None:
            return
        of_account = self._by_account[held.account_id]
        of_account.discard(digest)
        if not of_account:
            del self._by_account[held.account_id]
