"""What lies beside a voice: its steps, what staff noted, and what came back to whoever spoke."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, false, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import EncryptedText
from portal.db import Row, session

# The steps of a voice's way, as they follow one another where one act takes several.
_FOLLOW = (
    "said", "translated", "read", "noted", "taken back", "in person only", "on a phone again", "written", "answered",
    "told in person", "no safe answer", "opened", "closed", "on record",
)  # fmt: skip


class VoiceStep(Row):
    """One step on a voice's way: what happened, when, by whom. Only added to."""

    __tablename__ = "voice_step"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


def steps_of(voice_ids: Sequence[UUID]) -> list[VoiceStep]:
    """The steps of these voices, the first first; those of one act in the order in which they follow."""
    found = session.scalars(select(VoiceStep).where(VoiceStep.voice_id.in_(voice_ids)))
    return sorted(found, key=lambda step: (step.at, _FOLLOW.index(step.kind)))


class VoiceNote(Row):
    """Something that staff wrote beside the exact words; under the key of the young person."""

    __tablename__ = "voice_note"
    __subject__ = "person_id"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)


class VoiceReply(Row):
    """What came back to somebody who spoke, or why nothing safely can."""

    __tablename__ = "voice_reply"
    __subject__ = "person_id"

    voice_id: Mapped[UUID] = mapped_column(ForeignKey("voice.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    told_on: Mapped[date | None]
    told_by: Mapped[str | None] = mapped_column(EncryptedText)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)
    opened_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    in_person_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    waits_for: Mapped[str | None] = mapped_column(String(20))  # the language that it is still to be put into
