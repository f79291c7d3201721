"""Orders of no contact: an adult may not have contact with a young person, from one instant until it is ended.

While one runs, that adult's link shows nothing and is offered nothing, whatever else it says; staff see it wherever
they would contact the adult. What stands on no page cannot be read from one: no page of an adult's names the young
person's address, or another adult.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

MOST = 50
BETWEEN = "\n\n"  # of the reasons of an order that was made again


class NoContact(Row):
    """One adult and one young person between whom there may be no contact."""

    __tablename__ = "no_contact"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    adult_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(EncryptedText)  # which order, and by whom
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_reason: Mapped[str | None] = mapped_column(EncryptedText)  # why it was lifted, and who decided that

    @classmethod
    def begin(
        cls, child_id: UUID, adult_id: UUID, reason: str, by: UUID, until: datetime | None = None
    ) -> NoContact:
        """From now on no contact, and what waits for that adult is taken back.

        The order that runs already stays the only one: made again, its later end stands, and the reason is added.
        """
        running = select(cls).where(cls.child_id == child_id, cls.adult_id == adult_id, runs())
        if (before := session.scalar(running)) is not None:
            before._renew(reason, until)
            return before
        made = cls(
            child_id=child_id, adult_id=adult_id, reason=reason, by_id=by, starts_at=current_hub().now(),
            ends_at=until,
        )  # fmt: skip
        session.add(made)
        session.flush()
        links = cls.metadata.tables["link"].c  # whose model asks for orders itself
        between = select(links.id).where(links.adult_id == adult_id, links.child_id == child_id)
        outbox.withdraw_by_links(session.scalars(between))
        audit.record("no_contact.begun", object_kind="person", object_id=adult_id, subject=child_id)
        return made

    def _renew(self, reason: str, until: datetime | None) -> None:
        """The same form sent twice changes nothing; an end is never brought forward by it, only by lifting the order."""
        longer = self.ends_at is not None and (until is None or until > self.ends_at)
        added = reason not in self.reason.split(BETWEEN)
        if longer:
            self.ends_at = until
        if added:
            self.reason = f"{self.reason}{BETWEEN}{reason}"
        if longer or added:
            audit.record(
                "no_contact.renewed", object_kind="person", object_id=self.adult_id, subject=self.child_id,
                until=self.ends_at,
            )  # fmt: skip

    def end(self, by: UUID, reason: str) -> None:
        """The order is over now, for this reason; ended twice, the first time counts."""
        now = current_hub().now()
        if self.ends_at is None or self.ends_at > now:
            self.ends_at, self.ended_by_id, self.ended_reason = now, by, reason
            audit.record(
                "no_contact.ended", object_kind="person", object_id=self.adult_id, subject=self.child_id
            )

    @classmethod
    def running_of(cls, child_id: UUID) -> list[NoContact]:
        """The orders about a young person that run now, the oldest first."""
        found = select(cls).where(cls.child_id == child_id, runs())
        return list(session.scalars(found.order_by(cls.starts_at)))

    @classmethod
    def lifted_of(cls, child_id: UUID) -> list[NoContact]:
        """The orders about a young person that somebody lifted, the last lifted first."""
        found = select(cls).where(cls.child_id == child_id, cls.ended_by_id.is_not(None))
        return list(session.scalars(found.order_by(cls.ends_at.desc()).limit(MOST)))


def runs() -> ColumnElement[bool]:
    """The condition under which an order runs now."""
    now = current_hub().now()
    return (NoContact.starts_at <= now) & or_(NoContact.ends_at.is_(None), NoContact.ends_at > now)


def ordered(adult_id: Any, child_id: Any) -> ColumnElement[bool]:
    """Whether there may be no contact between these two now; either may be a column."""
    return exists().where(NoContact.adult_id == adult_id, NoContact.child_id == child_id, runs())
