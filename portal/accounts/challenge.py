"""What a passkey has to sign: bytes that this hub made for this browser minutes ago, and that are taken once.

A page that only reads writes nothing down, so the bytes prove themselves; what was used is noted until it is too old.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import session as cookie
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from portal import crypto
from portal.config import current_hub
from portal.db import Base, insert_into, session
from portal.web import csrf_token

HOLDS = timedelta(minutes=10)  # for which a page may lie open before the passkey is used
_AT, _RANDOM = 8, 16  # bytes


class UsedChallenge(Base):
    """A challenge that was signed and taken; of it only a keyed hash."""

    __tablename__ = "used_challenge"

    key: Mapped[str] = mapped_column(String(44), primary_key=True)
    until: Mapped[datetime]


def made(purpose: str) -> bytes:
    """A fresh challenge for this browser."""
    csrf_token()  # so that the browser has something to be known by
    hub = current_hub()
    head = int(hub.now().timestamp()).to_bytes(_AT) + hub.rng.randbytes(_RANDOM)
    return head + _seal(purpose, head)


def takes(purpose: str, challenge: bytes) -> bool:
    """Use *challenge* up, if it was made for this purpose and browser, not long ago, and never taken before."""
    head, seal = challenge[: _AT + _RANDOM], challenge[_AT + _RANDOM :]
    if not hmac.compare_digest(seal, _seal(purpose, head)):
        return False
    now = current_hub().now()
    if not 0 <= now.timestamp() - int.from_bytes(head[:_AT]) < HOLDS.total_seconds():
        return False
    session.execute(delete(UsedChallenge).where(UsedChallenge.until <= now))
    key = crypto.lookup_hash("challenge", head.hex())
    used = insert_into(UsedChallenge).values(key=key, until=now + HOLDS + timedelta(minutes=1))
    first = session.execute(used.on_conflict_do_nothing().returning(UsedChallenge.key)).first()
    return first is not None


def _seal(purpose: str, head: bytes) -> bytes:
    said = f"{purpose}\n{cookie.get('t', '')}\n".encode() + head
    return hmac.new(crypto.ring().hub_key("challenge"), said, hashlib.sha256).digest()
