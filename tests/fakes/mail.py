"""Mail that stays here."""

from plg.application.ports.notices.mail import Mail, MailPort
from plg.domain.notices.deliveries import DELIVERED, Attempt


class KeptMail(MailPort):
    """
    Keeps what was sent, in order.

    `failure` is what every delivery comes to instead, while there is one.
    """

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failure: Attempt | None = None

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)

    async def deliver(self, mail: Mail) -> Attempt:
        if self.failure is not None:
            return self.failure
        self.sent.append(mail)
        return DELIVERED

    async def drain(self) -> None:
        """Nothing waits."""
