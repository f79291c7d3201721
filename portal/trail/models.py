"""A voice, its steps, the notes beside it and the replies to it.

Exact words lie where they were said (a return's form, say) and are never written over: staff write beside.
Nothing closes before it has reached whoever spoke, or somebody has put down why no answer is safe; the
database holds to that too.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import FAMILY, STAFF, Can, SignedIn
from portal.accounts.holders import held_then
from portal.accounts.models import may_reach
from portal.accounts.no_contact import ordered
from portal.accounts.pauses import was_paused
from portal.accounts.reminders import tell_of_new
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.trail.beside import VoiceNote, VoiceReply, VoiceStep, steps_of
from portal.trail.in_person import names_police
from portal.trail.promise import promise

# What became of a voice. "answered" waits at the young person's door; "closed" has an end that holds.
WAITING, READ, ANSWERED, CLOSED = "waiting", "read", "answered", "closed"
# The way of a reply.
HERE, IN_PERSON, NOT_SAFE = "here", "in person", "no safe answer"

# What kind of a voice it is: which room has its words. The last two are said to a manager, not to the worker.
RETURN, ASK, ASK_MANAGER, ABOUT_STAFF = "return", "ask", "ask manager", "about staff"
TO_MANAGER = (ASK_MANAGER, ABOUT_STAFF)
TEXT_MESSAGE = "text message"  # an answer to a number that we text from


class Unanswered(Exception):
    """Something was about to be closed that has reached nobody, without a reason why no answer is safe."""


class StillOnItsWay(Exception):
    """An answer is at the young person's door already and has not been opened."""


class InPersonOnly(Exception):
    """Something was about to be put on a phone of which nothing may ever show there."""


def _themselves(context: Any) -> UUID:
    whose: UUID = context.get_current_parameters()["person_id"]
    return whose


