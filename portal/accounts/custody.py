"""Young people in custody: from when, where, and the youth justice worker with whom a return goes meanwhile.

No phone and no tablet of ours comes there. While it lasts the digital way in is closed, and the form goes on paper.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.accounts.trusted import YOUTH_JUSTICE, Trusted
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session


class Custody(Row):
    """A young person in custody from one day until another, on which they are out (Europe/London)."""

    __tablename__ = "custody"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]  # the day of coming out; None: not known yet
    establishment: Mapped[str] = mapped_column(EncryptedText)
    youth_worker_id: Mapped[UUID | None] = mapped_column(ForeignKey("trusted.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def begin(
        cls, child_id: UUID, from_on: date, establishment: str, youth_worker_id: UUID | None, by: UUID
    ) -> Custody:
        """Put down that a young person is in custody; the one that runs already stays the only one."""
        if (running := custody_of(child_id)) is not None:
            return running
        made = cls(
            child_id=child_id, from_on=from_on, establishment=establishment, youth_worker_id=youth_worker_id,
            by_id=by,
        )  # fmt: skip
        session.add(made)
        session.flush()
        audit.record("custody.begun", object_kind="custody", object_id=made.id, subject=child_id)
        return made

    def end(self, on: date) -> None:
        """Put down the day on which they come out; from that day a way in can be given again."""
        self.to_on = on
        audit.record("custody.ended", object_kind="custody", object_id=self.id, subject=self.child_id)

    def goes_with(self, youth_worker_id: UUID | None) -> None:
        """Say with which youth justice worker a return goes."""
        self.youth_worker_id = youth_worker_id
        audit.record("custody.youth_worker", object_kind="custody", object_id=self.id, subject=self.child_id)

    def youth_worker(self) -> Trusted | None:
        """The youth justice worker with whom a return goes, or None."""
        found = session.get(Trusted, self.youth_worker_id) if self.youth_worker_id else None
        return found if found is not None and found.kind == YOUTH_JUSTICE else None


def custody_of(child_id: UUID) -> Custody | None:
    """The custody that a young person is in today, or None."""
    return session.scalar(_running().where(Custody.child_id == child_id))


def _running() -> Select[Custody]:
    ends = or_(Custody.to_on.is_(None), Custody.to_on > current_hub().today())
    return select(Custody).where(Custody.from_on <= current_hub().today(), ends)
