"""Shifts of a home's staff: where the home keeps them, its staff reach its forms only while they are on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.db import Row, session


class Shift(Row):
    """One of a home's staff is on duty, from one instant to another."""

    __tablename__ = "shift"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def enter(cls, person_id: UUID, starts_at: datetime, ends_at: datetime, by: UUID) -> Shift:
        """Enter a shift; the same one, sent twice, is one. Raises ValueError for an end before the beginning."""
        if ends_at <= starts_at:
            raise ValueError("a shift ends after it begins")
        same = select(cls).where(
            cls.person_id == person_id, cls.starts_at == starts_at, cls.ends_at == ends_at
        )
        if (before := session.scalar(same)) is not None:
            return before
        made = cls(person_id=person_id, starts_at=starts_at, ends_at=ends_at, by_id=by)
        session.add(made)
        audit.record("shift.entered", object_kind="person", object_id=person_id, subject=person_id)
        return made

    def end(self) -> None:
        """It is over now; one that had not begun never begins."""
        now = current_hub().now()
        self.ends_at, self.starts_at = min(self.ends_at, now), min(self.starts_at, now)
        audit.record("shift.ended", object_kind="person", object_id=self.person_id, subject=self.person_id)


def on_duty_now(person_id: Any) -> ColumnElement[bool]:
    """Whether *person_id*, which may be a column, is in a shift now."""
    now = current_hub().now()
    return exists().where(Shift.person_id == person_id, Shift.starts_at <= now, Shift.ends_at > now)
