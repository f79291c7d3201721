"""The heartbeat: from elsewhere it can be seen that messages really leave, also when this whole machine is gone.

An address is asked, or a file touched, each minute; only while every hub's database answers, nothing waits that
should have left, and each gateway would take a message now. Whoever watches it alarms when it stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import requests
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Hub, HubFile, Settings
from portal.crypto import CannotOpen
from portal.db import session
from portal.logs import logger
from portal.notify.gateways import Gateway, NotTaken
from portal.notify.models import how_it_stands

EVERY = timedelta(seconds=60)
SECONDS = 5  # for the answer of who watches from elsewhere

log = logger("heartbeat")


class Heart:
    """Beats where the settings say, from a thread of its own: who watches slowly holds up no message."""

    def __init__(
        self, settings: Settings, gateway: Gateway, files: Sequence[HubFile], clock: Callable[[], datetime]
    ) -> None:
        self.url, self.file = settings.heartbeat_url, settings.heartbeat_file
        self.gateway, self.hubs, self.clock = gateway, files, clock
        self.next_at: datetime | None = None
        self.beating: threading.Thread | None = None

    def beat_if_due(self) -> None:
        """Begin a beat once a minute, unless the last one is still under way."""
        now = self.clock()
        if not (self.url or self.file) or (self.next_at is not None and now < self.next_at):
            return
        if self.beating is not None and self.beating.is_alive():
            return
        self.next_at = now + EVERY
        self.beating = threading.Thread(target=self.beat, daemon=True)
        self.beating.start()

    def beat(self) -> bool:
        """Beat once, if messages really leave; whether they do."""
        if (why := self._why_not()) is not None:
            log.warning("no heartbeat", state=why)
            return False
        if self.file is not None:
            self._touch(self.file)
        if self.url is not None:
            self._ask(self.url)
        return True

    def _why_not(self) -> str | None:
        try:
            if any(self._stuck(file) for file in self.hubs):
                return "messages wait"
            self.gateway.check()
        except (SQLAlchemyError, CannotOpen):
            return "the database is away"
        except (NotTaken, OSError):
            return "a gateway would take nothing"
        return None

    def _stuck(self, file: HubFile) -> bool:
        hub = Hub(file, clock=self.clock)
        with hub.entered():
            try:
                return how_it_stands().stuck(hub.now())
            finally:
                session.remove()

    @staticmethod
    def _touch(file: Path) -> None:
        try:
            file.touch()
        except OSError as fault:
            log.warning("the file of the heartbeat cannot be touched", fault=type(fault).__name__)

    @staticmethod
    def _ask(url: str) -> None:
        try:
            requests.get(url, timeout=SECONDS, allow_redirects=False).close()
        except requests.RequestException as fault:
            log.warning("nobody hears the heartbeat", fault=type(fault).__name__)
