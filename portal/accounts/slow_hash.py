"""Argon2id for PINs and passwords: slow on purpose, few at a time, and as slow where there is nothing to compare."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib.hashers.argon2 import Argon2Hasher
from werkzeug.exceptions import ServiceUnavailable

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


@contextmanager
def _one_of_few() -> Iterator[None]:
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
