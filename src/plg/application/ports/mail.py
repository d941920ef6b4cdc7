"""How people are written to."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as plain text."""

    to: str
    subject: str
    text: str


class MailPort(Protocol):
    """Takes mail and sends it behind the answer, so that no answer's time tells of it."""

    @abstractmethod
    def send(self, mail: Mail) -> None:
        """Send soon; what cannot be sent is tried again a few times, then logged and dropped."""

    @abstractmethod
    async def drain(self) -> None:
        """Return when everything taken was sent or dropped."""
