"""GOV.UK Notify: texts from a number that can be answered, and e-mail, by one template for each route.

A template has nothing of its own: its subject is ((subject)), its text is ((text)). Notify takes the same reference
twice, so what was tried before is asked after first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import Timeout

from portal.gateway_settings import GatewaySettings
from portal.notify.gateways import EMAIL, TEXT, NeverTaken, NoAnswer, NotTaken, Outgoing

SECONDS = 4.0  # for one answer; less than a gateway is waited for
# What Notify calls an address that is none; anything else that it refuses can be mended on our side.
_NO_ADDRESS = ("InvalidPhoneError", "InvalidEmailError")
_ABOUT_ADDRESS = ("phone_number ", "email_address ")
# What becomes of a message that Notify took and then could not hand on, through no fault of the address.
_FAILED_THERE = frozenset({"technical-failure"})


class GovukNotify:
    """One route by GOV.UK Notify."""

    def __init__(self, settings: GatewaySettings, route: str) -> None:
        self.key, self.url = settings.notify_key or "", settings.notify_url
        by_text = route == TEXT
        self.template = str(settings.notify_text_template if by_text else settings.notify_email_template)
        self.text_sender = str(settings.notify_text_sender)

    def send(self, message: Outgoing) -> None:
        """Hand the message over; raises `NeverTaken` where Notify says that the address is none."""
        words = {"subject": message.subject, "text": message.text}
        to, called = message.to, message.reference
        with self._client() as client:
            if message.again and self._has(client, called):
                return
            if message.route == EMAIL:
                client.send_email_notification(to, self.template, words, called)
            else:
                client.send_sms_notification(to, self.template, words, called, self.text_sender)

    def check(self) -> None:
        """Ask for the template: it takes the key, the way there, and a template that nobody has taken out."""
        with self._client() as client:
            client.get_template(self.template)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """A client for one message, since none may be shared between threads; what Notify says is ours to raise."""
        client = NotificationsAPIClient(self.key, base_url=self.url, timeout=SECONDS)  # type: ignore[no-untyped-call]
        with client.request_session:
            try:
                yield client
            except APIError as fault:
                raise _why(fault) from None

    @staticmethod
    def _has(client: Any, reference: str) -> bool:
        found = client.get_all_notifications(reference=reference)["notifications"]
        return any(one.get("status") not in _FAILED_THERE for one in found)


def _why(fault: APIError) -> NotTaken:
    if isinstance(fault.__cause__, Timeout):  # its client calls that an answer: 503
        return NoAnswer("no answer in time")
    said = fault.message if isinstance(fault.message, list) else []
    for one in said:
        about_address = str(one.get("message", "")).startswith(_ABOUT_ADDRESS)
        if fault.status_code == 400 and (one.get("error") in _NO_ADDRESS or about_address):
            return NeverTaken("not an address")
    return NotTaken(f"Notify answered {fault.status_code}")
