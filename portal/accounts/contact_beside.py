"""Somebody's safe-contact card beside whatever a worker is about to do: what never, which ways and times, asked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.access import Can, me
from portal.accounts.models import Person, reads_only
from portal.accounts.pauses import paused
from portal.accounts.safe_contact import (
    CALL,
    IN_PERSON,
    ON_PHONE,
    TEXT,
    THROUGH,
    WAYS,
    Lines,
    Standing,
    standing_of,
)
from portal.accounts.safe_contact_form import in_order
from portal.accounts.staff_names import names_of
from portal.db import session


def said_on(lines: Lines) -> list[tuple[str, str]]:
    """A card's lines in words for staff, without those on which nothing was said."""
    found = [
        ("Ways", ", ".join(WAYS[way] for way in WAYS if way in lines.ways) or "None: get in touch by no way"),
        ("Number", lines.number),
        ("Who else may pick up", lines.pick_up),
        ("Letter, or where to meet", lines.where),
        (WAYS[THROUGH], lines.through),
        ("Times", in_order(lines.times)),
        ("About times", lines.times_more),
        ("Languages", lines.languages),
        ("Reminders", "A text before what was arranged" if lines.reminders else ""),
        ("Something new", "A text when something new waits on their page" if lines.new_here else ""),
        ("Their own words", lines.words),
        ("In their tab", lines.door_word),
    ]
    return [pair for pair in found if pair[1]]


@dataclass(frozen=True)
class Contact:
    """Somebody's card as it stands beside whatever a worker is about to do."""

    person_id: UUID
    known_as: str
    child_id: UUID
    may_ask: bool
    standing: Standing | None
    said: list[tuple[str, str]]
    asked_by: str

    @property
    def never(self) -> str:
        """What must not happen, first of all."""
        return self.standing.lines.never if self.standing else ""

    @property
    def on_own_phone_since(self) -> datetime | None:
        """When they changed it on their own phone, if nobody has asked them about it since."""
        if self.standing is None or self.standing.card.said != ON_PHONE:
            return None
        changed, asked = self.standing.card.created_at, self.standing.asked_at
        return changed if asked is None or asked < changed else None


def contact_of(person_id: UUID, known_as: str, child_id: UUID, *, may_ask: bool = True) -> Contact:
    """The card of a young person, or of a parent or carer of theirs; the caller has looked whether it may be read."""
    standing = standing_of([person_id]).get(person_id)
    return Contact(
        person_id, known_as, child_id, may_ask, standing, said_on(standing.lines) if standing else [],
        _asked_by(standing.asked_by_id, of_child=person_id == child_id) if standing else "",
    )  # fmt: skip


def contact_beside(child: Person, whose: Person | None = None) -> Contact | None:
    """The card of a young person, or of a parent or carer of theirs, beside what is about them.

    None for whoever may not reach it. That it was read, the page beside which it stands notes with its own reading.
    """
    whose, may_ask = whose or child, may_keep_contact(child.id)
    if not may_ask and not _reads_by_glass(child.id):
        return None
    return contact_of(whose.id, whose.known_as, child.id, may_ask=may_ask)


def _reads_by_glass(child_id: UUID) -> bool:
    """By break-glass they read it, and ask nobody; but not whoever something that was said may be about."""
    return reads_only(me(), child_id) and not session.scalar(select(paused(me().id, child_id)))


def contact_of_alert(child_id: UUID) -> Contact:
    """The card of the young person whom an alert is about: who may open the alert has to know how to ring them."""
    known_as = session.get_one(Person, child_id).known_as
    return contact_of(child_id, known_as, child_id, may_ask=may_keep_contact(child_id))


def may_keep_contact(child_id: UUID) -> bool:
    """Whether whoever is signed in may fill the cards of a young person and of their parents and carers."""
    reached = Person.visible_to(me(), Can.KEEP_SAFE_CONTACT).where(Person.id == child_id)
    return session.scalar(reached.with_only_columns(Person.id)) is not None


# Which way of the card a way of an attempt is.
_WAY_OF = {"in person": IN_PERSON, "phone": CALL, "text": TEXT, "home": THROUGH, "school": THROUGH}


def marked(ways: Mapping[str, str], contact: Contact | None) -> dict[str, str]:
    """The ways of an attempt, those said to be so that are not on the card that stands."""
    safe = contact.standing.lines.ways if contact and contact.standing else None
    return {
        way: words if safe is None or _WAY_OF.get(way, way) in safe else f"{words} (not on their card)"
        for way, words in ways.items()
    }


def _asked_by(person_id: UUID | None, *, of_child: bool) -> str:
    if person_id is None:
        return ""
    if person_id == me().id:
        return "you"
    # An adult may be linked to another child, too: a colleague's name would say whose.
    return names_of([person_id]).get(person_id, "a colleague") if of_child else "a colleague"
