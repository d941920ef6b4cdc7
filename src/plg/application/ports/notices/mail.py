"""How people are written to."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from plg.domain.notices.deliveries import Attempt


@dataclass(frozen=True, slots=True)
class Mail:
    """
    A message as plain text.

    Attributes:
        id: The same for the same message, however often it is sent; None for a new one.
    """

    to: str
    subject: str
    text: str
    id: str | None = None


class MailPort(Protocol):
    """Takes mail and sends it behind the answer, so that no answer's time tells of it."""

    @abstractmethod
    def send(self, mail: Mail) -> None:
        """Send soon; what cannot be sent is tried again a few times, then logged and dropped."""

    @abstractmethod
    async def deliver(self, mail: Mail) -> Attempt:
        """Send now and once, for who keeps it and tries again; what goes wrong is in the answer."""

    @abstractmethod
    async def drain(self) -> None:
        """Return when everything taken was sent or dropped."""
