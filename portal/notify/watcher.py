"""The watcher: a process of its own that notices within 120 seconds that nothing is being sent, and tells a named person.

It needs no database for that: whom it tells stands in the settings, and it hands the message to the gateway itself. A
database that does not answer is one of the things that it tells of.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from portal.config import Hub, HubFile, Settings, utc_now
from portal.crypto import CannotOpen
from portal.db import session, step
from portal.logs import logger
from portal.notify.by_route import gateway_of, send_at_once
from portal.notify.gateways import EMAIL, MOST_HANGING, TEXT, Gateway, NotTaken, Outgoing, in_time, reference
from portal.notify.models import THE_WATCHER, beat, how_it_stands
from portal.notify.sender import BEAT_EVERY
from portal.notify.wording import RUNS_AGAIN, STOPPED, Wording

LOOK_EVERY = 5.0  # seconds
LONGEST_LOOK = 10.0  # seconds; a database that lets one wait for ever is one that does not answer
# With the last beat up to 15 seconds before the end, and a look every 5, this is noticed within 120 seconds.
SILENT_AFTER = timedelta(seconds=75)
AWAY_AFTER = timedelta(seconds=60)  # a database that is started anew is back by then
STUCK_AFTER = timedelta(minutes=5)  # the sender lives, and no gateway takes what it has
TELL_AGAIN = timedelta(minutes=30)
WELL, SILENT, STUCK, AWAY = "well", "silent", "stuck", "away"

log = logger("watcher")


@dataclass
class Watched:
    """One hub as the watcher sees it: since when it is not well, whom it told of that, and what is still to be told."""

    file: HubFile
    clock: Callable[[], datetime]
    began: datetime
    away_since: datetime | None = None
    bad_since: datetime | None = None
    told_at: datetime | None = None
    beaten_at: datetime | None = None
    untold: dict[str, Outgoing] = field(default_factory=dict)  # by route

    def look(self, gateway: Gateway, whom: Sequence[tuple[str, str]]) -> str:
        """Look once, tell *whom* what is new; how the hub is."""
        now = self.clock()
        state = self._state(now)
        if state == WELL:
            if self.told_at is not None:
                log.warning("sending again", hub=self.file.name)
                self._put(RUNS_AGAIN, whom, now)
            self.bad_since = self.told_at = None
        else:
            self.bad_since = self.bad_since or now
            if self.told_at is None or now - self.told_at >= TELL_AGAIN:
                seconds = int((now - self.bad_since).total_seconds())
                log.error("nothing is being sent", hub=self.file.name, state=state, seconds=seconds)
                self.told_at = now
                self._put(STOPPED, whom, now)
        self._tell(gateway)
        return state

    def _state(self, now: datetime) -> str:
        try:
            state = in_time(lambda: self._ask(now), LONGEST_LOOK)
        except (SQLAlchemyError, OSError, CannotOpen, NotTaken):
            self.away_since = self.away_since or now
            # What was bad before the database went is still bad.
            return AWAY if self.bad_since or now - self.away_since >= AWAY_AFTER else WELL
        self.away_since = None
        return state

    def _ask(self, now: datetime) -> str:
        with Hub(self.file, clock=self.clock).entered():
            try:
                stands = how_it_stands()
            finally:
                session.remove()
        if self.beaten_at is None or now - self.beaten_at >= BEAT_EVERY:
            with step(Hub(self.file, clock=self.clock)):
                beat(THE_WATCHER)
            self.beaten_at = now
        # A sender that has never beaten gets as long from when the watcher began.
        if now - max(stands.beat or self.began, self.began) > SILENT_AFTER:
            return SILENT
        return STUCK if stands.oldest is not None and now - stands.oldest > STUCK_AFTER else WELL

    def _put(self, words: Wording, whom: Sequence[tuple[str, str]], now: datetime) -> None:
        key = f"watcher:{now.isoformat()}:{words.subject}"
        self.untold = {
            route: Outgoing(reference(self.file.name, key, route), route, to, words.subject, words.text)
            for route, to in whom
        }

    def _tell(self, gateway: Gateway) -> None:
        """Hand over what is still to be told; what no gateway takes is tried at each look."""
        if not self.untold:
            return
        fared = send_at_once(list(self.untold.values()), gateway)
        for route, fault in fared.faults.items():
            log.error("the watcher reaches nobody", hub=self.file.name, act=route, fault=fault)
        self.untold = {
            route: Outgoing(one.reference, route, one.to, one.subject, one.text, again=True)
            for route, one in self.untold.items()
            if route in fared.later
        }


def whom_to_tell(settings: Settings) -> list[tuple[str, str]]:
    """Each route with the address of the person who is told."""
    named = ((EMAIL, settings.watcher_email), (TEXT, settings.watcher_phone))
    return [(route, to) for route, to in named if to]


def watch(
    files: Sequence[HubFile],
    settings: Settings,
    stop: threading.Event,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Look at every hub until *stop* is set; at all of them at once, as one that hangs must not hold up the next."""
    at_once = max(len(files), 1)
    # All may have to be told of at the same moment, and none waits for another there either.
    gateway, whom = gateway_of(settings, max(at_once, MOST_HANGING)), whom_to_tell(settings)
    hubs = [Watched(file, clock, clock()) for file in files]
    log.info("watching", count=len(hubs))
    with ThreadPoolExecutor(at_once) as pool:
        while not stop.is_set():
            list(pool.map(lambda hub: hub.look(gateway, whom), hubs))  # so that a fault of one is raised here
            stop.wait(LOOK_EVERY)
    log.info("stopped")
