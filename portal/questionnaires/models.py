"""What somebody answers: a submission, draft until it is sent, and one row per question, in the exact words.

The answer to a question is the hottest write of the house, so it is one prebuilt statement. A row that is saved
again takes a new id: what is sealed is bound to the id, and only so is saving twice at once safe without looking first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, core, insert_into, new_id, session
from portal.questionnaires import bank
from portal.questionnaires.questions import Questionnaire

DRAFT, SENT = "draft", "sent"
_OWN_DRAFT = text("state = 'draft' AND about_id IS NULL")
_DRAFT_ABOUT = text("state = 'draft' AND about_id IS NOT NULL")
_DRAFT_OF_YOUR_SIDE = text("state = 'draft' AND questionnaire IN ('quick', 'again', 'whole')")


class Submission(Row):
    """One person's way through one questionnaire: at most one draft of it at a time, of each whom they speak about."""

    __tablename__ = "submission"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # The young person of whom a parent or carer speaks; None: themselves.
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    questionnaire: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    form_key: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[str] = mapped_column(String(60))  # the screen that comes next
    sitting: Mapped[UUID]  # the sign-in in which it was said that now is all right
    sitting_from: Mapped[str | None] = mapped_column(String(60))  # where that one began; None: from the first
    deal_version: Mapped[int | None] = mapped_column(Integer)
    deal_agreed_at: Mapped[datetime | None]
    may_read_draft: Mapped[bool | None] = mapped_column(Boolean)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_submission_person_id_state", "person_id", "state"),
        Index(
            "ux_submission_one_draft", "person_id", "questionnaire",
            unique=True, sqlite_where=_OWN_DRAFT, postgresql_where=_OWN_DRAFT,
        ),
        Index(
            "ux_submission_one_draft_about", "person_id", "about_id", "questionnaire",
            unique=True, sqlite_where=_DRAFT_ABOUT, postgresql_where=_DRAFT_ABOUT,
        ),
        # Whichever of them a young person chose: what they began is one.
        Index(
            "ux_submission_one_side", "person_id",
            unique=True, sqlite_where=_DRAFT_OF_YOUR_SIDE, postgresql_where=_DRAFT_OF_YOUR_SIDE,
        ),
    )  # fmt: skip

    @property
    def form(self) -> Questionnaire:
        """The questionnaire in the version that was begun."""
        return bank.get(self.questionnaire, self.version)

    @classmethod
    def draft_of(cls, person_id: UUID, *questionnaires: str, about: UUID | None = None) -> Submission | None:
        """What this person has begun of these and not sent (*about* somebody; None: themselves), or None."""
        return session.scalar(
            select(cls)
            .where(cls.person_id == person_id, cls.questionnaire.in_(questionnaires), cls.state == DRAFT)
            .where(cls.about_id == about)
            .with_for_update()  # of two that send at once, the second finds no draft
        )

    @classmethod
    def begin(
        cls, person_id: UUID, questionnaire: str, form_key: UUID, sitting: UUID, at: str,
        about: UUID | None = None,
    ) -> Submission:  # fmt: skip
        """The draft of this person, begun now unless there is one; pressing twice begins one.

        Of a young person's own forms there is one draft, whichever of them was chosen in it.
        """
        one_of = bank.YOUR_SIDE if questionnaire in bank.YOUR_SIDE else (questionnaire,)
        submission_id = new_id()
        row = {
            "id": submission_id, "created_at": current_hub().now(), "person_id": person_id,
            "questionnaire": questionnaire, "version": bank.get(questionnaire).version, "state": DRAFT,
            "form_key": form_key, "at": at, "sitting": sitting, "about_id": about,
        }  # fmt: skip
        made = insert_into(cls).values(row).on_conflict_do_nothing().returning(cls.id)
        if session.scalar(made) is not None:
            audit.record(
                "submission.begun", object_kind="submission", object_id=submission_id, subject=person_id
            )
        draft = cls.draft_of(person_id, *one_of, about=about)
        if draft is None:  # the same form had begun one that is sent by now
            draft = session.scalars(select(cls).where(cls.form_key == form_key)).one()
        return draft

    def agree(self, deal_version: int) -> None:
        """The person agrees to the deal in this version."""
        self.deal_version, self.deal_agreed_at = deal_version, current_hub().now()
        self._record("submission.deal_agreed", version=deal_version)

    def take_form(self, questionnaire: str) -> bool:
        """Go on with another of the young person's forms; not where an answer is kept that it does not ask for."""
        form = bank.get(questionnaire)
        if not all(question in form.by_name for question in self.answers()):
            return False
        self.questionnaire, self.version = form.name, form.version
        self._record("submission.form_chosen", form=bank.label(form) or form.name)
        return True

    def let_read_draft(self, may: bool) -> None:
        """Say whether the worker may read what is here before it is sent."""
        self.may_read_draft = may
        self._record("submission.draft_reading", may=may)

    def send(self) -> None:
        """Send it: from now on it is no draft, and nothing in it changes."""
        self.state, self.sent_at = SENT, current_hub().now()
        self._record("submission.sent")

    def answers(self) -> dict[str, Answer]:
        """Every answer so far, by question."""
        found = session.scalars(select(Answer).where(Answer.submission_id == self.id))
        return {answer.question: answer for answer in found}

    def _record(self, act: str, **detail: Any) -> None:
        audit.record(act, object_kind="submission", object_id=self.id, subject=self.person_id, **detail)


