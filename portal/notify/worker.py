"""The process that sends: round after round at every hub, and what is to be done now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from portal import audit
from portal.config import Hub, HubFile, Settings, utc_now
from portal.crypto import CannotOpen
from portal.db import session
from portal.logs import logger
from portal.notify.by_route import gateway_of
from portal.notify.gateways import Gateway
from portal.notify.heartbeat import Heart
from portal.notify.sender import MOST_AT_ONCE, run_once

EVERY_SECONDS = 1.0
BESIDE_EVERY = 5.0  # seconds between two looks at which chores are due
LONGEST_PAUSE = 30.0  # seconds; a database that is away is asked again at least this often
CHECKPOINT_EVERY = timedelta(minutes=5)
# What goes wrong where a database, a disk or a key is away; anything else is a fault of ours and ends the process.
AWAY = (SQLAlchemyError, OSError, CannotOpen)

log = logger("worker")


@dataclass(frozen=True)
class Chore:
    """Something to be done at each hub now and then; *work* makes its own steps.

    What may take long is done *beside* the sending, in a thread of its own: nothing that is to leave waits for it.
    """

    name: str
    every: timedelta
    work: Callable[[Hub], object]
    beside: bool = False


@dataclass
class AtOneHub:
    """How the work at one hub goes: when each chore is next due, and how long to leave a hub that is away."""

    file: HubFile
    clock: Callable[[], datetime]
    chores: Sequence[Chore]
    pause: float = 0.0
    rested: float = 0.0
    next_at: dict[str, datetime] = field(default_factory=dict)

    def go_round(self, gateway: Gateway) -> bool:
        """Send what waits and do what is due; whether there is more to send at once."""
        if self.rested < self.pause:
            self.rested += EVERY_SECONDS
            return False
        try:
            sent = run_once(self.file, gateway, self.clock)
            self.do_chores()
        except AWAY as fault:
            self.pause = min(max(self.pause * 2, EVERY_SECONDS), LONGEST_PAUSE)
            self.rested = 0.0
            log.warning(
                "away, trying again", hub=self.file.name, fault=type(fault).__name__, seconds=self.pause
            )
            return False
        self.pause = self.rested = 0.0
        return sent >= MOST_AT_ONCE

    def do_chores(self) -> None:
        """Do what is due; what fails is logged, and tried again when it is due again."""
        now = self.clock()
        for chore in self.chores:
            if now >= self.next_at.get(chore.name, now):
                self.next_at[chore.name] = now + chore.every
                try:
                    chore.work(Hub(self.file, clock=self.clock))
                except Exception as fault:  # noqa: BLE001 - no chore may end the process that sends "not safe"
                    log.error(
                        "a chore failed", hub=self.file.name, act=chore.name, fault=type(fault).__name__
                    )


def note_the_trail(hub: Hub) -> None:
    """Note beside the keys how far the audit trail has come, so that a cut tail is found."""
    with hub.entered():
        try:
            audit.checkpoint()
        finally:
            session.remove()


NOTE_THE_TRAIL = Chore("note the trail", CHECKPOINT_EVERY, note_the_trail)


def run(
    files: Sequence[HubFile],
    settings: Settings,
    stop: threading.Event,
    chores: Sequence[Chore] = (),
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Send at every hub until *stop* is set; a round that has begun is finished first."""
    gateway = gateway_of(settings)
    hubs = [
        AtOneHub(file, clock, (NOTE_THE_TRAIL, *(one for one in chores if not one.beside))) for file in files
    ]
    heart = Heart(settings, gateway, files, clock)
    log.info("sending", count=len(hubs))
    with _beside(files, [one for one in chores if one.beside], stop, clock):
        while not stop.is_set():
            more = [hub.go_round(gateway) for hub in hubs]
            heart.beat_if_due()
            if not any(more):
                stop.wait(EVERY_SECONDS)
    log.info("stopped")


@contextmanager
def _beside(
    files: Sequence[HubFile], chores: Sequence[Chore], stop: threading.Event, clock: Callable[[], datetime]
) -> Iterator[None]:
    """While the block runs, do these chores in a thread of their own; what has begun may come to its end."""
    hubs = [AtOneHub(file, clock, chores) for file in files]

    def go_on() -> None:
        while chores and not stop.is_set():
            for hub in hubs:
                hub.do_chores()
            stop.wait(BESIDE_EVERY)

    thread = threading.Thread(target=go_on, name="chores", daemon=True)  # each chore may be cut off anywhere
    thread.start()
    try:
        yield
    finally:
        thread.join(LONGEST_PAUSE)
