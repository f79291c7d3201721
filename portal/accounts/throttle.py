"""Slowing down whoever guesses, without locking anybody out: tries counted in windows of five minutes.

A row per way in (or e-mail) that a client tries, whether it exists or not, and one per client; only keyed hashes
of them. Both count at one door: behind one address a parent's tries may neither tell of a child's nor use them up.
And whoever knows somebody's words or e-mail slows down only themselves: five wrong PINs end a way in, a code of
the staff works once, and so nobody needs to be kept out because another guesses.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import current_hub
from portal.crypto import lookup_hash
from portal.db import Base, HubSession, aside, undo

WINDOW = timedelta(minutes=5)
TRIES_OF_ONE = 10  # of one way in or e-mail, by one client; five wrong PINs end a way in before that
TRIES_OF_CLIENT = 60  # of one address, behind which a whole home or school may sit


class Throttle(Base):
    """How often something was tried in its present window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(44), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime]


def seconds_to_wait(what: str | None, client: str) -> int:
    """Count a try of *what* by *client*; 0, or after how many seconds they may try again.

    *what* is one e-mail, way in or device: something many people share would slow down all of them together. Where
    there is no such thing (None), only the client's tries are counted.
    """
    # The request has only looked up who is signed in. Kept open, its transaction would keep this one waiting.
    undo()
    hub = current_hub()
    now = hub.now()
    counted = [(f"client:{client}", TRIES_OF_CLIENT)]
    if what is not None:
        counted.append((f"what:{client}:{what}", TRIES_OF_ONE))
    with aside() as own:
        own.execute(delete(Throttle).where(Throttle.until <= now))
        waits = [
            _count(own, lookup_hash("throttle", f"{hub.door}:{key}"), most, now) for key, most in counted
        ]
    return max(waits)


def _count(own: HubSession, key: str, most: int, now: datetime) -> int:
    insert: Any = postgresql.insert if own.get_bind().dialect.name == "postgresql" else sqlite.insert
    tries, until = own.execute(
        insert(Throttle)
        .values(key=key, tries=1, until=now + WINDOW)
        .on_conflict_do_update(index_elements=["key"], set_={"tries": Throttle.tries + 1})
        .returning(Throttle.tries, Throttle.until)
    ).one()
    return 0 if tries <= most else math.ceil((until - now).total_seconds())
