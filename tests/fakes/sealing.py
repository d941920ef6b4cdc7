"""Seals that everybody can read."""

from base64 import b64decode, b64encode

from plg.application.ports.identity.sealing import SealPort
from plg.domain.errors import SealBroken


class OpenSeal(SealPort):
    """
    Writes the context beside the clear text.

    `opened` are the contexts that were opened; what was sealed in another `era` is not current.
    """

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.era = "now"

    def seal(self, clear: bytes, context: str) -> str:
        return f"{self.era}|{context}|{b64encode(clear).decode()}"

    @property
    def prefixes(self) -> tuple[str, ...]:
        return (f"{self.era}|",)

    def is_current(self, sealed: str) -> bool:
        return sealed.startswith(f"{self.era}|")

    def open(self, sealed: str, context: str) -> bytes:
        self.opened.append(context)
        _, written, clear = sealed.split("|")
        if written != context:
            raise SealBroken("sealed for something else")
        return b64decode(clear)
