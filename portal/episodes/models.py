"""The return interview that a return asks for, who takes it, and each attempt to offer it."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can, SignedIn
from portal.accounts.holders import worker_of
from portal.accounts.models import Allocation, allocate, may_reach
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.episodes.choosing import NotIndependent, is_independent
from portal.episodes.words import (
    AUTHORITY,
    CHILDS_CHOICE,
    DECLINED,
    EVERY_WAY,
    FORM_ONLY,
    HELD,
    HUBS_CHOICE,
    KNOWN_TO_THEM,
    KNOWS,
    MET,
    OFFERED,
    OPEN,
    OUTCOMES,
    PROPOSED,
    TOLD,
)

# Spelt out, no values: a partial index is only used where the question says the very same.
_LEFT = text("state IN ('proposed', 'open', 'offered', 'form only') AND said_no_at IS NULL")
_SHOWN = text("state IN ('proposed', 'open', 'offered', 'form only', 'declined')")
_SHOWN_BY = ("due_at", "id", "team", "state", "taker_id")
_LEFT_BY = ("due_at", "id", "team", "state", "asked_at", "asked_for_id", "taker_id")
_APART = text(
    "team = 'placing' AND state IN ('proposed', 'open', 'offered', 'form only', 'told') AND said_no_at IS NULL"
)


def _of_tasks(predicate: str) -> ColumnElement[bool]:
    columns = re.sub(r"\b(state|team|said_no_at)\b", r"interview_task.\1", predicate)
    return literal_column(f"({columns})")


class InterviewTask(Row):
    """One return interview to be offered; it may cover several returns, and is due by the first of them."""

    __tablename__ = "interview_task"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    taker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    team: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), index=True)
    form_at: Mapped[datetime | None]
    said_no_at: Mapped[
        datetime | None
    ]  # to a conversation, as things stand: a form may have come all the same
    told_authority_at: Mapped[datetime | None]
    interviewer: Mapped[str | None] = mapped_column(EncryptedText)
    chosen_by: Mapped[str | None] = mapped_column(String(20))  # whose choice the taker was
    of_their_care: Mapped[bool | None]  # the taker works for whom cares for them, and they prefer it so
    asked_at: Mapped[datetime | None]
    asked_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_words: Mapped[str | None] = mapped_column(
        EncryptedText
    )  # for whom the young person asked, as they said it
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # who recorded the conversation
    joined_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_task.id"))

    __table_args__ = (
        Index("ix_interview_task_state_due_at", "state", "due_at"),
        # With what pages sort out or count by, so that they look into no row for what they do not show.
        Index("ix_interview_task_left", *_LEFT_BY, sqlite_where=_LEFT, postgresql_where=_LEFT),
        Index("ix_interview_task_shown", *_SHOWN_BY, sqlite_where=_SHOWN, postgresql_where=_SHOWN),
        Index(
            "ix_interview_task_teams", "team", "due_at", "state", sqlite_where=_LEFT, postgresql_where=_LEFT
        ),
        Index("ix_interview_task_apart", "due_at", "id", sqlite_where=_APART, postgresql_where=_APART),
    )

    @staticmethod
    def left() -> ColumnElement[bool]:
        """Neither held nor declined: a conversation is still to be had, whether or not a form has come."""
        return _of_tasks(_LEFT.text)

    @staticmethod
    def shown_to_team() -> ColumnElement[bool]:
        """Not held, or declined: what a team sees of its own, whatever the young person did."""
        return _of_tasks(_SHOWN.text)

    @staticmethod
    def apart() -> ColumnElement[bool]:
        """Of another authority's young people: its authority is still to be told, or to tell us what came of it."""
        return _of_tasks(_APART.text)

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.SEE_RETURNS) -> Select[InterviewTask]:
        """The interviews that *who* may reach with the ability *can*."""
        return select(cls).where(may_reach(who, can, cls.child_id))

    def take(self, worker_id: UUID, *, childs_choice: bool = False) -> None:
        """Let a worker take this return: the task is theirs and open, and they hold the young person.

        Whoever the young person knows already goes on holding them too: taking one return takes nobody away.
        Raises `NotIndependent` for somebody of an organisation that cares for the young person, unless it is the
        young person's own choice; then that is on the record.
        """
        cares = not is_independent(worker_id, self.child_id, self.team)
        if cares and not childs_choice:
            raise NotIndependent
        self._given_to(worker_id, childs_choice=childs_choice, cares=cares)

    def _given_to(self, worker_id: UUID, *, childs_choice: bool, cares: bool) -> None:
        known_to_them = self.reason in (KNOWS, MET) and worker_id == self.taker_id
        self.chosen_by = CHILDS_CHOICE if childs_choice else KNOWN_TO_THEM if known_to_them else HUBS_CHOICE
        self.taker_id, self.of_their_care = worker_id, cares
        if self.state in (PROPOSED, TOLD):
            self.state = OPEN
        known = worker_of(self.child_id)
        if known is None:
            allocate(self.child_id, worker_id)
        elif known.id != worker_id:
            now = current_hub().now()
            session.add(Allocation(child_id=self.child_id, worker_id=worker_id, starts_at=now))
            audit.record("allocation.made", object_kind="person", object_id=worker_id, subject=self.child_id)
        audit.record(
            "task.taken", object_kind="return", object_id=self.id, subject=self.child_id, worker=worker_id,
            chosen_by=self.chosen_by, of_their_care=cares,
        )  # fmt: skip

    def give_as(self, other: InterviewTask) -> None:
        """Whoever took *other* has taken this one too, by the same choice: they were one conversation."""
        self.taker_id, self.chosen_by, self.of_their_care = (
            other.taker_id,
            other.chosen_by,
            other.of_their_care,
        )
        self.reason, self.state = other.reason, OPEN
        audit.record(
            "task.taken", object_kind="return", object_id=self.id, subject=self.child_id, worker=self.taker_id,
            chosen_by=self.chosen_by, of_their_care=self.of_their_care,
        )  # fmt: skip

    def take_over(self, other: InterviewTask) -> None:
        """What was done about *other*, whose returns are this one's now, was done about this one."""
        if self.state == PROPOSED and other.chosen_by:
            self.give_as(other)
        self.form_at = self.form_at or other.form_at
        if self.asked_at is None:
            self.asked_at, self.asked_for_id, self.asked_words = (
                other.asked_at, other.asked_for_id, other.asked_words,
            )  # fmt: skip
        session.flush()
        self._settle()

    def ask_for(self, worker_id: UUID | None, words: str, by: UUID) -> None:
        """Write down, in their words, for whom the young person asks; *worker_id* None: somebody not of the hub."""
        self.asked_at, self.asked_for_id, self.asked_words = current_hub().now(), worker_id, words
        audit.record(
            "task.asked_for",
            object_kind="return",
            object_id=self.id,
            subject=self.child_id,
            worker=worker_id,
            by=by,
        )

    @property
    def still_asked(self) -> bool:
        """Whether the young person asked for somebody who has not got it."""
        return self.asked_at is not None and (self.asked_for_id is None or self.asked_for_id != self.taker_id)

    def log(self, by: UUID, way: str, outcome: str, key: UUID | None = None) -> Attempt:
        """Log one attempt, in the words of `EVERY_WAY` and `OUTCOMES`; once for each *key* of a form.

        Of two that press at once the second finds the first's, if both locked the interview.
        """
        if way not in EVERY_WAY or outcome not in OUTCOMES:
            raise ValueError("no such way or outcome")
        # Whoever goes back to the form and says something else has not sent the same thing twice.
        key = key and uuid5(key, f"{self.id} {way} {outcome}")
        if key and (before := session.scalar(select(Attempt).where(Attempt.form_key == key))):
            return before
        if self.state == PROPOSED and way != AUTHORITY:
            self.take(by)
        attempt = Attempt(
            task_id=self.id, at=current_hub().now(), by_id=by, way=way, outcome=outcome, form_key=key
        )
        session.add(attempt)
        session.flush()
        self._settle()
        audit.record(
            "attempt.logged",
            object_kind="return",
            object_id=self.id,
            subject=self.child_id,
            way=way,
            outcome=outcome,
        )
        return attempt

    def conversation_held(self, at: datetime, by: UUID) -> None:
        """The conversation was held at an instant, and *by* recorded it; said again, the new time stands.

        What was held is recorded, whoever held it: whether they were independent stands beside it.
        """
        if self.state == PROPOSED:
            cares = not is_independent(by, self.child_id, self.team)
            self._given_to(by, childs_choice=False, cares=cares)
        self.held_at, self.held_by_id = at, by
        self._settle()
        audit.record(
            "task.conversation_held",
            object_kind="return",
            object_id=self.id,
            subject=self.child_id,
            held_at=at,
        )

    def take_back(self, attempt: Attempt) -> None:
        """Take back an attempt that was logged by mistake; it stays in the trail and counts no more."""
        attempt.taken_back_at = current_hub().now()
        session.flush()
        self._settle()
        audit.record("attempt.taken_back", object_kind="return", object_id=self.id, subject=self.child_id)

    def mark_form_received(self) -> None:
        """The young person sent their form. A form alone never counts as a completed interview."""
        if self.joined_to_id and (other := session.get(InterviewTask, self.joined_to_id)):
            other.mark_form_received()
            return
        self.form_at = self.form_at or current_hub().now()
        self._settle()
        audit.record("task.form_received", object_kind="return", object_id=self.id, subject=self.child_id)

    def tell_authority(self, interviewer: str) -> None:
        """The placing authority was told of the return; *interviewer* says who interviews, if it is known."""
        self.told_authority_at = self.told_authority_at or current_hub().now()
        self.interviewer = interviewer or self.interviewer
        self._settle()
        audit.record("task.authority_told", object_kind="return", object_id=self.id, subject=self.child_id)

    def attempts(self) -> list[Attempt]:
        """Every attempt that counts, the last first."""
        return list(
            session.scalars(
                select(Attempt)
                .where(Attempt.task_id == self.id, Attempt.taken_back_at.is_(None))
                .order_by(Attempt.at.desc())
            )
        )

    def _settle(self) -> None:
        """Offered, conversation held, form only, declined: apart, by what counts most of what happened."""
        attempts = self.attempts()
        last = next((attempt for attempt in attempts if attempt.outcome != "no answer"), None)
        decided = last.outcome if last else None
        self.said_no_at = last.at if last and decided == DECLINED else None
        if self.held_by_id is None:  # nobody wrote the conversation down: what is known is when it was logged
            self.held_at = next((attempt.at for attempt in attempts if attempt.outcome == HELD), None)
        if self.held_at is not None:
            self.state = HELD
        elif self.form_at is not None:
            self.state = FORM_ONLY
        elif decided == DECLINED:
            self.state = DECLINED
        elif decided is not None:
            self.state = OFFERED
        else:
            self.state = OPEN if self.taker_id else TOLD if self.told_authority_at else PROPOSED


class Attempt(Row):
    """One attempt to offer an interview: when, by whom, which way, and what came of it."""

    __tablename__ = "attempt"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("interview_task.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    form_key: Mapped[UUID | None] = mapped_column(unique=True, index=True)
    taken_back_at: Mapped[datetime | None]


def waiting_for(child_id: UUID) -> InterviewTask | None:
    """The interview that a young person may answer now: taken by somebody, and neither held nor declined."""
    return session.scalar(
        select(InterviewTask)
        .where(InterviewTask.child_id == child_id, InterviewTask.state.in_((OPEN, OFFERED)))
        .order_by(InterviewTask.due_at)
        .limit(1)
    )
