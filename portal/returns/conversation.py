"""The return conversation as it was held: when, where, who was there, what was covered; what is done, by whom, by when.

Recording it is what makes a return interview held. What was said in it is a voice like any other, with its own
trail: it stays open until an answer has reached the young person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can, SignedIn
from portal.accounts.models import may_reach
from portal.config import LONDON, current_hub
from portal.crypto import EncryptedText
from portal.db import Row, after, session
from portal.episodes.models import InterviewTask
from portal.trail import shares
from portal.trail.models import Voice

KIND = "conversation"  # of its voice

# Whose choice a person or a place was, and whether somebody interpreted; as staff's pages say them.
CHOSE = {"theirs": "The young person's", "ours": "Ours", "nobody asked": "Nobody asked them"}
INTERPRETER = {
    "none": "No, we had a language in common",
    "booked": "Yes, a booked interpreter",
    "missing": "No, though one was needed",
}


@dataclass(frozen=True)
class Facts:
    """What staff put down about a conversation, all at once."""

    held_at: datetime
    place: str
    present: str
    chose_person: str
    chose_place: str
    interpreter: str
    interpreter_name: str
    covered: tuple[str, ...]  # the parts of `copy_order`
    told: str  # what the young person was told in it


class Conversation(Row):
    """A return conversation, over every return that its interview covers."""

    __tablename__ = "conversation"
    __subject__ = "child_id"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("interview_task.id"), unique=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    held_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(EncryptedText)
    present: Mapped[str] = mapped_column(EncryptedText)
    chose_person: Mapped[str] = mapped_column(EncryptedText)
    chose_place: Mapped[str] = mapped_column(EncryptedText)
    interpreter: Mapped[str] = mapped_column(EncryptedText)
    interpreter_name: Mapped[str] = mapped_column(EncryptedText)
    covered: Mapped[str] = mapped_column(EncryptedText)  # JSON list of parts
    told: Mapped[str] = mapped_column(EncryptedText)

    @classmethod
    def of(cls, task_id: UUID) -> Conversation | None:
        """The conversation that was recorded of an interview, or None."""
        return session.scalar(select(cls).where(cls.task_id == task_id))

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.WRITE_UP) -> Select[Conversation]:
        """The conversations that *who* may reach with the ability *can* today."""
        return select(cls).where(may_reach(who, can, cls.child_id))

    @classmethod
    def record(cls, task: InterviewTask, facts: Facts, by: UUID, teller: str) -> Conversation:
        """Put down how it was, or put it right: the return is held from now on. *teller* is the name of *by*."""
        found, values = cls.of(task.id), _values(facts)
        told_before = found.told if found else ""
        if found is None:
            found = cls(task_id=task.id, child_id=task.child_id, by_id=by, **values)
            session.add(found)
            session.flush()
            voice = Voice.say(task.child_id, KIND, found.id, tell_how="")
            voice.said_at = facts.held_at
            voice.mark_read(by)
        else:
            for name, value in values.items():
                setattr(found, name, value)
        task.conversation_held(facts.held_at, by)
        if facts.told and facts.told != told_before:
            on = facts.held_at.astimezone(LONDON).date()
            found.voice().tell_in_person(on, teller, facts.told, by)
        found._note("conversation.recorded")
        return found

    def voice(self) -> Voice:
        """What was said in it, with its way."""
        return session.scalars(select(Voice).where(Voice.kind == KIND, Voice.source_id == self.id)).one()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the record that were covered."""
        return tuple(json.loads(self.covered))

    def agree(self, words: str, owner: str, by_on: date, by: UUID, key: UUID | None = None) -> AgreedAction:
        """Agree that *owner* does something by a day; once for each *key* of a form."""
        key = key and uuid5(key, f"{self.id} {words} {owner} {by_on}")
        if key and (before := session.scalar(select(AgreedAction).where(AgreedAction.form_key == key))):
            return before
        action = AgreedAction(conversation_id=self.id, child_id=self.child_id, words=words, owner=owner,
                              by_on=by_on, by_id=by, form_key=key)  # fmt: skip
        session.add(action)
        self._note("action.agreed")
        return action

    def actions(self) -> list[AgreedAction]:
        """What was agreed, by the day by which it is done."""
        found = select(AgreedAction).where(AgreedAction.conversation_id == self.id)
        return list(session.scalars(found.order_by(AgreedAction.by_on, AgreedAction.id)))

    def decide_police(self, decision: Police, by: UUID, key: UUID | None = None) -> PoliceStep:
        """Say whether any of it needs to go to the police; said otherwise later, the last one stands and all stay.

        What goes there is shared, whatever was wished: the trail of what was said has it, with its reason.
        """
        last = next(iter(self.police_steps()), None)
        if last is not None and last.decision == decision:
            return last
        key = key and uuid5(key, f"{self.id} {decision} {last and last.id}")
        step = PoliceStep(conversation_id=self.id, child_id=self.child_id, by_id=by, form_key=key,
                          needs="yes" if decision.needs else "no", what=decision.what, why=decision.why,
                          must=decision.must, told="yes" if decision.told else "no", told_words=decision.told_words,
                          created_at=after(last))  # fmt: skip
        session.add(step)
        if decision.needs:
            shares.must_share(
                self.voice(), shares.POLICE, by, decision.must, decision.told,
                words=f"{decision.what}\n{decision.why}", not_told_because=decision.told_words, key=key,
            )  # fmt: skip
        self._note("police.decided")
        return step

    def police_steps(self) -> list[PoliceStep]:
        """What was decided about the police, the last first."""
        found = select(PoliceStep).where(PoliceStep.conversation_id == self.id)
        return list(session.scalars(found.order_by(PoliceStep.created_at.desc(), PoliceStep.id)))

    def _note(self, act: str, **detail: object) -> None:
        audit.record(act, object_kind="return", object_id=self.task_id, subject=self.child_id, **detail)


