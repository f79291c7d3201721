"""A pause: somebody of the staff may not read what a young person says, because something may be about them.

It begins by itself when a young person says so, and ends only when a manager ends it and writes why. Who is paused
still sees the name and when a conversation is due, as before: whoever vanished from their list would be betrayed by it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session

# What a pause leaves: no words, no way in, nothing that a young person said. (A choice is only written down.)
KEPT_WHILE_PAUSED = frozenset(
    {Can.SEE_YOUNG_PERSON, Can.SEE_RETURNS, Can.TAKE_RETURN, Can.OFFER_CONVERSATION, Can.HEAR_CHOICE}
)
_RUNNING = text("ended_at IS NULL")


class Pause(Row):
    """One person of the staff who may not read one young person's things, from `created_at` until it is ended."""

    __tablename__ = "pause"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    alert_id: Mapped[UUID]  # what it began with; alerts stand above this room
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # why it was ended

    __table_args__ = (
        Index(
            "ux_pause_running", "staff_id", "child_id",
            unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING,
        ),
    )  # fmt: skip

    @classmethod
    def begin(cls, child_id: UUID, staff_id: UUID, alert_id: UUID) -> None:
        """From now on *staff_id* may not read what *child_id* says; begun twice, it runs once."""
        now = current_hub().now()
        row = {
            "id": new_id(),
            "created_at": now,
            "child_id": child_id,
            "staff_id": staff_id,
            "alert_id": alert_id,
        }
        made = session.scalar(insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id))
        if made is not None:
            audit.record("pause.begun", object_kind="person", object_id=staff_id, subject=child_id)

    def end(self, reason: str, by: UUID) -> None:
        """*by*, a manager, lets them read again and says why; ended twice, the first time counts."""
        if self.ended_at is None:
            self.ended_at, self.ended_by_id, self.reason = current_hub().now(), by, reason
            audit.record("pause.ended", object_kind="person", object_id=self.staff_id, subject=self.child_id)


def paused(staff_id: Any, child_id: Any) -> ColumnElement[bool]:
    """Whether *staff_id* may not read what *child_id* says now; either may be a column."""
    return exists().where(Pause.staff_id == staff_id, Pause.child_id == child_id, Pause.ended_at.is_(None))


def was_paused(staff_id: Any, child_id: Any, at: Any) -> ColumnElement[bool]:
    """Whether *staff_id* was paused about *child_id* at the instant *at*, however it ended; each may be a column."""
    ran = (Pause.created_at <= at) & (Pause.ended_at.is_(None) | (Pause.ended_at >= at))
    return exists().where(Pause.staff_id == staff_id, Pause.child_id == child_id, ran)


def paused_about(child_id: UUID) -> list[UUID]:
    """The ids of those who may not read what this young person says now, the first paused first."""
    found = select(Pause.staff_id).where(Pause.child_id == child_id, Pause.ended_at.is_(None))
    return list(session.scalars(found.order_by(Pause.created_at)))
