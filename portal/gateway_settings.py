"""Where messages leave, who is told when they do not, and what may come in: settings, checked at the start.

A route is e-mail or text; each has a gateway of its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator

NOTIFY = "https://api.notifications.service.gov.uk"
_KEY = re.compile(
    r"[\w-]*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_NEEDED = {
    ("email_gateway", "notify"): ("notify_key", "notify_email_template"),
    ("text_gateway", "notify"): ("notify_key", "notify_text_template", "notify_text_sender"),
    ("email_gateway", "smtp"): ("smtp_host", "smtp_from"),
}


def _notify_key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise ValueError("must be a key of GOV.UK Notify: its name and two ids, joined by hyphens")
    return value


def _address(value: str) -> str:
    name, at, host = value.partition("@")
    if not (name and at and "." in host) or any(c.isspace() or c in "<>,;" for c in value):
        raise ValueError("must be a bare e-mail address, without a name beside it")
    return value


def _number(value: str) -> str:
    if not 10 <= sum(c.isdigit() for c in value) <= 15 or not set(value) <= set("0123456789 +"):
        raise ValueError("must be a telephone number in digits, such as 07700 900123")
    return value


def _service(value: str) -> str:
    parts = urlsplit(value)
    here = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or parts.scheme not in (("http", "https") if here else ("https",)):
        raise ValueError("must be a full https address")
    return value


Address = Annotated[str, AfterValidator(_address)]
Service = Annotated[str, AfterValidator(_service)]
Port = Annotated[int, Field(ge=1, le=65535)]
Secret = Annotated[str, Field(min_length=32)]


class GatewaySettings(BaseModel):
    """The gateway of each route with what it needs; whom the watcher tells; where the heart beats; the token of texts
    that come in."""

    email_gateway: Literal["folder", "notify", "smtp"] = "folder"
    text_gateway: Literal["folder", "notify", "none"] = "folder"
    notify_url: Service = NOTIFY
    notify_key: Annotated[str, AfterValidator(_notify_key)] | None = Field(default=None, repr=False)
    notify_email_template: UUID | None = None
    notify_text_template: UUID | None = None
    # A number that can be answered; Notify knows it by an id. A name as sender could not be answered.
    notify_text_sender: UUID | None = None
    smtp_host: str | None = None
    smtp_port: Port = 587
    smtp_tls: Literal["starttls", "tls"] = "starttls"  # there is no sending in the clear
    smtp_ca: Path | None = None  # a file of certificates to trust, where the relay has one of its own
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    smtp_from: Address | None = None
    watcher_email: Address | None = None
    watcher_phone: Annotated[str, AfterValidator(_number)] | None = None
    heartbeat_url: Service | None = Field(default=None, repr=False)  # whoever knows it can make it beat
    heartbeat_file: Path | None = None
    incoming_token: Secret | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _each_gateway_has_what_it_needs(self) -> Self:
        for (setting, gateway), needed in _NEEDED.items():
            if getattr(self, setting) != gateway:
                continue
            if missing := next((name for name in needed if getattr(self, name) is None), None):
                raise ValueError(f"{missing} is missing; {setting} is {gateway}, which needs it")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("smtp_user and smtp_password belong together; write both or neither")
        if self.smtp_ca is not None and not self.smtp_ca.is_file():
            raise ValueError("smtp_ca must be a file of certificates; there is none at that path")
        return self
