"""What a young person says before anything is asked of them, and the form that belongs to one return."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.alerts.flags import NOT_SAFE, NOT_SURE, RING_ME
from portal.alerts.models import raise_alert
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session
from portal.episodes import wishes
from portal.episodes.models import InterviewTask, waiting_for
from portal.episodes.words import OWN_PAGES
from portal.questionnaires.models import DRAFT, Given, Submission
from portal.questionnaires.questions import SHARING, Question, Questionnaire
from portal.returns.asked import for_a_worker

NOT_SAFE_NOW, RATHER_NOT_SAY, RING = "no", "rather-not", "ring"
# Which rule each answer to "Are you safe right now?" is told by. "Yes" and "just show me numbers" tell nobody.
TELLS = {NOT_SAFE_NOW: NOT_SAFE, RATHER_NOT_SAY: NOT_SURE, RING: RING_ME}

# What may be said to "Is it OK to do this now?"; who is being looked at leaves at once and keeps nothing.
NOW, WITH_SOMEONE, TALK, NOT_NOW = "now", "with someone", "talk", "not now"

# What holds where a young person wished nothing about who may have their words.
_NOT_WISHED = "Ask me first, for everyone"


class SafetyAnswer(Row):
    """An answer to "Are you safe right now?" that somebody is told about. The others leave no trace."""

    __tablename__ = "safety_answer"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(EncryptedText)
    form_key: Mapped[UUID] = mapped_column(unique=True)
    sitting: Mapped[UUID] = mapped_column(index=True)

    @classmethod
    def say(cls, child_id: UUID, said: str, form_key: UUID, sitting: UUID) -> None:
        """Save it and tell whom it tells, in one commit; pressed twice, it is said once.

        Pressed after somebody has closed the alert, it is told again: nobody has heard that yet.
        """
        row_id = new_id()
        row = {
            "id": row_id, "created_at": current_hub().now(), "child_id": child_id, "form_key": form_key,
            "sitting": sitting, "said": crypto.seal(said, cls.__tablename__, "said", row_id, child_id),
        }  # fmt: skip
        statement = insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id)
        first = session.scalar(statement) is not None
        if not first:
            row_id = session.scalars(select(cls.id).where(cls.form_key == form_key)).one()
        raise_alert(child_id, TELLS[said], source_kind="safety", source_id=row_id, key=f"safety:{form_key}")
        if first:
            audit.record("safety.said", object_kind="safety", object_id=row_id, subject=child_id)

    @classmethod
    def last_of(cls, sitting: UUID) -> SafetyAnswer | None:
        """What was said last in this sitting, of what somebody is told about."""
        return session.scalar(
            select(cls).where(cls.sitting == sitting).order_by(cls.created_at.desc()).limit(1)
        )


class ReturnForm(Row):
    """The young person's form for one return, or for none, and what they said to "Is it OK to do this now?"."""

    __tablename__ = "return_form"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_task.id"), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    choice: Mapped[str] = mapped_column(String(20))
    chosen_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    @classmethod
    def choose(cls, submission: Submission, choice: str) -> None:
        """Note what was chosen now; the last choice stands."""
        task, now = waiting_for(submission.person_id), current_hub().now()
        row = {
            "id": new_id(), "created_at": now, "child_id": submission.person_id, "task_id": task and task.id,
            "submission_id": submission.id, "choice": choice, "chosen_at": now,
        }  # fmt: skip
        insert = insert_into(cls).values(row)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["submission_id"], set_={"choice": choice, "chosen_at": now}
            )
        )
        if choice in (NOW, WITH_SOMEONE):
            wishes.go_on(submission.person_id)
        if choice == NOT_NOW and task is not None:
            task.log(submission.person_id, OWN_PAGES, "not now")
        audit.record(
            "return.chosen",
            object_kind="submission", object_id=submission.id, subject=submission.person_id, choice=choice,
        )  # fmt: skip

    def mark_sent(self) -> None:
        """The form was sent; its return has a form now, which is not yet a conversation."""
        self.sent_at = current_hub().now()
        begun_for = session.get(InterviewTask, self.task_id) if self.task_id else None
        task = waiting_for(self.child_id) or begun_for
        if task is not None:
            self.task_id = task.id
            task.mark_form_received()


def exact_words(submission_id: UUID) -> list[tuple[str, str]]:
    """Each question in English with what was said to it: the ticks, and below them the own words as typed.

    A question that was skipped comes with an empty text. Nothing comes of a draft, unless whoever wrote it said
    that their worker may read it. The caller has looked whether the reader may see this at all.
    """
    submission = session.get(Submission, submission_id)
    if submission is None or (submission.state == DRAFT and not submission.may_read_draft):
        return []
    said = {name: for_a_worker(name, answer.given) for name, answer in submission.answers().items()}
    return [
        (question.words, _in_words(question, said.get(question.name, Given())))
        for question in submission.form.every
        # What hangs on another answer, or was only opened, stands there if something was said to it.
        if not said.get(question.name, Given()).empty or _is_always_asked(submission.form, question)
    ]


def _is_always_asked(form: Questionnaire, question: Question) -> bool:
    return question.name in form.names and not question.when


def _in_words(question: Question, given: Given) -> str:
    if given.empty and question.kind == SHARING:
        return _NOT_WISHED
    return as_said(question, given.choices, given.words)


def as_said(question: Question, choices: tuple[str, ...], words: str) -> str:
    """One answer as text, in English where it was ticked and as typed where it was written."""
    ticks = " · ".join(": ".join(question.tick_words(value)) for value in choices)
    return "\n".join(part for part in (ticks, words) if part)


def draft_reading(child_id: UUID) -> list[tuple[str, str]]:
    """What a young person has written and not sent, if they said that their worker may read it; else nothing."""
    drafts = session.scalars(
        select(Submission.id).where(
            Submission.person_id == child_id,
            Submission.state == DRAFT,
            Submission.may_read_draft.is_(True),
        )
    )
    return [pair for submission_id in drafts for pair in exact_words(submission_id)]
