"""When the sender and its watcher last went round, and how long a message has waited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.config import current_hub
from portal.db import Base, insert_into, session
from portal.outbox import OutboxMessage

THE_SENDER, THE_WATCHER = "sender", "watcher"
TOO_LONG_UNSENT = timedelta(seconds=60)
TOO_LONG_SILENT = timedelta(seconds=120)


class SenderBeat(Base):
    """The last time that the sender, or its watcher, went round with the database answering."""

    __tablename__ = "sender_beat"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


class Waiting(NamedTuple):
    """How the sender stands: since when the oldest unsent message is due, and the sender's last beat (UTC)."""

    oldest: datetime | None
    beat: datetime | None

    def stuck(self, now: datetime) -> bool:
        """Whether a message has waited longer than it ever should."""
        return self.oldest is not None and now - self.oldest > TOO_LONG_UNSENT

    def silent(self, now: datetime) -> bool:
        """Whether the sender has not been heard of for too long, or never."""
        return self.beat is None or now - self.beat > TOO_LONG_SILENT


def how_it_stands() -> Waiting:
    """The oldest unsent message and the last beat, in one statement."""
    return how_it_stands_and()[0]


def how_it_stands_and(*more: ScalarSelect[Any]) -> tuple[Waiting, tuple[Any, ...]]:
    """How the sender stands, and what *more* gives, in the same statement: for what every page of the staff asks."""
    now = current_hub().now()
    oldest = select(func.min(OutboxMessage.due_at)).where(
        OutboxMessage.delivered_at.is_(None), OutboxMessage.due_at <= now
    )
    beat = select(SenderBeat.at).where(SenderBeat.name == THE_SENDER)
    row = session.execute(select(oldest.scalar_subquery(), beat.scalar_subquery(), *more)).one()
    return Waiting(*row[:2]), tuple(row[2:])


def last_beat(look: Session) -> datetime | None:
    """When the sender last went round, as the session *look* sees it; None if never."""
    return look.scalar(select(SenderBeat.at).where(SenderBeat.name == THE_SENDER))


def watched() -> bool:
    """Whether the watcher looks at this hub: it has done so lately."""
    at = session.scalar(select(SenderBeat.at).where(SenderBeat.name == THE_WATCHER))
    return at is not None and current_hub().now() - at <= TOO_LONG_SILENT


def beat(who: str = THE_SENDER) -> None:
    """Note that the sender, or the watcher, has gone round, in the step under way."""
    row = insert_into(SenderBeat).values(name=who, at=current_hub().now())
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": row.excluded.at}))