class Answer(Row):
    """The answer to one question: what was ticked and what was written, sealed for whoever said it."""

    __tablename__ = "answer"
    __subject__ = "person_id"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    question: Mapped[str] = mapped_column(String(40))
    choices: Mapped[str] = mapped_column(EncryptedText)  # JSON list of values
    words: Mapped[str] = mapped_column(EncryptedText)
    skipped: Mapped[bool] = mapped_column(Boolean)
    sitting: Mapped[UUID]  # the sign-in in which it was said; only there it is shown again
    saved_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("submission_id", "question"),)

    @property
    def given(self) -> Given:
        """What was said."""
        return Given(tuple(json.loads(self.choices)), self.words)


@dataclass(frozen=True)
class Given:
    """What somebody said to one question: the values ticked, and their own words."""

    choices: tuple[str, ...] = ()
    words: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was ticked and nothing written: the question was skipped."""
        return not self.choices and not self.words


# Tables, not classes, and the connection, not the session: on the hottest pages that is most of their time.
_SUBMISSION, _ANSWER = cast("Table", Submission.__table__), cast("Table", Answer.__table__)


def _save_statement(insert: sqlite.Insert, *, over_earlier: bool) -> sqlite.Insert:
    new = insert.excluded
    taken = ("id", "created_at", "choices", "words", "skipped", "sitting", "saved_at")
    # What an earlier sitting said is not on the screen, so passing the question by must not wipe it out.
    here = _ANSWER.c.sitting == new.sitting
    return insert.on_conflict_do_update(
        index_elements=["submission_id", "question"],
        set_={name: new[name] for name in taken},
        where=or_(new.skipped.is_(False), here) if over_earlier else here,
    )


_SAVE = {
    (dialect, over): _save_statement(insert(_ANSWER), over_earlier=over)  # type: ignore[arg-type]
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    for over in (True, False)
}


def save_answer(
    submission_id: UUID,
    person_id: UUID,
    question: str,
    given: Given,
    sitting: UUID,
    *,
    over_earlier: bool = True,
) -> None:
    """Save what was said to one question, over what was said to it before in this sitting.

    With *over_earlier* also over what an earlier sitting said: only where this one was asked the question anew.
    """
    row_id, now = new_id(), current_hub().now()
    choices = json.dumps(given.choices)
    values = {
        "id": row_id, "created_at": now, "submission_id": submission_id, "person_id": person_id,
        "question": question, "skipped": given.empty, "sitting": sitting, "saved_at": now,
        "choices": crypto.seal(choices, "answer", "choices", row_id, person_id),
        "words": crypto.seal(given.words, "answer", "words", row_id, person_id),
    }  # fmt: skip
    connection = core()
    connection.execute(_SAVE[connection.dialect.name, over_earlier], values)
    audit.record(
        "answer.saved",
        object_kind="submission", object_id=submission_id, subject=person_id, question=question,
    )  # fmt: skip


_ADVANCE = (
    update(_SUBMISSION)
    .where(
        _SUBMISSION.c.person_id == bindparam("whose"),
        _SUBMISSION.c.questionnaire == bindparam("name"),
        _SUBMISSION.c.version == bindparam("in_version"),
        _SUBMISSION.c.sitting == bindparam("here"),
        _SUBMISSION.c.state == DRAFT,
        _SUBMISSION.c.deal_version.is_not(None),
        _SUBMISSION.c.may_read_draft.is_not(None),
    )
    .values(at=bindparam("to"))
    .returning(_SUBMISSION.c.id, _SUBMISSION.c.sitting_from)
)


class Moved(NamedTuple):
    """The draft that moved on, and where its present sitting began (None: from the first)."""

    submission_id: UUID
    sitting_from: str | None


def advance(person_id: UUID, form: Questionnaire, sitting: UUID, to: str) -> Moved | None:
    """Move on to the screen *to* in this person's draft of *form*.

    None if there is no such draft, if it was not opened in this sitting, or if the deal is not agreed yet:
    then no answer to a question is taken.
    """
    place = {"whose": person_id, "name": form.name, "in_version": form.version, "here": sitting, "to": to}
    row = core().execute(_ADVANCE, place).first()
    return Moved(*row) if row else None


_STAY = update(_SUBMISSION).where(_SUBMISSION.c.id == bindparam("which")).values(at=bindparam("to"))


def stay(submission_id: UUID, at: str) -> None:
    """Put the draft back to the screen *at*: what came was of no question that its sitting asks."""
    core().execute(_STAY, {"which": submission_id, "to": at})