def _values(facts: Facts) -> dict[str, Any]:
    values = {one.name: getattr(facts, one.name) for one in fields(facts)}
    return values | {"covered": json.dumps(facts.covered)}


class AgreedAction(Row):
    """Something that was agreed in a conversation: what, who does it, by which day, and since when it is done."""

    __tablename__ = "agreed_action"
    __subject__ = "child_id"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    owner: Mapped[str] = mapped_column(EncryptedText)
    by_on: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_on: Mapped[date | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    __table_args__ = (
        Index(
            "ix_agreed_action_open",
            "by_on",
            "id",
            sqlite_where=text("done_on IS NULL"),
            postgresql_where=text("done_on IS NULL"),
        ),
    )

    def done(self, by: UUID) -> None:
        """It is done today, says *by*; the first time counts."""
        if self.done_on is None:
            self.done_on, self.done_by_id = current_hub().today(), by
            audit.record("action.done", object_kind="agreed action", object_id=self.id, subject=self.child_id)


@dataclass(frozen=True)
class Police:
    """What is decided about the police: whether, what and why; whether the young person was told, and what."""

    needs: bool
    what: str = ""
    why: str = ""
    must: str = ""  # one of the three things of `shares.MUST`
    told: bool = False
    told_words: str = ""  # what they were told; or why they were not


class PoliceStep(Row):
    """The answer to "does any of this need to go to the police?". Only added to."""

    __tablename__ = "police_step"
    __subject__ = "child_id"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    needs: Mapped[str] = mapped_column(EncryptedText)  # "yes", "no"
    what: Mapped[str] = mapped_column(EncryptedText)
    why: Mapped[str] = mapped_column(EncryptedText)
    must: Mapped[str] = mapped_column(EncryptedText)
    told: Mapped[str] = mapped_column(EncryptedText)  # "yes", "no"
    told_words: Mapped[str] = mapped_column(EncryptedText)
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @property
    def decision(self) -> Police:
        """What was decided by it."""
        return Police(needs=self.needs == "yes", what=self.what, why=self.why, must=self.must,
                      told=self.told == "yes", told_words=self.told_words)  # fmt: skip
