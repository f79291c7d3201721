"""What was said in another language beside its English, and an answer beside what the young person reads of it.

Who put it into the other language, when, and whether somebody else who speaks it has checked it, stand with it. By
when a person reads what somebody said counts from its translation: before it nobody can.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.accounts.reminders import tell_of_new
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, after, session
from portal.i18n import language
from portal.trail.beside import VoiceReply
from portal.trail.models import ANSWERED, CLOSED, Voice
from portal.trail.promise import promise

ENGLISH = "en_GB"


class Translation(Row):
    """One text in another language than it was written in. Only added to: the last one of a text stands."""

    __tablename__ = "translation"
    __subject__ = "person_id"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    about_id: Mapped[UUID]  # whose words: what the voice holds, a reply, a write-up
    part: Mapped[str] = mapped_column(String(40))  # which of them: the question's name; empty for all
    language: Mapped[str] = mapped_column(String(20))  # into which
    words: Mapped[str] = mapped_column(EncryptedText)
    made_by: Mapped[str] = mapped_column(EncryptedText)  # the interpreter or translator, by name
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[str | None] = mapped_column(EncryptedText)
    checked_at: Mapped[datetime | None]
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    def check(self, checked_by: str, by: UUID) -> None:
        """*checked_by*, who speaks the language, has read both and they say the same; the first time counts."""
        if self.checked_at is None:
            self.checked_by, self.checked_at = checked_by, current_hub().now()
            _note("voice.translation_checked", self.voice_id, self.person_id)


def spoken(typed: bool = True) -> str | None:
    """The language in which somebody has *typed* something now; None for English, or where nothing was typed."""
    code = language().code
    return code if typed and not code.startswith("en") else None


def translate(voice: Voice, about_id: UUID, part: str, language: str, words: str, made_by: str, by: UUID,
              key: UUID | None = None) -> Translation:  # fmt: skip
    """Put *words* beside one text of *voice*; the same words again are none."""
    found = of(voice.id).get((about_id, part))
    if found is not None and (found.words, found.language, found.made_by) == (words, language, made_by):
        return found
    # A page that a browser kept may say again what stood there before: that stands again, and is no second press.
    key = key and uuid5(key, f"{about_id} {part} {words} {found and found.id}")
    row = Translation(voice_id=voice.id, person_id=voice.person_id, about_id=about_id, part=part,
                      language=language, words=words, made_by=made_by, by_id=by, form_key=key,
                      created_at=after(found))  # fmt: skip
    session.add(row)
    session.flush()
    _note("voice.translated", voice.id, voice.person_id, language=language)
    return row


def read_from_now(voice: Voice, by: UUID) -> None:
    """All of it can be read in English now: by when a person reads it counts from here."""
    if voice.waits_for_translation:
        hub = current_hub()
        voice.translated_at = hub.now()
        voice.promised_by = promise(hub.now(), hub.file)
        voice._step("translated", by)


def release(reply: VoiceReply, voice: Voice, by: UUID) -> None:
    """An answer that waited for its translation goes to the young person's door."""
    if reply.waits_for is not None:
        reply.waits_for = None
        if voice.state != CLOSED:
            voice.state = ANSWERED
        voice._step("answered", by)
        tell_of_new(voice.person_id, reply.id, voice.about_id)


def of(*voices: UUID) -> dict[tuple[UUID, str], Translation]:
    """The translations that stand of everything about these voices, by whose words and which part."""
    found = select(Translation).where(Translation.voice_id.in_(voices))
    return {
        (row.about_id, row.part): row
        for row in session.scalars(found.order_by(Translation.created_at, Translation.id))
    }


def about(ids: Iterable[UUID]) -> dict[UUID, Translation]:
    """The translation that stands of each of these texts that has one and is of one part."""
    found = select(Translation).where(Translation.about_id.in_(list(ids)), Translation.part == "")
    rows = session.scalars(found.order_by(Translation.created_at, Translation.id))
    return {row.about_id: row for row in rows}


def _note(act: str, voice_id: UUID, person_id: UUID, **detail: object) -> None:
    audit.record(act, object_kind="voice", object_id=voice_id, subject=person_id, **detail)
