"""Passwords, kept with argon2id (RFC 9106)."""

import asyncio
import base64
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from plg.application.ports.identity.passwords import PasswordHasherPort
from plg.domain.errors import Busy

T = TypeVar("T")
MEMORY_KIB: Final = 19_456
PASSES: Final = 2
LANES: Final = 1
NICENESS: Final = 10


class Argon2Hasher(PasswordHasherPort):
    """
    Hashes in threads of its own, so that neither the event loop nor other work waits for it.

    Args:
        threads: How many hash at once; each takes 19 MiB.
        waiting_max: How many may wait besides.
    """

    def __init__(self, threads: int = 1, waiting_max: int = 64) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._threads = ThreadPoolExecutor(
            threads, thread_name_prefix="argon2", initializer=_make_way
        )
        self._places = threading.BoundedSemaphore(threads + waiting_max)
        self._nobodys_hash = _nobodys_hash()

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_raw(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        return await self._run(lambda: self._matches(password_hash, password))

    def is_outdated(self, password_hash: str) -> bool:
        try:
            return self._hasher.check_needs_rehash(password_hash)
        except InvalidHashError:
            return True

    def close(self) -> None:
        """Let go of the threads; what waits for them is given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash or self._nobodys_hash, _raw(password))
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Busy("Too many passwords wait to be checked.")
        try:
            running = self._threads.submit(work)
        except RuntimeError as error:
            self._places.release()
            raise Busy("No passwords are checked any more.") from error
        # The place is the thread's, not the caller's: who goes away leaves the work running.
        running.add_done_callback(self._free)
        try:
            return await asyncio.wrap_future(running)
        except (HashingError, VerificationError) as error:
            raise Busy("There was no memory to check a password.") from error

    def _free(self, _done: Future[T]) -> None:
        self._places.release()


def _make_way() -> None:
    """Let the event loop have the processor first, where threads have a niceness of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _raw(password: str) -> bytes:
    """Return what is hashed: of any text, also of what no client should be able to send."""
    return password.encode(errors="surrogatepass")


def _nobodys_hash() -> str:
    """
    Return a hash of no known password, which takes as long to verify as any.

    Argon2 computes its tag from the parameters and the salt before it compares: that the tag is
    random, and was never computed, cannot be seen from outside.
    """
    salt, tag = (
        base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode() for length in (16, 32)
    )
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${tag}"
