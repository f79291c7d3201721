"""Argon2id for PINs and passwords: slow on purpose, few at a time, and as slow where there is nothing to compare."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app, has_app_context
from pwdlib.hashers.argon2 import Argon2Hasher
from werkzeug.exceptions import ServiceUnavailable

from portal.config import hub_or_none

# 19 MiB, two passes, one lane: 23 ms a check, where the library's defaults take 250.
_hasher = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# A crowd of sign-ins may not take every core from those who are answering.
AT_ONCE = 2
LONGEST_WAIT = 1.0  # seconds; whoever waits here holds a thread that somebody who is not safe may need
_few = threading.BoundedSemaphore(AT_ONCE)
# The right shape and cost, and no secret that anybody knows belongs to it.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43


class TooManyAtOnce(ServiceUnavailable):
    """So many are being looked at that this one is asked to come again in a moment; nothing was counted or kept."""


# So many in one process for one door, the busiest morning's worth; what a flood sends beyond them is not looked at.
A_SECOND, IN_HAND = 10.0, 30.0


@dataclass
class _Allowance:
    """How many slow hashes may still be made, filled up by the second."""

    left: float = field(default_factory=lambda: IN_HAND)
    since: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> None:
        """Take one, or raise `TooManyAtOnce`."""
        with self.lock:
            now = time.monotonic()
            self.left, self.since = min(IN_HAND, self.left + (now - self.since) * A_SECOND), now
            if self.left < 1:
                raise TooManyAtOnce
            self.left -= 1


def _take_from_allowance() -> None:
    """Whoever comes in at one door uses up nothing of another's, nor of those who are in."""
    hub = hub_or_none()
    if hub is None or not has_app_context():
        return
    kept = current_app.extensions.setdefault("slow_hashes", defaultdict(_Allowance))
    kept[hub.file.name, hub.door, hub.actor is not None].take()


@contextmanager
def _one_of_few() -> Iterator[None]:
    _take_from_allowance()
    if not _few.acquire(timeout=LONGEST_WAIT):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _few.release()


def _bytes(secret: str) -> bytes:
    # The same password typed on two keyboards may come composed or not.
    return unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")


def hashed(secret: str) -> str:
    """The slow hash of a PIN or a password, to be stored; raises `TooManyAtOnce`."""
    with _one_of_few():
        return _hasher.hash(_bytes(secret))


def fits(secret: str, kept: str | None) -> bool:
    """Whether *secret* is the one that was hashed; None, for nobody, costs the same and is False.

    Raises `TooManyAtOnce`.
    """
    with _one_of_few():
        same = _hasher.verify(_bytes(secret), kept or _NOBODYS)
    return same and kept is not None
