"""Ways in for young people and for parents or carers: a link, four words or twelve digits, and a PIN said aloud.

Opening a link does nothing and uses nothing up; only the PIN does. A way in works until it is replaced, ended,
or thirty days unused. Five wrong PINs end it and tell the worker; a new one takes a minute, so nobody is locked
out. Unknown, expired, ended and wrong look alike and cost the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import FAMILY, YOUNG
from portal.accounts import sign_in, slow_hash, words
from portal.accounts.custody import custody_of
from portal.accounts.draw import AGAIN, PIN_DIGITS, Draw
from portal.accounts.holders import duty_workers, workers_around
from portal.accounts.models import Person
from portal.config import current_hub
from portal.crypto import LookupHash, lookup_hash
from portal.db import Row, new_id, reading, session

UNUSED = timedelta(days=30)
WRONG_PINS = 5
DOOR_OF_KIND = {"child": YOUNG, "adult": FAMILY}


class InCustody(Exception):
    """A young person in custody has no way in by a phone meanwhile."""


@dataclass(frozen=True)
class NewWayIn:
    """What a new way in consists of: shown once, while it is given, and kept nowhere."""

    link: str
    words: str
    digits: str
    pin: str


class WayIn(Row):
    """One way in of one person at one door; of its secrets only hashes are kept."""

    __tablename__ = "way_in"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    door: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    number_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    pin_hash: Mapped[str] = mapped_column(String(120))
    wrong_pins: Mapped[int] = mapped_column(Integer, default=0)
    given_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(20))  # replaced, ended, wrong PINs, custody
    form_key: Mapped[UUID | None] = mapped_column(
        unique=True
    )  # of the form that gave it, so that it gives one

    __table_args__ = (
        Index(
            "uq_way_in_one_that_works",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    @property
    def works(self) -> bool:
        """Whether it opens anything now: neither ended nor thirty days unused."""
        return self.ended_at is None and self.lasts_until > current_hub().now()

    @property
    def lasts_until(self) -> datetime:
        """When it will have been unused for too long."""
        return (self.last_used_at or self.created_at) + UNUSED

    @property
    def may_be_shown_again(self) -> bool:
        """Whether the form that gave it may show it once more: a moment later, while nobody has used it."""
        return self.works and self.last_used_at is None and self.created_at > current_hub().now() - AGAIN

    def end(self, why: str) -> None:
        """Let it open nothing from now on."""
        self.ended_at, self.ended_why = current_hub().now(), why
        audit.record("way_in.ended", object_kind="way_in", object_id=self.id, subject=self.person_id, why=why)

    def use(self) -> None:
        """Note that the right PIN came: the wrong ones before it no longer count."""
        self.last_used_at, self.wrong_pins = current_hub().now(), 0
        audit.record("way_in.used", object_kind="way_in", object_id=self.id, subject=self.person_id)

    def count_wrong_pin(self) -> None:
        """Count a wrong PIN; the fifth ends this way in and tells the worker, quietly."""
        self.wrong_pins += 1
        if self.wrong_pins < WRONG_PINS:
            return
        self.end("wrong PINs")
        told = workers_around(self.person_id) or duty_workers()
        for worker_id in told:
            key = f"way_in.ended:{self.id}:{worker_id}"
            outbox.put("way_in.ended", object_id=self.id, recipient=worker_id, key=key)


@dataclass(frozen=True)
class NewPin:
    """A PIN and its slow hash, and what the rest of the way in is drawn from."""

    digits: str
    hashed: str
    draw: Draw


def new_pin(draw: Draw) -> NewPin:
    """The PIN of a form. Its hash is slow: where others may be waiting, make it before anything is locked."""
    digits = draw.pin()
    return NewPin(digits, slow_hash.hashed(digits), draw)


def give(person_id: UUID, by: UUID, pin: NewPin | None = None) -> NewWayIn:
    """Give a young person, parent or carer a new way in; the earlier one, and whoever came by it, is out at once.

    The same form gives the same one again, for a moment. Raises `InCustody`.
    """
    pin = pin or new_pin(Draw.of(by))
    token, digits = pin.draw.token(), pin.draw.digits()
    way_in = given_by_form(person_id, pin) or add_way_in(
        person_id, by, pin,
        token_hash=lookup_hash("token", token), number_hash=lookup_hash("digits", f"{digits:012}"),
    )  # fmt: skip
    return NewWayIn(
        link=f"{current_hub().file.origin(way_in.door)}/in#{token}",
        words=words.in_words(digits),
        digits=" ".join(words.groups(digits)),
        pin=pin.digits,
    )


def given_by_form(person_id: UUID, pin: NewPin) -> WayIn | None:
    """The way in that this form has given this person a moment ago, if it may be shown once more."""
    found = session.scalar(select(WayIn).where(WayIn.form_key == pin.draw.key, WayIn.person_id == person_id))
    return found if found is not None and found.may_be_shown_again else None


def add_way_in(person_id: UUID, by: UUID, pin: NewPin, *, token_hash: str, number_hash: str) -> WayIn:
    """Enter a way in with these hashes instead of whatever there was; raises `InCustody`."""
    person = lock_person(person_id)
    if person.kind == "child" and custody_of(person_id) is not None:
        raise InCustody
    end_way_in(person_id, "replaced")
    way_in = WayIn(
        person_id=person_id, door=DOOR_OF_KIND[person.kind], given_by=by, wrong_pins=0, pin_hash=pin.hashed,
        token_hash=token_hash, number_hash=number_hash, form_key=pin.draw.key,
    )  # fmt: skip
    session.add(way_in)
    audit.record("way_in.given", object_kind="way_in", object_id=way_in.id, subject=person_id)
    return way_in


def last_way_in(person_id: UUID) -> WayIn | None:
    """The way in that the person was given last, whether it still opens anything or not."""
    found = select(WayIn).where(WayIn.person_id == person_id)
    return session.scalar(found.order_by(WayIn.created_at.desc(), WayIn.ended_at.is_(None).desc()).limit(1))


def way_in_of(person_id: UUID) -> WayIn | None:
    """The person's way in that was not ended; it may still be unused for too long."""
    return session.scalar(select(WayIn).where(WayIn.person_id == person_id, WayIn.ended_at.is_(None)))


