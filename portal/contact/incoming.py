"""Texts that come in: a number that we text from can be answered, and an answer is heard like anything else that is said.

A text from a number that stands on one person's card is a voice of that person, with its promise and its readers.
Whoever holds that phone may have written it, and what staff read says so. A text from any other number goes to the
duty workers' tray: it makes nobody up.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, false, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import duty_workers, ids_with, readers_of
from portal.accounts.models import Link, Person, runs_at
from portal.accounts.safe_contact import whose_number
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session
from portal.trail.in_person import names_police
from portal.trail.models import TEXT_MESSAGE, Voice

LONGEST = 5_000  # characters of one text that are kept; the longest that a phone joins together is 918
FROM_THEIR_CARD = "A text from the number on their card. Whoever holds that phone may have written it: ask before you answer."


class IncomingText(Row):
    """One text as it came: from which number, its words, and who it belongs to, where that is known."""

    __tablename__ = "incoming_text"
    __subject__ = "person_id"

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(EncryptedText)
    words: Mapped[str] = mapped_column(EncryptedText)
    reference: Mapped[UUID] = mapped_column(
        unique=True
    )  # what the gateway calls it: brought twice, it is one
    came_at: Mapped[datetime]
    seen_to_at: Mapped[datetime | None]
    seen_to_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    done: Mapped[str | None] = mapped_column(EncryptedText)  # what whoever saw to it did

    __table_args__ = (
        Index(
            "ix_incoming_text_unknown",
            "came_at",
            "id",
            sqlite_where=text("person_id IS NULL AND seen_to_at IS NULL"),
            postgresql_where=text("person_id IS NULL AND seen_to_at IS NULL"),
        ),
    )

    @classmethod
    def take(cls, reference: UUID, number: str, words: str) -> IncomingText:
        """Take a text that came in, and have somebody told of it; the same one again is the first one."""
        if (before := session.scalar(select(cls).where(cls.reference == reference))) is not None:
            return before
        whose = _whose(number)
        row = cls(
            person_id=whose and whose[0], number=number, words=words[:LONGEST], reference=reference,
            came_at=current_hub().now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        audit.record("text.came", object_kind="text", object_id=row.id, subject=row.person_id)
        if whose:
            row._is_a_voice(*whose)
        else:
            row._waits_in_the_tray()
        return row

    def _is_a_voice(self, person_id: UUID, about: UUID) -> None:
        in_person = names_police(self.words)
        voice = Voice.say(
            person_id, TEXT_MESSAGE, self.id, tell_how="", in_person_only=in_person, about=about
        )
        for reader in readers_of(about):
            outbox.put("voice.new", object_id=voice.id, recipient=reader, key=f"voice:{voice.id}:{reader}")

    def _waits_in_the_tray(self) -> None:
        for reader in duty_workers() or ids_with("manager"):
            outbox.put("text.new", object_id=self.id, recipient=reader, key=f"text:{self.id}:{reader}")

    @classmethod
    def visible_to(cls, who: SignedIn) -> Select[IncomingText]:
        """The texts of numbers that nobody knows, for who sees to them; a text that is somebody's is a voice."""
        if not who.can(Can.SEE_TEXTS):
            return select(cls).where(false())
        return select(cls).where(cls.person_id.is_(None))

    def see_to(self, done: str, by: UUID) -> None:
        """*by* writes down what they did about it; pressed twice, or by two, the first one stands."""
        if self.seen_to_at is None:
            self.seen_to_at, self.seen_to_by_id, self.done = current_hub().now(), by, done
            audit.record("text.seen_to", object_kind="text", object_id=self.id)
            outbox.withdraw(self.id)


def _whose(number: str) -> tuple[UUID, UUID] | None:
    """Who a number belongs to, and which young person they speak of; None where either is not certain.

    A number on the cards of two people, and a parent of two young people, are for a person to make out.
    """
    if (person_id := whose_number(number)) is None:
        return None
    kind = session.scalar(select(Person.kind).where(Person.id == person_id, Person.ended_at.is_(None)))
    if kind not in ("child", "adult"):
        return None
    if kind == "child":
        return person_id, person_id
    running = runs_at(Link, current_hub().now())
    children = session.scalars(
        select(Link.child_id).where(Link.adult_id == person_id, running).distinct().limit(2)
    ).all()
    return (person_id, children[0]) if len(children) == 1 else None


def exact_words(text_id: UUID) -> list[tuple[str, str]]:
    """What was written, for whoever reads the voice; the caller has looked whether they may."""
    row = session.get(IncomingText, text_id)
    return [(FROM_THEIR_CARD, row.words)] if row is not None else []
