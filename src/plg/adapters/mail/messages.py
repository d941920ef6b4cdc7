"""Mail as a message (RFC 5322)."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from plg.application.ports.notices.mail import Mail
from plg.domain.identity.addresses import Email
from plg.domain.ids import new_id


def compose(mail: Mail, sender: str, now: float) -> EmailMessage:
    """
    Return the message; domains stand in it in ASCII, which servers without SMTPUTF8 take too.

    Addresses and subject can add no header: what holds a line break is refused.

    Raises:
        ValueError: If an address or the subject cannot stand in a header.
    """
    recipient, sender = Email(mail.to).mailbox, Email(sender).mailbox
    is_ascii = (recipient + sender).isascii()
    message = EmailMessage(policy=SMTP if is_ascii else SMTPUTF8)
    message["From"] = _address(sender)
    message["To"] = _address(recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message["Message-ID"] = f"<{mail.id or new_id(now)}@{_address(sender).domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    # As it is where that may be: a person copies links out of a file in the outbox.
    message.set_content(mail.text, cte="7bit" if mail.text.isascii() else None)
    return message


def domain_of(address: str) -> str:
    """Return what a log may show of an address."""
    return address.rpartition("@")[2]


def _address(text: str) -> Address:
    user, _, domain = text.rpartition("@")
    return Address(username=user, domain=domain)