def end_way_in(person_id: UUID, why: str = "ended") -> None:
    """End the person's way in, if there is one, and every sign-in of theirs."""
    lock_person(person_id)
    if (before := way_in_of(person_id)) is not None:
        before.end(why)
        session.flush()
    sign_in.end_all(person_id)


def lock_person(person_id: UUID) -> Person:
    """The person, locked: of two who change something of theirs at once, the second finds what the first one did.

    Whoever writes something of that person meanwhile, "not safe" above all, need not wait for it.
    """
    return session.get_one(Person, person_id, with_for_update={"key_share": True})


def key_of(typed: str, token: str) -> str:
    """What was typed or linked, as the hash it would be found by; something for anything."""
    link = re.search(r"#([0-9a-f]{32})\s*$", typed)
    if link or (token and not typed.strip()):
        return lookup_hash("token", link[1] if link else token)
    # What cannot be one is found by nothing, but is counted apart from what others mistype.
    return lookup_hash("digits", words.digits_of(typed) or f"? {typed}")


@dataclass(frozen=True)
class Card:
    """What stands on a printed card, and whose it is; neither a name nor a PIN."""

    person_id: UUID
    door: str
    words: str
    digits: str


def holder_of(typed: str) -> Card | None:
    """The card of the way in with these digits, if it works now."""
    digits = words.digits_of(typed)
    way_in = session.scalar(select(WayIn).where(WayIn.number_hash == lookup_hash("digits", digits)))
    if way_in is None or not way_in.works:
        return None
    number = int(digits)
    return Card(way_in.person_id, way_in.door, words.in_words(number), " ".join(words.groups(number)))


def who_comes_in(key: str, pin: str, door: str) -> Person | None:
    """Whoever's way in at *door* has this key and PIN. None looks and costs the same, whatever was wrong.

    The slow part runs outside the writing transaction, which would keep every other writer waiting.
    """
    with reading() as own:
        found = own.scalar(
            select(WayIn).where((WayIn.token_hash == key) | (WayIn.number_hash == key), WayIn.door == door)
        )
    way_in_id, pin_hash = (
        (found.id, found.pin_hash) if found is not None and found.works else (new_id(), None)
    )
    digits = words.only_digits(pin)
    right = slow_hash.fits(digits, pin_hash)
    # Read again, locked: others may have been guessing while this one was slow.
    way_in = session.get(WayIn, way_in_id, with_for_update=True)
    if way_in is not None and way_in.works:
        if right and (person := _of_this_door(way_in)) is not None:
            way_in.use()
            return person
        # A scanner that presses the button has typed no PIN, and uses nothing up.
        if not right and len(digits) == PIN_DIGITS:
            way_in.count_wrong_pin()
    audit.record("way_in.refused", object_kind="way_in", object_id=way_in.id if way_in else None)
    return None


def _of_this_door(way_in: WayIn) -> Person | None:
    person = session.get_one(Person, way_in.person_id)
    return person if person.ended_at is None and sign_in.roles_at(person.id, way_in.door) else None
