"""What a process remembers of verified credentials."""

from abc import abstractmethod
from typing import Protocol


class CredentialCachePort(Protocol):
    """A bounded memory, so that a hit needs no look-up and no slow check."""

    @abstractmethod
    def forget(self, account_id: str | None) -> None:
        """Forget the account's credentials, or everybody's, and do not keep checks under way."""
