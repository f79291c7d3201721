"""Cover: for a time somebody stands in for an absent colleague, and reaches whom they hold.

It is read anew at each request, like everything that joins two people, and is not handed on: whoever covers for a
colleague does not reach those for whom that colleague covers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.db import Row, session


class Cover(Row):
    """One of the staff is away, from one instant to another, and somebody covers for them."""

    __tablename__ = "cover"

    absent_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    covers_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def give(
        cls, absent_id: UUID, covers_id: UUID, starts_at: datetime, ends_at: datetime, by: UUID
    ) -> Cover:
        """Let *covers_id* stand in for *absent_id*; raises ValueError for oneself, or an end before the beginning."""
        if absent_id == covers_id or ends_at <= starts_at:
            raise ValueError("nobody covers for themselves, or for no time")
        cover = cls(
            absent_id=absent_id, covers_id=covers_id, starts_at=starts_at, ends_at=ends_at, said_by_id=by
        )
        session.add(cover)
        audit.record("cover.given", object_kind="person", object_id=covers_id, absent=absent_id,
                     starts_at=starts_at, ends_at=ends_at)  # fmt: skip
        return cover

    @classmethod
    def given_before(cls, absent_id: UUID, covers_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether they cover for them until then already: the same form, sent twice."""
        same = (cls.absent_id == absent_id) & (cls.covers_id == covers_id) & (cls.ends_at == ends_at)
        return session.scalar(select(cls.id).where(same, cls.starts_at <= starts_at).limit(1)) is not None

    def end(self, by: UUID) -> None:
        """It is over now; one that had not begun never begins."""
        now = current_hub().now()
        self.ends_at, self.starts_at = now, min(self.starts_at, now)
        audit.record(
            "cover.ended", object_kind="person", object_id=self.covers_id, absent=self.absent_id, by=by
        )


def runs(at: datetime) -> ColumnElement[bool]:
    """The condition under which a cover runs at an instant."""
    return (Cover.starts_at <= at) & (Cover.ends_at > at)


def covered_by(person_id: Any) -> Select[UUID]:
    """The ids of those for whom *person_id* covers now."""
    return select(Cover.absent_id).where(Cover.covers_id == person_id, runs(current_hub().now()))


def who_cover_for(person_id: Any) -> Select[UUID]:
    """The ids of those who cover for *person_id* now."""
    return select(Cover.covers_id).where(Cover.absent_id == person_id, runs(current_hub().now()))


def absent_now() -> Select[UUID]:
    """The ids of those who are away now and covered for."""
    return select(Cover.absent_id).where(runs(current_hub().now()))
