"""Where the secrets of a way in or a card come from: one form draws the same ones again, and nobody else ever does.

They are shown once and kept nowhere. But a page that is loaded again, or a button pressed twice, sends its form
again: then whoever sent it is shown the same secrets, and no second way in is made. What they are drawn from is
the form's own random key, which only that browser has, under a key of the hub.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from portal import crypto
from portal.accounts import words
from portal.config import current_hub

AGAIN = timedelta(minutes=10)  # for which the same form may show the same again
PIN_DIGITS = 6


@dataclass(frozen=True)
class Draw:
    """The secrets of one form; `key` is what may be kept of it."""

    key: UUID
    _seed: str

    @classmethod
    def of(cls, by: UUID, typed: str = "") -> Draw:
        """What the form with this key draws for *by*; without one, something new."""
        seed = typed[:300] or current_hub().rng.randbytes(16).hex()
        return cls(uuid5(by, seed), f"{by} {seed}")

    def token(self, number: int = 0) -> str:
        """The token of a link, 128 bits."""
        return self._bytes(f"token {number}")[:16].hex()

    def digits(self, number: int = 0) -> int:
        """The number behind the four words and the twelve digits."""
        return int.from_bytes(self._bytes(f"digits {number}")) % words.HOW_MANY**4

    def pin(self) -> str:
        """The six digits that are said aloud."""
        return f"{int.from_bytes(self._bytes('pin')) % 10**PIN_DIGITS:0{PIN_DIGITS}}"

    def authenticator(self) -> str:
        """An authenticator's secret, 160 bits in base32."""
        return base64.b32encode(self._bytes("authenticator")[:20]).decode()

    def card_number(self, number: int) -> int:
        """Six digits by which a card is called; no secret."""
        return int.from_bytes(self._bytes(f"card {number}")) % 10**6

    def _bytes(self, what: str) -> bytes:
        key = crypto.ring().hub_key("draw")
        return hmac.new(
            key, f"{what}\n{self._seed}".encode("utf-8", "surrogatepass"), hashlib.sha256
        ).digest()
