"""What somebody says is wrong in a young person's record: who asked, what, what was decided. Both stay."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

MENDED, BESIDE, NOT_WRONG = "mended", "beside", "not wrong"
DECISIONS = {
    MENDED: "It is wrong. The right words now stand beside the wrong ones",
    BESIDE: "We do not agree. What they say stands beside it",
    NOT_WRONG: "It is not about anything that is kept here",
}


class Correction(Row):
    """Something that somebody says is wrong. The words it is about are never written over."""

    __tablename__ = "correction"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by: Mapped[str] = mapped_column(EncryptedText)
    what: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[str | None] = mapped_column(EncryptedText)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @classmethod
    def ask(cls, child_id: UUID, asked_by: str, what: str, by: UUID, key: UUID | None = None) -> Correction:
        """Put down what somebody says is wrong; the same form sent twice is one."""
        if key and (before := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return before
        asked = cls(child_id=child_id, asked_by=asked_by, what=what, by_id=by, form_key=key)
        session.add(asked)
        audit.record("correction.asked", object_kind="correction", object_id=asked.id, subject=child_id)
        return asked

    @classmethod
    def about(cls, child_id: UUID) -> list[Correction]:
        """Everything that was said to be wrong about one young person, the last first."""
        found = select(cls).where(cls.child_id == child_id).order_by(cls.created_at.desc(), cls.id)
        return list(session.scalars(found))

    def decide(self, decided: str, decision: str, by: UUID) -> None:
        """Say what was decided, and why; once."""
        if self.decided is None:
            self.decided, self.decision = decided, decision
            self.decided_at, self.decided_by_id = current_hub().now(), by
            audit.record(
                "correction.decided", object_kind="correction", object_id=self.id, subject=self.child_id,
                decided=decided,
            )  # fmt: skip
