"""The write-up of a conversation, in versions, and what the young person says of it: "Is this what you meant?".

A version is never written over, and neither is what they said of one: both stay, beside each other. On a phone it is
shown as what is new today, and then no more; what names the police is heard in person by default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import readers_of
from portal.accounts.models import may_reach
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.returns.conversation import KIND as CONVERSATION
from portal.returns.conversation import Conversation
from portal.trail.in_person import names_police
from portal.trail.models import Voice
from portal.trail.new_today import new_today
from portal.trail.translations import spoken

KIND = "correction"  # of the voice that a correction on a phone is

AGREES, ADDS, CORRECTS = "agrees", "adds", "corrects"
# What they say of it, as staff's pages say it.
SAID = {
    AGREES: "Yes, that is what they meant",
    ADDS: "They add something",
    CORRECTS: "Something is not right",
}
ON_PHONE = "on their phone"
# How they came to hear it with a worker.
WAYS = {
    "read aloud": "I read it aloud to them",
    "together": "We read it together",
    "on paper": "They read it on paper",
}


class WriteUp(Row):
    """What was said in a conversation as the worker wrote it down, in one version."""

    __tablename__ = "write_up"
    __subject__ = "child_id"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    parts: Mapped[str] = mapped_column(EncryptedText)  # JSON: part of the record → words
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)
    sent_at: Mapped[datetime | None]  # put on the young person's phone
    opened_at: Mapped[datetime | None]
    said_at: Mapped[datetime | None]  # when they said there whether it is what they meant
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    @classmethod
    def write(
        cls, conversation: Conversation, words: Mapping[str, str], by: UUID, key: UUID | None = None
    ) -> WriteUp:
        """Write the next version; the same words again are none. One that waits on the phone is taken back."""
        last, parts = last_version(conversation.id), json.dumps(dict(words), sort_keys=True)
        if last is not None and last.parts == parts:
            return last
        # A page that a browser kept may say again what stood before the last: that is a version, not a second press.
        key = key and uuid5(key, f"{conversation.id} {parts} {last and last.id}")
        if last is not None:
            last.take_back(by)
        version = cls(conversation_id=conversation.id, child_id=conversation.child_id, parts=parts, by_id=by,
                      number=last.number + 1 if last else 1, form_key=key)  # fmt: skip
        session.add(version)
        session.flush()
        version._note("write_up.written", number=version.number)
        return version

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.WRITE_UP) -> Select[WriteUp]:
        """The versions that *who* may reach with the ability *can* today."""
        return select(cls).where(may_reach(who, can, cls.child_id))

    @classmethod
    def new_for(cls, who: SignedIn) -> Select[WriteUp]:
        """What a phone may show *who* by itself: what is not opened yet, or was first opened today.

        A PIN can be forced. After the day (Europe/London) on which it was opened it is read with the worker; one of
        a conversation that is in person only is never shown at all.
        """
        in_person = select(Voice.source_id).where(
            Voice.kind == CONVERSATION, Voice.person_id == who.id, Voice.in_person_only
        )
        return (
            cls.visible_to(who, Can.READ_ANSWERS_TO_ME)
            .where(
                cls.conversation_id.not_in(in_person),
                cls.sent_at.is_not(None), cls.taken_back_at.is_(None),
                new_today(cls.opened_at),
            )
            .order_by(cls.sent_at, cls.id)
        )  # fmt: skip

    @property
    def words(self) -> dict[str, str]:
        """What stands in it, by part of the record."""
        found: dict[str, str] = json.loads(self.parts)
        return found

    @property
    def waits(self) -> bool:
        """Whether it is on the young person's phone and they have said nothing of it yet."""
        return self.sent_at is not None and self.taken_back_at is None and self.said_at is None

    def send(self, by: UUID) -> None:
        """Put it on the young person's phone, to be opened there."""
        if not self.waits:
            self.sent_at, self.taken_back_at, self.opened_at = current_hub().now(), None, None
            self._note("write_up.sent")

    def take_back(self, by: UUID) -> None:
        """What is written anew, or was heard in person, must not wait on a phone."""
        if self.waits:
            self.taken_back_at = current_hub().now()
            self._note("write_up.taken_back")

    def open(self) -> None:
        """The young person opens it for the first time."""
        if self.opened_at is None:
            self.opened_at = current_hub().now()
            self._note("write_up.opened")

    def say_meant(self, said: str, words: str, way: str, by: UUID, key: UUID | None = None) -> Meant:
        """Keep what the young person says of it, in their exact words, once for each *key* of a form.

        Words said on the phone are a voice: a person reads them and they get an answer.
        """
        if said not in SAID:
            raise ValueError(f"Nobody says {said!r} of a write-up.")
        key = key and uuid5(key, f"{self.id} {said} {words}")
        if key and (before := session.scalar(select(Meant).where(Meant.form_key == key))):
            return before
        meant = Meant(write_up_id=self.id, child_id=self.child_id, said=said, words=words, way=way, by_id=by,
                      form_key=key)  # fmt: skip
        session.add(meant)
        session.flush()
        if way == ON_PHONE:
            self.said_at = current_hub().now()
        else:
            self.take_back(by)
        self._note("write_up.said_of", said=said)
        if way == ON_PHONE and words:
            self._speak(meant)
        return meant

    def _speak(self, meant: Meant) -> None:
        voice = Voice.say(
            self.child_id, KIND, meant.id, tell_how=_told_last(self.child_id),
            language=spoken(), in_person_only=names_police(meant.words),
        )  # fmt: skip
        for reader in readers_of(self.child_id):
            outbox.put("voice.new", object_id=voice.id, recipient=reader, key=f"voice:{voice.id}:{reader}")

    def meant(self) -> list[Meant]:
        """What was said of it, the first first."""
        found = select(Meant).where(Meant.write_up_id == self.id)
        return list(session.scalars(found.order_by(Meant.created_at, Meant.id)))

    def _note(self, act: str, **detail: object) -> None:
        audit.record(act, object_kind="write-up", object_id=self.id, subject=self.child_id, **detail)


class Meant(Row):
    """What a young person said to "Is this what you meant?", in their exact words, beside the version it is about."""

    __tablename__ = "meant"
    __subject__ = "child_id"

    write_up_id: Mapped[UUID] = mapped_column(ForeignKey("write_up.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(EncryptedText)
    words: Mapped[str] = mapped_column(EncryptedText)
    way: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # who put it in: themselves, or who heard it
    form_key: Mapped[UUID | None] = mapped_column(unique=True)


def versions(conversation_id: UUID) -> list[WriteUp]:
    """Every version of the write-up of a conversation, the last first."""
    found = select(WriteUp).where(WriteUp.conversation_id == conversation_id)
    return list(session.scalars(found.order_by(WriteUp.number.desc())))


def last_version(conversation_id: UUID) -> WriteUp | None:
    """The version that stands, or None where nothing is written yet."""
    found = select(WriteUp).where(WriteUp.conversation_id == conversation_id)
    return session.scalar(found.order_by(WriteUp.number.desc()).limit(1))


def _told_last(child_id: UUID) -> str:
    """How they last asked to be told of something they had sent."""
    last = session.scalar(
        select(Voice)
        .where(Voice.person_id == child_id, Voice.kind == "return")
        .order_by(Voice.said_at.desc())
        .limit(1)
    )
    return last.tell_how if last else ""
