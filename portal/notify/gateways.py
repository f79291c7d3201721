"""Where messages leave. A gateway takes a message or says that it did not; taking one twice is taking it once."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Protocol, TypeVar, cast

from portal.crypto import keep_names_of

EMAIL, TEXT = "email", "text"
MOST_HANGING = 4


class NotTaken(Exception):
    """The gateway did not take the message, or nobody knows whether it did; it is tried again."""


class NoAnswer(NotTaken):
    """The gateway was silent for as long as it is waited for: the next message would wait as long."""


class NeverTaken(NotTaken):
    """The gateway will not take it for this address, however often it is tried: a number that is none, say."""


@dataclass(frozen=True)
class Outgoing:
    """One message on one route. *reference* is the same each time that it is tried; *again* if it was before."""

    reference: str
    route: str
    to: str
    subject: str
    text: str
    again: bool = False


class Gateway(Protocol):
    """What every gateway can do."""

    def send(self, message: Outgoing) -> None:
        """Take *message* for good before returning; raises `NotTaken` or `OSError` otherwise."""

    def check(self) -> None:
        """Raise `NotTaken` or `OSError` where a message would not leave now; sends nothing."""


def reference(hub: str, key: str, route: str) -> str:
    """What a message is called outside: the same for the same key, and telling nothing."""
    return hashlib.sha256(f"{hub}|{key}|{route}".encode()).hexdigest()


class Folder:
    """A folder with a file per message, for the demonstration and for tests.

    A file is named by its message's reference and appears whole or not at all: a message tried again is the
    same file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Outgoing) -> None:
        """Write the message, on disk before this returns."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = self.folder / f"{message.reference}.json"
        if there.exists():
            return
        unfinished = self.folder / f".{message.reference}.{os.getpid()}"
        with open(unfinished, "w", encoding="utf-8", opener=_for_us_alone) as file:
            said = {name: value for name, value in asdict(message).items() if name != "again"}
            json.dump(said, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(there)
        keep_names_of(self.folder)

    def check(self) -> None:
        """Look whether the folder can be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise NotTaken("the folder cannot be written")


def _for_us_alone(path: str, flags: int) -> int:
    """A message has an address in it and tells when somebody was alarmed: nobody else on the machine reads it."""
    return os.open(path, flags, 0o600)


T = TypeVar("T")


def in_time(work: Callable[[], T], seconds: float, then: Callable[[], None] = lambda: None) -> T:
    """What *work* hands back, or its fault; `NoAnswer` if it takes longer. It goes on then, alone, and does *then* last."""
    answer: Queue[tuple[T | None, Exception | None]] = Queue(1)

    def do() -> None:
        try:
            answer.put((work(), None))
        except Exception as fault:  # noqa: BLE001 - it is raised where it is waited for
            answer.put((None, fault))
        finally:
            then()

    threading.Thread(target=do, daemon=True).start()
    try:
        made, fault = answer.get(timeout=seconds)
    except Empty:
        raise NoAnswer("no answer in time") from None
    if fault is not None:
        raise fault
    return cast("T", made)


class Patient:
    """A gateway that is waited for, but not for ever: one that hangs must not hold up the next message."""

    def __init__(self, gateway: Gateway, seconds: float = 5, most_hanging: int = MOST_HANGING) -> None:
        self.gateway, self.seconds = gateway, seconds
        self.free = threading.BoundedSemaphore(most_hanging)

    def send(self, message: Outgoing) -> None:
        """Send, or raise `NoAnswer` after the time is up: whether it was taken is then not known."""
        self._wait_for(lambda: self.gateway.send(message))

    def check(self) -> None:
        """Have the gateway look, or raise `NoAnswer` after the time is up."""
        self._wait_for(self.gateway.check)

    def _wait_for(self, work: Callable[[], None]) -> None:
        if not self.free.acquire(blocking=False):
            raise NoAnswer("too many messages hang in the gateway")
        try:
            in_time(work, self.seconds, then=self.free.release)
        except NotTaken:
            raise
        except TimeoutError:
            raise NoAnswer("no answer in time") from None
        except Exception as fault:  # noqa: BLE001 - whatever it stumbled over, it did not take the message
            raise NotTaken(type(fault).__name__) from None
