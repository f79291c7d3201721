"""What a young person says before anything is asked of them, and the form that belongs to one return."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import EncryptedText
from portal.db import Row


class SafetyAnswer(Row):
    """An answer to "Are you safe right now?" that somebody is told about. The others leave no trace."""

    __tablename__ = "safety_answer"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(EncryptedText)
    form_key: Mapped[UUID] = mapped_column(unique=True)
    sitting: Mapped[UUID] = mapped_column(index=True)


class ReturnForm(Row):
    """The young person's form for one return, or for none, and what they said to "Is it OK to do this now?"."""

    __tablename__ = "return_form"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_task.id"), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    choice: Mapped[str] = mapped_column(String(20))
    chosen_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