class Voice(Row):
    """Something a young person, a parent or a carer said, by when it is read, and whether an answer reached them."""

    __tablename__ = "voice"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    # The young person whom it is about: themselves, or of whom a parent or carer speaks.
    about_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True, default=_themselves)
    kind: Mapped[str] = mapped_column(String(20))  # which room said it
    source_id: Mapped[UUID]  # the words, in that room
    said_at: Mapped[datetime]
    promised_by: Mapped[datetime]
    tell_how: Mapped[str] = mapped_column(EncryptedText)  # how they wish to be told, as they chose it
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    read_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    not_safe_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    on_record_on: Mapped[date | None]  # from this day the clock for removal here runs
    in_person_only: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # no phone hints at it
    language: Mapped[str | None] = mapped_column(String(20))  # of its words, where it is not English
    translated_at: Mapped[datetime | None]  # since when all of it can be read in English

    __table_args__ = (
        UniqueConstraint("kind", "source_id"),
        CheckConstraint(
            "closed_at IS NULL OR reached_at IS NOT NULL OR not_safe_at IS NOT NULL",
            name="answered_if_closed",
        ),
        Index(
            "ix_voice_open",
            "promised_by",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    @classmethod
    def say(
        cls, person_id: UUID, kind: str, source_id: UUID, *, tell_how: str, language: str | None = None,
        in_person_only: bool = False, about: UUID | None = None,
    ) -> Voice:  # fmt: skip
        """Somebody has spoken: their words are in *source_id*, and a person promises to read them.

        *language* is the one they wrote in, if it is not English: it is put into English first. *in_person_only*
        where the words name the police: until a worker says otherwise, no phone hints at it. *about* is the young
        person of whom a parent or carer speaks; None: they speak of themselves.
        """
        hub = current_hub()
        voice = cls(
            person_id=person_id,
            about_id=about or person_id,
            kind=kind,
            source_id=source_id,
            said_at=hub.now(),
            promised_by=promise(hub.now(), hub.file),
            tell_how=tell_how,
            state=WAITING,
            language=language,
            in_person_only=in_person_only,
        )
        session.add(voice)
        session.flush()
        voice._step("said", person_id)
        return voice

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.READ_VOICE) -> Select[Voice]:
        """The voices that *who* may reach with the ability *can* today; what was said to a manager, managers alone.

        Staff reach what is said about whom they hold. At a family's door it is only their own: what a parent says
        about a young person that young person never learns of here, nor a parent what they say.
        """
        found = select(cls).where(may_reach(who, can, cls.about_id if who.door == STAFF else cls.person_id))
        if who.door == FAMILY:
            found = found.where(~ordered(cls.person_id, cls.about_id))
        if not who.can(Can.READ_TO_MANAGER):
            return found.where(cls.kind.not_in(TO_MANAGER))
        # What may be about themselves they never read, also once they may read the young person's things again.
        found = found.where((cls.kind != ABOUT_STAFF) | ~was_paused(who.id, cls.person_id, cls.said_at))
        # Nor who wants somebody else, when it was they who held the young person.
        return found.where((cls.kind != ASK_MANAGER) | ~held_then(who.id, cls.person_id, cls.said_at))

    def opened_as(self, act: str = "voice.opened_by_staff") -> str:
        """What the trail calls it when somebody of the staff opens this, or does *act* with it.

        What was said to a manager alone has names of its own: they still tell it apart when the voice has gone.
        """
        return f"{act}_apart" if self.kind in TO_MANAGER else act

    @property
    def waits_for_translation(self) -> bool:
        """Whether it was said in another language and cannot be read in English yet."""
        return self.language is not None and self.translated_at is None

    def mark_read(self, by: UUID) -> None:
        """*by* says that they have read it; the first time counts."""
        if self.read_at is None:
            self.read_at = current_hub().now()
            self.state = READ if self.state == WAITING else self.state
            self._step("read", by)

    def note(self, words: str, by: UUID, key: UUID | None = None) -> VoiceNote:
        """Write something beside the exact words, never over them; once for each *key* of a form."""
        key = self._once(key, words)
        if (before := self._sent_before(VoiceNote, key)) is not None:
            return before
        note = VoiceNote(voice_id=self.id, person_id=self.person_id, words=words, by_id=by, form_key=key)
        session.add(note)
        self._step("noted", by)
        return note

    def answer(
        self, words: str, by: UUID, key: UUID | None = None, waits_for: str | None = None
    ) -> VoiceReply:
        """Put an answer at the young person's door; it has reached them when they open it.

        With *waits_for*, a language, it goes there when it has been put into that. Raises `StillOnItsWay` while an
        earlier one waits there unopened, `InPersonOnly` where none may wait there.
        """
        key = self._once(key, words)
        if (before := self._sent_before(VoiceReply, key)) is not None:
            return before
        if self.in_person_only:
            raise InPersonOnly
        if self.waiting_reply() is not None:
            raise StillOnItsWay
        self.mark_read(by)
        reply = self._reply(HERE, by, key, words=words, waits_for=waits_for)
        if waits_for is not None:
            self._step("written", by)
            return reply
        if self.state != CLOSED:
            self.state = ANSWERED
        self._step("answered", by)
        tell_of_new(self.person_id, reply.id, self.about_id)
        return reply

    def opens(self, reply: VoiceReply) -> None:
        """Whoever spoke opens a reply for the first time: it has reached them."""
        if reply.opened_at is None:
            reply.opened_at = current_hub().now()
            outbox.withdraw(reply.id)  # a text that something waits would come too late
            self._reached("opened", self.person_id)

    def tell_in_person(
        self, on: date, told_by: str, words: str, by: UUID, key: UUID | None = None
    ) -> VoiceReply:
        """Put down that *told_by* told them *words* on the day *on*: it has reached them, and it is closed."""
        key = self._once(key, words)
        if (before := self._sent_before(VoiceReply, key)) is not None:
            return before
        self.mark_read(by)
        self._take_back_waiting(by)
        reply = self._reply(
            IN_PERSON, by, key, words=words, told_on=on, told_by=told_by, in_person_only=names_police(words)
        )
        self._reached("told in person", by)
        return reply

    def no_answer(self, reason: str, by: UUID, key: UUID | None = None) -> VoiceReply:
        """Put down why no answer is safe; only with that may something be closed that has reached nobody."""
        key = self._once(key, reason)
        if (before := self._sent_before(VoiceReply, key)) is not None:
            return before
        self.mark_read(by)
        self._take_back_waiting(by)
        reply = self._reply(NOT_SAFE, by, key, reason=reason)
        self.not_safe_at = self.not_safe_at or current_hub().now()
        self._step("no safe answer", by)
        self.close(by)
        return reply

    def keep_in_person(self, by: UUID) -> None:
        """From now on no phone shows any of it, or hints at it; what waits there unopened is taken back."""
        if not self.in_person_only:
            if self.waiting_reply() is not None:
                self._take_back_waiting(by)
                self.state = CLOSED if self.closed_at else READ
            self.in_person_only = True
            self._step("in person only", by)

    def allow_on_phone(self, by: UUID) -> None:
        """*by* says that it is safe on a phone after all."""
        if self.in_person_only:
            self.in_person_only = False
            self._step("on a phone again", by)

    def close(self, by: UUID) -> None:
        """Close it; raises `Unanswered` unless an answer reached them or a reason says why none is safe."""
        if self.reached_at is None and self.not_safe_at is None:
            raise Unanswered("It has reached nobody, and no reason says why no answer is safe.")
        if self.closed_at is None:
            self.closed_at, self.state = current_hub().now(), CLOSED
            self._step("closed", by)

    def put_on_record(self, on: date, by: UUID) -> None:
        """Say that it went into the case record on the day *on*; the clock for removal here starts with it."""
        self.on_record_on = on
        self._step("on record", by, on=on.isoformat())

    def replies(self) -> list[VoiceReply]:
        """Every reply, the oldest first."""
        found = select(VoiceReply).where(VoiceReply.voice_id == self.id)
        return list(session.scalars(found.order_by(VoiceReply.created_at, VoiceReply.id)))

    def waiting_reply(self) -> VoiceReply | None:
        """The answer that is at the young person's door and not yet opened, or None."""
        return session.scalar(
            select(VoiceReply).where(
                VoiceReply.voice_id == self.id,
                VoiceReply.way == HERE,
                VoiceReply.opened_at.is_(None),
                VoiceReply.taken_back_at.is_(None),
            )
        )

    def notes(self) -> list[VoiceNote]:
        """What staff wrote beside it, the oldest first."""
        found = select(VoiceNote).where(VoiceNote.voice_id == self.id)
        return list(session.scalars(found.order_by(VoiceNote.created_at, VoiceNote.id)))

    def _once(self, key: UUID | None, words: str) -> UUID | None:
        """One form with the same words is sent once; a page that a browser kept may send other words after them.

        It is this voice's: what was sent to one keeps nothing from another.
        """
        return key and uuid5(key, f"{self.id} {words}")

    def _sent_before(self, table: type[Written], key: UUID | None) -> Written | None:
        """What the same words of the same form made the first time."""
        if key is None:
            return None
        return session.scalar(select(table).where(table.form_key == key, table.voice_id == self.id))

    def steps(self) -> list[VoiceStep]:
        """Its way so far, the first step first; those of one act in the order in which they follow."""
        return steps_of([self.id])

    def _reply(self, way: str, by: UUID, key: UUID | None, **said: object) -> VoiceReply:
        reply = VoiceReply(
            voice_id=self.id, person_id=self.person_id, way=way, by_id=by, form_key=key, **said
        )
        session.add(reply)
        return reply

    def _take_back_waiting(self, by: UUID) -> None:
        """What is now told otherwise, or is not safe, must not wait on a phone."""
        if (waiting := self.waiting_reply()) is not None:
            waiting.taken_back_at = current_hub().now()
            outbox.withdraw(waiting.id)
            self._step("taken back", by)

    def _reached(self, step: str, by: UUID) -> None:
        self.reached_at = self.reached_at or current_hub().now()
        self._step(step, by)
        self.close(by)

    def _step(self, kind: str, by: UUID, **detail: object) -> None:
        session.add(
            VoiceStep(voice_id=self.id, person_id=self.person_id, at=current_hub().now(), kind=kind, by_id=by)
        )
        act = f"voice.{kind.replace(' ', '_')}"
        audit.record(act, object_kind="voice", object_id=self.id, subject=self.person_id, **detail)


Written = TypeVar("Written", VoiceNote, VoiceReply)
