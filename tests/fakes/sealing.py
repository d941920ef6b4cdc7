"""Seals that everybody can read."""

from base64 import b64decode, b64encode

from plg.application.ports.sealing import SealPort
from plg.domain.errors import SealBroken


class OpenSeal(SealPort):
    """Writes the context beside the clear text; `opened` are the contexts that were opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def seal(self, clear: bytes, context: str) -> str:
        return f"{context}|{b64encode(clear).decode()}"

    def open(self, sealed: str, context: str) -> bytes:
        self.opened.append(context)
        written, _, clear = sealed.rpartition("|")
        if written != context:
            raise SealBroken("sealed for something else")
        return b64decode(clear)
