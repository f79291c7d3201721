"""The safe-contact card: by which ways, at which times and with which words somebody said that contact is safe.

Filled by a worker with the young person, or with the parent or carer, each their own; every change is a version, and
each time they are in touch they are asked again. Nothing leaves for a family but what the card that stands allows
(`may_reach_by`): no card, and nothing leaves at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto, db
from portal.accounts.contact_times import Times
from portal.accounts.custody import custody_of
from portal.accounts.models import Link, Person, runs_at
from portal.accounts.no_contact import ordered
from portal.accounts.ways_in import lock_person
from portal.config import DOOR_WORDS, current_hub
from portal.crypto import EncryptedText, LookupHash
from portal.db import Row, session
from portal.i18n import N_

TEXT, CALL, LETTER, IN_PERSON, THROUGH = "text", "call", "letter", "in person", "through"
WAYS = {
    TEXT: N_("A text"),
    CALL: N_("A call"),
    LETTER: N_("A letter"),
    IN_PERSON: N_("In person"),
    THROUGH: N_("Through somebody"),
}
BY_PHONE = (TEXT, CALL)
ASK_AGAIN = timedelta(days=30)
# Where a version was said: to a worker who was with them, or on their own phone.
WITH_WORKER, ON_PHONE = "with worker", "on phone"


class ChangedMeanwhile(Exception):
    """Somebody else filled the card since this form was made: what stands now must be seen first."""


@dataclass(frozen=True)
class Lines:
    """What stands on a card. Nothing of it is clear in the database: it says how somebody is watched."""

    ways: tuple[str, ...] = ()
    number: str = ""  # for texts and calls
    where: str = ""  # a letter goes to, or they are met at
    through: str = ""  # through whom, and how
    pick_up: str = ""  # who else may pick up, and what to say then
    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    times_more: str = ""  # what else there is to know about times
    languages: str = ""
    never: str = ""
    words: str = ""  # their own, which begin a message in place of the neutral one
    door_word: str = ""  # in the tab; empty: the hub's
    reminders: bool = False  # they turned on: a reminder of what was arranged
    new_here: bool = False  # they turned on: a text when something new waits on their page

    @property
    def times(self) -> Times:
        """When contact is safe."""
        return Times(self.days, self.parts)

    @classmethod
    def read(cls, text: str) -> Lines:
        """The lines as they were kept; what a later version of Rowan wrote besides is left aside."""
        data: dict[str, Any] = json.loads(text)
        known = {one.name for one in fields(cls)} & data.keys()
        said: dict[str, Any] = {
            name: tuple(data[name]) if isinstance(data[name], list) else data[name] for name in known
        }
        return cls(**said)


class SafeContact(Row):
    """One version of somebody's card; the last one stands, the earlier ones stay."""

    __tablename__ = "safe_contact"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(Integer)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(String(20))  # with a worker, or on their own phone
    written: Mapped[str] = mapped_column(EncryptedText)  # the lines, as JSON
    number_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    replaced_at: Mapped[datetime | None]  # None: it is the one that stands
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    __table_args__ = (UniqueConstraint("person_id", "version"),)

    @property
    def lines(self) -> Lines:
        """What stands on it."""
        return Lines.read(self.written)

    @classmethod
    def fill(cls, person_id: UUID, lines: Lines, by: UUID, *, said: str = WITH_WORKER, key: UUID | None = None,
             seen: int | None = None) -> SafeContact:  # fmt: skip
        """Write the card anew; the same form writes it once. *seen* is the version that the form was made from.

        Raises `ChangedMeanwhile`.
        """
        person = lock_person(person_id)  # of two at once the second finds the first's version
        if key and (sent := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return sent
        before = cls.standing(person_id)
        if seen is not None and seen != (before.version if before else 0):
            raise ChangedMeanwhile
        made_at = db.after(before)
        if before is not None:
            before.replaced_at, before.number_hash = made_at, None  # an old number finds nobody
        card = cls(
            person_id=person_id, version=(before.version if before else 0) + 1, by_id=by, said=said,
            written=json.dumps(asdict(lines)), form_key=key, created_at=made_at,
            number_hash=crypto.lookup_hash("phone", lines.number) if lines.number else None,
        )  # fmt: skip
        session.add(card)
        person.door_word = lines.door_word or None
        session.flush()
        if said == WITH_WORKER:
            session.add(AskedAgain(card_id=card.id, person_id=person_id, by_id=by, created_at=made_at))
        audit.record(
            "contact.filled", object_kind="safe contact", object_id=card.id, subject=person_id,
            version=card.version, said=said,
        )  # fmt: skip
        return card

    @classmethod
    def standing(cls, person_id: UUID) -> SafeContact | None:
        """The version that stands, or None. The caller has looked whether the reader may see it."""
        found = select(cls).where(cls.person_id == person_id, cls.replaced_at.is_(None))
        return session.scalar(found.order_by(cls.version.desc()).limit(1))

    @classmethod
    def versions_of(cls, person_id: UUID, most: int = 20) -> list[SafeContact]:
        """Every version, the last first."""
        found = select(cls).where(cls.person_id == person_id).order_by(cls.version.desc())
        return list(session.scalars(found.limit(most)))


class AskedAgain(Row):
    """Somebody who was with them asked whether their card is still so, and it is; or filled it with them then."""

    __tablename__ = "safe_contact_asked"

    card_id: Mapped[UUID] = mapped_column(ForeignKey("safe_contact.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID | None] = mapped_column(unique=True)


def say_still_so(card: SafeContact, by: UUID, key: UUID | None = None) -> None:
    """*by* asked them again, and they said that it is still so; the same form says it once."""
    lock_person(card.person_id)
    if key and session.scalar(select(AskedAgain.id).where(AskedAgain.form_key == key)) is not None:
        return
    session.add(AskedAgain(card_id=card.id, person_id=card.person_id, by_id=by, form_key=key))
    audit.record("contact.still_so", object_kind="safe contact", object_id=card.id, subject=card.person_id)


@dataclass(frozen=True)
class Standing:
    """The card that stands, and when and by whom its person was asked about it last."""

    card: SafeContact
    lines: Lines
    asked_at: datetime | None  # None: nobody has asked them yet, all of it came from their own phone
    asked_by_id: UUID | None

    @property
    def days_ago(self) -> int:
        """How many whole days ago they were asked."""
        return (current_hub().now() - self.asked_at).days if self.asked_at else 0

    @property
    def ask_again(self) -> bool:
        """Whether it has been so long, or never was, that it must not be trusted without asking."""
        return self.asked_at is None or current_hub().now() - self.asked_at > ASK_AGAIN


def standing_of(person_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """The cards that stand of these people, each with when they were asked last; in two statements."""
    wanted = set(person_ids)
    crypto.fetch_keys(wanted)
    cards = select(SafeContact).where(SafeContact.person_id.in_(wanted), SafeContact.replaced_at.is_(None))
    asked = select(AskedAgain).where(AskedAgain.person_id.in_(wanted)).order_by(AskedAgain.created_at)
    last = {one.person_id: one for one in session.scalars(asked)}
    return {card.person_id: _standing(card, last.get(card.person_id)) for card in session.scalars(cards)}


def _standing(card: SafeContact, asked: AskedAgain | None) -> Standing:
    return Standing(card, card.lines, asked.created_at if asked else None, asked.by_id if asked else None)


def stop_phone(person_id: UUID, key: UUID | None = None) -> None:
    """They said on their own phone: no texts, no calls. Whoever holds a phone may always ask for less, never for more.

    It counts at once; a worker asks them about it the next time they meet.
    """
    _change_on_phone(
        person_id, key, reminders=False, new_here=False,
        ways=lambda before: tuple(way for way in before.ways if way not in BY_PHONE),
    )  # fmt: skip


def choose_word(person_id: UUID, word: str, door: str, key: UUID | None = None) -> None:
    """They chose what their tab says; a word that is not theirs to choose changes nothing."""
    if word in words_at(door):
        own = word if word != current_hub().file.word(door) else ""
        _change_on_phone(person_id, key, door_word=own)


def _change_on_phone(person_id: UUID, key: UUID | None, **changed: Any) -> None:
    """Write the card as it stands but for what they changed; where nothing changes, it stays as it is."""
    lock_person(person_id)
    card = SafeContact.standing(person_id)
    before = card.lines if card else Lines()
    after = replace(
        before, **{name: made(before) if callable(made) else made for name, made in changed.items()}
    )
    if card is None or after != before:
        SafeContact.fill(person_id, after, person_id, said=ON_PHONE, key=key)


def words_at(door: str) -> tuple[str, ...]:
    """The words that a tab at this door may carry: never the other door's, so that neither tells of the other."""
    words = current_hub().file.words
    return tuple(word for word in DOOR_WORDS if word != (words.family if door == "young" else words.young))


def may_reach_by(person_id: UUID, way: str, at: datetime, about: UUID | None = None) -> bool:
    """Whether something may go to this person by *way* at this instant: the one gate, by the card that stands."""
    return (leaves := next_by(person_id, way, at, about)) is not None and leaves == at


def next_by(person_id: UUID, way: str, at: datetime, about: UUID | None = None) -> datetime | None:
    """The first instant from *at* on at which something may go to this person by *way*; None: it may not.

    Put away, or in custody, whoever has their phone now may be somebody else: nothing goes there meanwhile. To a
    parent or carer nothing goes without a link that runs under no order: the one to *about*, where it is named.
    """
    card = SafeContact.standing(person_id)
    if card is None or way not in card.lines.ways or not _may_be_contacted(person_id, about):
        return None
    if way in BY_PHONE and _phone_is_elsewhere(person_id):
        return None
    return card.lines.times.next_from(at)


def _may_be_contacted(person_id: UUID, about: UUID | None) -> bool:
    now = current_hub().now()
    linked = exists().where(
        Link.adult_id == Person.id, runs_at(Link, now), ~ordered(Person.id, Link.child_id)
    )
    if about is not None and about != person_id:  # about themselves it may be where any link runs
        linked = linked.where(Link.child_id == about)
    found = select(Person.id).where(Person.id == person_id, or_(Person.kind != "adult", linked))
    return session.scalar(found) is not None


def _phone_is_elsewhere(person_id: UUID) -> bool:
    found = select(Person.id).where(
        Person.id == person_id, Person.put_away_at.is_(None), Person.ended_at.is_(None)
    )
    return session.scalar(found) is None or custody_of(person_id) is not None


def whose_number(number: str) -> UUID | None:
    """Whose card this telephone number stands on; None if on nobody's, or on more than one person's."""
    found = session.scalars(
        select(SafeContact.person_id)
        .where(
            SafeContact.number_hash == crypto.lookup_hash("phone", number), SafeContact.replaced_at.is_(None)
        )
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None
