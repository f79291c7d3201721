"""A hold: a court or a complaint stops the clock for everything about one person, with a reason and a name under it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can, SignedIn
from portal.accounts.models import Person, may_reach
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

COURT, COMPLAINT, OTHER = "court", "complaint", "other"
KINDS = {COURT: "A court or an inquiry", COMPLAINT: "A complaint", OTHER: "Something else"}


class Hold(Row):
    """Nothing about one person is removed while it stands: why, by whom, until which day (None: until it is ended)."""

    __tablename__ = "hold"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    until: Mapped[date | None]  # the last day on which it stands
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @classmethod
    def place(
        cls, person_id: UUID, kind: str, reason: str, by: UUID, until: date | None, key: UUID | None = None
    ) -> Hold:
        """From now on nothing about this person is removed; the same form sent twice is one hold."""
        if key and (before := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return before
        hold = cls(person_id=person_id, kind=kind, reason=reason, by_id=by, until=until, form_key=key)
        session.add(hold)
        audit.record(
            "hold.placed", object_kind="hold", object_id=hold.id, subject=person_id, kind=kind, until=until
        )
        return hold

    @classmethod
    def visible_to(cls, who: SignedIn) -> Select[Hold]:
        """The holds on those whom *who* may reach with that ability; the last placed first."""
        return (
            select(cls)
            .where(may_reach(who, Can.KEEP_HOLDS, cls.person_id))
            .order_by(cls.created_at.desc(), cls.id.desc())
        )

    def end(self, by: UUID) -> None:
        """The clock runs on from now."""
        if self.ended_at is None:
            self.ended_at, self.ended_by_id = current_hub().now(), by
            audit.record("hold.ended", object_kind="hold", object_id=self.id, subject=self.person_id)

    @property
    def stands(self) -> bool:
        """Whether it stops anything today."""
        return self.ended_at is None and (self.until is None or self.until >= current_hub().today())


def standing() -> ColumnElement[bool]:
    """The condition under which a hold stops the clock today."""
    return Hold.ended_at.is_(None) & or_(Hold.until.is_(None), Hold.until >= current_hub().today())


def held_people() -> Select[UUID]:
    """The ids of everybody about whom nothing is removed; the demonstration's people are among them."""
    marked = select(Person.id).where(Person.held_because.is_not(None))
    return marked.union_all(select(Hold.person_id).where(standing()))  # type: ignore[return-value]


def is_held(people: Any) -> bool:
    """Whether one of these people is under a hold."""
    found = held_people().subquery()
    wanted = select(found.c.id).where(found.c.id.in_(list(people))).limit(1)
    return session.scalar(wanted) is not None
