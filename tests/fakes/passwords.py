"""Passwords without the work."""

from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.domain.errors import Busy


class PlainHasher(PasswordHasherPort):
    """Keeps clear text; `verifies` counts, `is_busy` refuses, `outdated` names what to rehash."""

    def __init__(self) -> None:
        self.verifies = 0
        self.is_busy = False
        self.outdated: set[str] = set()

    async def hash(self, password: str) -> str:
        self._check()
        return f"plain:{password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self._check()
        self.verifies += 1
        return password_hash is not None and password_hash.endswith(f"plain:{password}")

    def is_outdated(self, password_hash: str) -> bool:
        return password_hash in self.outdated

    def _check(self) -> None:
        if self.is_busy:
            raise Busy("too many passwords wait")
