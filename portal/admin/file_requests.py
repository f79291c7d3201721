"""A parent or carer asks for the file: the steps, by when, and what is never in it.

Articles 12 and 15 of the UK GDPR: one month from the day on which it is known who asks. A young person who can
understand it decides for themselves; what they said here is theirs, and goes to nobody because a parent asks.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

# Each step: what is done, and what is written down of it.
STEPS = {
    "who": ("Make sure who asks", "How you know them, and that they have a say for this young person today"),
    "safe": ("Ask whether an answer is safe", "No-contact orders, who is at home, what the worker says"),
    "young person": ("Ask the young person", "What they say: it is theirs. If they were not asked, why"),
    "court": (
        "Look for orders and live cases",
        "Whether a court, the police or an inquiry has to be asked first",
    ),
    "gather": ("Gather it from the case system", "Where the record is: this is not it"),
    "take out": ("Take out what is never in it", "What was taken out, and by which of the reasons below"),
    "second": ("A second person reads it", "Who read it before it left, and what they said"),
    "answer": ("Answer", "What was given or refused, by which way, and that they may complain"),
}
NEVER = (
    "What a young person said here, wrote, skipped or did not send, unless they share that very thing.",
    "Whether and when a young person was here, had a way in, or answered.",
    "Alerts, and what was said to a manager alone.",
    "What the other parent or a carer said.",
    "Who else was asked, and the names of other young people.",
    "An address, a school or a telephone number that a no-contact order hides.",
    "What would put somebody in danger.",
)


def a_month_after(day: date) -> date:
    """The same day of the next month; its last, where that is shorter."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


class FileRequest(Row):
    """One request for the file of one young person, by when it is answered, and when it was."""

    __tablename__ = "file_request"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by: Mapped[str] = mapped_column(EncryptedText)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @classmethod
    def take(
        cls, child_id: UUID, asked_by: str, asked_on: date, by: UUID, key: UUID | None = None
    ) -> FileRequest:
        """Put down who asked and when; the month runs from that day. The same form sent twice is one."""
        if key and (before := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return before
        request = cls(child_id=child_id, asked_by=asked_by, asked_on=asked_on, due_on=a_month_after(asked_on),
                      by_id=by, form_key=key)  # fmt: skip
        session.add(request)
        audit.record("file_request.taken", object_kind="file request", object_id=request.id, subject=child_id)
        return request

    @classmethod
    def about(cls, child_id: UUID) -> list[FileRequest]:
        """Every request for one young person's file, the last first."""
        found = select(cls).where(cls.child_id == child_id).order_by(cls.asked_on.desc(), cls.id)
        return list(session.scalars(found))

    def steps(self) -> dict[str, FileRequestStep]:
        """The steps that were taken, by their name."""
        found = session.scalars(select(FileRequestStep).where(FileRequestStep.request_id == self.id))
        return {one.step: one for one in found}

    def do(self, step: str, words: str, by: UUID) -> None:
        """Put down what was done at one step, once; the last of them ends it."""
        if step in self.steps():
            return
        session.add(
            FileRequestStep(request_id=self.id, child_id=self.child_id, step=step, words=words, by_id=by)
        )
        if step == "answer":
            self.ended_on = current_hub().today()
        audit.record(
            "file_request.step",
            object_kind="file request",
            object_id=self.id,
            subject=self.child_id,
            step=step,
        )


class FileRequestStep(Row):
    """One step of a request: what was done, by whom."""

    __tablename__ = "file_request_step"
    __subject__ = "child_id"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("file_request.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    step: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("request_id", "step"),)
