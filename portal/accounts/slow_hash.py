"""Argon2id for PINs and passwords: slow on purpose, few at a time, and as slow where there is nothing to compare."""

from __future__ import annotations

import threading
import unicodedata

from pwdlib.hashers.argon2 import Argon2Hasher

# 19 MiB, two passes, one lane: 23 ms a check, where the library's defaults take 250.
_hasher = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# A crowd of sign-ins may not take every core from those who are answering.
_few = threading.BoundedSemaphore(2)
# The right shape and cost, and no secret that anybody knows belongs to it.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43


def _bytes(secret: str) -> bytes:
    # The same password typed on two keyboards may come composed or not.
    return unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")


def hashed(secret: str) -> str:
    """The slow hash of a PIN or a password, to be stored."""
    with _few:
        return _hasher.hash(_bytes(secret))


def fits(secret: str, kept: str | None) -> bool:
    """Whether *secret* is the one that was hashed; None, for nobody, costs the same and is False."""
    with _few:
        same = _hasher.verify(_bytes(secret), kept or _NOBODYS)
    return same and kept is not None
