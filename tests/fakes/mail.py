"""Mail that stays here."""

from plg.application.ports.mail import Mail, MailPort


class KeptMail(MailPort):
    """Keeps what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)

    async def drain(self) -> None:
        """Nothing waits."""
