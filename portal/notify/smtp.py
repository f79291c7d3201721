"""E-mail through a mail relay, never in the clear: the relay shows who it is before it hears an address."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import localtime

from portal.gateway_settings import GatewaySettings
from portal.notify.gateways import NeverTaken, NoAnswer, NotTaken, Outgoing

SECONDS = 4.0  # for each answer; less than a gateway is waited for
PARTING = 0.5  # seconds; by then the mail is taken or not, and others wait


class Smtp:
    """A mail relay, spoken to over TLS."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.tls = ssl.create_default_context(cafile=settings.smtp_ca and str(settings.smtp_ca))

    def send(self, message: Outgoing) -> None:
        """Hand the message over; raises `NeverTaken` where the relay says that nobody has this address."""
        try:
            with self._relay() as relay:
                relay.send_message(_letter(message, self.settings.smtp_from or ""))
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            if codes and all(500 <= code < 600 for code in codes):
                raise NeverTaken("no such address") from None
            raise NotTaken("not now") from None
        except smtplib.SMTPException as fault:
            raise _why(fault) from None

    def check(self) -> None:
        """Come as far as the relay would take a message."""
        try:
            with self._relay() as relay:
                relay.noop()
        except smtplib.SMTPException as fault:
            raise _why(fault) from None

    @contextmanager
    def _relay(self) -> Iterator[smtplib.SMTP]:
        own = self.settings
        host = own.smtp_host or ""
        if own.smtp_tls == "tls":
            relay: smtplib.SMTP = smtplib.SMTP_SSL(host, own.smtp_port, timeout=SECONDS, context=self.tls)
        else:
            relay = smtplib.SMTP(host, own.smtp_port, timeout=SECONDS)
        try:
            if own.smtp_tls == "starttls":
                relay.starttls(context=self.tls)
            if own.smtp_user is not None:
                relay.login(own.smtp_user, own.smtp_password or "")
            yield relay
        finally:
            # What was taken is taken, however the relay parts from us; and a fault before says more than this one.
            with suppress(smtplib.SMTPException, OSError):
                if relay.sock is not None:
                    relay.sock.settimeout(PARTING)
                relay.quit()
            relay.close()


def _why(fault: smtplib.SMTPException) -> NotTaken:
    """Whether the relay refused or was silent; smtplib calls a silence a connection that closed."""
    silent = isinstance(fault.__context__, TimeoutError)
    return NoAnswer("no answer in time") if silent else NotTaken(type(fault).__name__)


def _letter(message: Outgoing, sender: str) -> EmailMessage:
    """The message as e-mail; the same one again has the same id, by which a mailbox knows it."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, message.to, message.subject
    letter["Date"] = localtime()
    letter["Message-ID"] = f"<{message.reference}@{sender.partition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # an answer that says somebody is away goes to nobody
    letter.set_content(message.text)
    return letter
