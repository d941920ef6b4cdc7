"""A memory that notes what it is told to forget."""

from plg.application.ports.identity.credential_cache import CredentialCachePort


class NotedForgetting(CredentialCachePort):
    """Keeps the account ids that were to be forgotten, in order."""

    def __init__(self) -> None:
        self.forgotten: list[str | None] = []

    def forget(self, account_id: str | None) -> None:
        self.forgotten.append(account_id)
