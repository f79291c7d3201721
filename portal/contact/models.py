"""An ask: something that a young person asked for, and by which day somebody answers.

An ask is a voice: it is read, answered at the young person's door, told in person, or closed with a reason why no
answer is safe, as everything else that somebody says (`trail`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.accounts.holders import holders_of, ids_with, readers_of
from portal.accounts.pauses import paused_about
from portal.alerts.flags import TELL_A_PERSON
from portal.alerts.models import raise_alert
from portal.config import current_hub
from portal.contact.words import DIFFERENT_WORKER, Thing, answer_by
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.trail.in_person import names_police
from portal.trail.models import ASK, ASK_MANAGER, Voice

LONGEST = 5_000  # characters that may stand beside what was asked for


class Ask(Row):
    """One thing that was asked for, in the young person's words, with the day by which it is answered."""

    __tablename__ = "ask"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(EncryptedText)  # the chip, in English
    words: Mapped[str] = mapped_column(EncryptedText)  # beside it, as typed
    answer_by: Mapped[datetime]
    sitting: Mapped[UUID] = mapped_column(index=True)
    form_key: Mapped[UUID] = mapped_column(unique=True)

    __table_args__ = (Index("ix_ask_answer_by", "answer_by", "id"),)

    @classmethod
    def ask(
        cls, person_id: UUID, thing: Thing, words: str, *, tell_how: str, form_key: UUID, sitting: UUID
    ) -> Ask:
        """Ask for one thing; the same form sent twice asks once."""
        key = uuid5(form_key, thing.value)
        if (before := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return before
        hub = current_hub()
        ask = cls(
            person_id=person_id, what=thing.words, words=words, sitting=sitting, form_key=key,
            answer_by=answer_by(hub.now(), hub.file, soon=thing.soon),
        )  # fmt: skip
        session.add(ask)
        session.flush()
        to_manager = thing.value == DIFFERENT_WORKER
        voice = Voice.say(
            person_id, ASK_MANAGER if to_manager else ASK, ask.id, tell_how=tell_how,
            in_person_only=names_police(words),
        )  # fmt: skip
        voice.promised_by = ask.answer_by
        audit.record("ask.made", object_kind="ask", object_id=ask.id, subject=person_id)
        readers = _readers(person_id, to_manager=to_manager)
        for reader in readers:
            outbox.put("voice.new", object_id=voice.id, recipient=reader, key=f"voice:{voice.id}:{reader}")
        if not readers:
            # No manager is left to read it, so somebody else is asked to get in touch, without these words.
            raise_alert(person_id, TELL_A_PERSON, source_kind="ask", source_id=ask.id, key=f"ask:{ask.id}")
        return ask

    @classmethod
    def asked_in(cls, sitting: UUID) -> list[datetime]:
        """By when what was asked in this sitting is answered, the first day first; not what it was."""
        found = select(cls.answer_by).where(cls.sitting == sitting).distinct().order_by(cls.answer_by)
        return list(session.scalars(found))


def _readers(person_id: UUID, *, to_manager: bool) -> list[UUID]:
    if not to_manager:
        return readers_of(person_id)
    # Not whoever holds them, also where that is a manager: it is about them. Nor who may not read what they say.
    kept = {*holders_of(person_id), *paused_about(person_id)}
    return [manager for manager in ids_with("manager") if manager not in kept]


def exact_words(ask_id: UUID) -> list[tuple[str, str]]:
    """What was asked for, for whoever reads the voice; the caller has looked whether they may."""
    ask = session.get(Ask, ask_id)
    if ask is None:
        return []
    asked = [("What would you like to ask for?", ask.what)]
    return [*asked, ("Say more, if you like", ask.words)] if ask.words else asked
