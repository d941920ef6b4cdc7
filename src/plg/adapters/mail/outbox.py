"""Mail as files, where there is no server for it."""

import asyncio
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from plg.adapters.mail.carrier import Carrier, NotCarried
from plg.domain.ids import new_id

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class OutboxCarrier(Carrier):
    """Writes each message to a file that only the gateway's user can read: links are in it."""

    folder: Path

    async def carry(self, message: EmailMessage, now: float) -> None:
        try:
            await asyncio.to_thread(self._write, bytes(message), now)
        except OSError as error:
            raise NotCarried(f"the outbox cannot be written: {error.strerror}") from error

    def _write(self, content: bytes, now: float) -> None:
        """Write the file whole or not at all."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        self.folder.chmod(FOLDER_MODE)
        moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self.folder / f"{moment}-{new_id(now)}.eml"
        unfinished = path.with_suffix(".part")
        try:
            with os.fdopen(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb"
            ) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
