"""What takes one message to where it goes."""

from abc import abstractmethod
from email.message import EmailMessage
from typing import Protocol


class NotCarried(Exception):
    """
    The message was not taken.

    Args:
        is_final: Whether trying again is of no use.
    """

    def __init__(self, detail: str, *, is_final: bool = False) -> None:
        super().__init__(detail)
        self.is_final = is_final


class Carrier(Protocol):
    """Takes messages, one at a time."""

    @abstractmethod
    async def carry(self, message: EmailMessage, now: float) -> None:
        """
        Take a message.

        Raises:
            NotCarried: If it was not taken, within a bounded time.
        """
