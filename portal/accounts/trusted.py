"""People and places that a young person names: whom they trust, how to reach them, what feels safe and what does not.

What the young person wrote stays as they wrote it; a worker keeps a name from there with one press.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can, SignedIn
from portal.accounts.models import may_reach
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

YOUTH_JUSTICE = "youth justice"
# What kind of person somebody is to the young person.
KINDS = {
    "family": "Family",
    "mentor": "Mentor",
    "advocate": "Advocate",
    "teacher": "Teacher or school",
    YOUTH_JUSTICE: "Youth justice worker",
    "other": "Somebody else",
}
SAFE, NOT_SAFE, MIXED = "safe", "not safe", "mixed"
FEELS = {SAFE: "Feels safe", NOT_SAFE: "Does not feel safe", MIXED: "It depends"}
# Whose word it is.
THEMSELVES = "themselves"
SAID_BY = {
    THEMSELVES: "The young person",
    "parent": "A parent or carer",
    "staff": "Somebody who works with them",
}


class Trusted(Row):
    """Somebody whom a young person trusts, or who stands by them; until a worker says that it is no longer so."""

    __tablename__ = "trusted"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    kind: Mapped[str] = mapped_column(EncryptedText)
    reach: Mapped[str | None] = mapped_column(EncryptedText)
    said_by: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)
    ended_at: Mapped[datetime | None]

    @classmethod
    def enter(cls, child_id: UUID, name: str, kind: str, by: UUID, *, reach: str = "", said_by: str = THEMSELVES,
              key: UUID | None = None) -> Trusted:  # fmt: skip
        """Keep somebody by the words they were named with; one form keeps one."""
        before = session.scalar(select(cls).where(cls.form_key == key)) if key else None
        if before is not None:
            return before
        made = cls(
            child_id=child_id,
            name=name,
            kind=kind,
            reach=reach or None,
            said_by=said_by,
            by_id=by,
            form_key=key,
        )
        session.add(made)
        session.flush()
        audit.record("trusted.named", object_kind="trusted", object_id=made.id, subject=child_id)
        return made

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.NAME_TRUSTED) -> Select[Trusted]:
        """Those that hold today, of the young people whom *who* may reach, the first named first."""
        found = select(cls).where(may_reach(who, can, cls.child_id), cls.ended_at.is_(None))
        return found.order_by(cls.created_at, cls.id)

    def end(self) -> None:
        """It is no longer so."""
        self.ended_at = current_hub().now()
        audit.record("trusted.ended", object_kind="trusted", object_id=self.id, subject=self.child_id)


class Place(Row):
    """A place that a young person speaks of, and how it feels to them."""

    __tablename__ = "place"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(EncryptedText)
    feels: Mapped[str] = mapped_column(EncryptedText)
    said_by: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)
    ended_at: Mapped[datetime | None]

    @classmethod
    def enter(cls, child_id: UUID, words: str, feels: str, by: UUID, *, said_by: str = THEMSELVES,
              key: UUID | None = None) -> Place:  # fmt: skip
        """Keep a place by the words it was named with; one form keeps one."""
        before = session.scalar(select(cls).where(cls.form_key == key)) if key else None
        if before is not None:
            return before
        made = cls(child_id=child_id, words=words, feels=feels, said_by=said_by, by_id=by, form_key=key)
        session.add(made)
        session.flush()
        audit.record("place.named", object_kind="place", object_id=made.id, subject=child_id)
        return made

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.NAME_TRUSTED) -> Select[Place]:
        """Those that hold today, of the young people whom *who* may reach, the first named first."""
        found = select(cls).where(may_reach(who, can, cls.child_id), cls.ended_at.is_(None))
        return found.order_by(cls.created_at, cls.id)

    def end(self) -> None:
        """It is no longer so."""
        self.ended_at = current_hub().now()
        audit.record("place.ended", object_kind="place", object_id=self.id, subject=self.child_id)


# --- from what they said --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heard:
    """Words of the young person that name somebody or some place, ready to be kept."""

    key: str  # of these words, so that they are kept once
    words: str
    feels: str = ""  # of a place; empty for a person
    said_at: datetime | None = None


_sources: list[Callable[[SignedIn, UUID], list[Heard]]] = []


def introduce(source: Callable[[SignedIn, UUID], list[Heard]]) -> None:
    """Let a room in which a young person speaks hand over the words that name somebody; it asks who may read them."""
    if source not in _sources:
        _sources.append(source)


def heard_from(who: SignedIn, child_id: UUID) -> list[Heard]:
    """What a young person said that names somebody or some place, as far as *who* may read it."""
    return [heard for source in _sources for heard in source(who, child_id)]


def keys_of(child_id: UUID) -> set[UUID]:
    """The keys of whatever was kept for a young person, whether it still holds or not."""
    tables = (Trusted, Place)
    found = (session.scalars(select(table.form_key).where(table.child_id == child_id)) for table in tables)
    return {key for keys in found for key in keys if key is not None}
