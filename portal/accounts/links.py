"""Acts about who looks after a young person: linking an adult, the end of a placement, finding somebody entered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal import audit, crypto, outbox
from portal.access import EVERYBODY, Can, SignedIn
from portal.accounts.eighteen import born, is_adult_at
from portal.accounts.holders import ids_with, readers_of
from portal.accounts.models import (
    RESIDENTIAL,
    Link,
    Organisation,
    Person,
    PersonRole,
    join_adult,
    may_reach,
    runs_at,
)
from portal.accounts.no_contact import NoContact, ordered
from portal.config import LONDON, current_hub, midnight
from portal.db import session

PARENT = "parent"
KINDS = {PARENT: "A parent", "foster carer": "A foster carer", RESIDENTIAL: "Staff of their home"}
MOST = 200


class IsAdult(Exception):
    """The young person is 18: nobody is linked to them any more."""


class AnotherName(Exception):
    """The telephone number belongs to somebody who is entered under another name, and whom this worker knows."""


class NeedsManager(Exception):
    """The adult looks after a young person who is not this worker's, or once did: a manager links them."""


@dataclass(frozen=True)
class LinkLine:
    """One adult who is linked to a young person, or was; and whether there may be no contact."""

    id: UUID
    adult_id: UUID
    name: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    no_contact: bool
    runs: bool


def links_of(child_id: UUID) -> list[LinkLine]:
    """Every link of a young person: those that run first, the last begun first."""
    now = current_hub().now()
    rows = session.execute(
        select(Link.id, Link.kind, Link.starts_at, Link.ends_at, Person.id.label("adult_id"), Person.name,
               ordered(Link.adult_id, Link.child_id).label("no_contact"), runs_at(Link, now).label("runs"))
        .join(Person, Person.id == Link.adult_id)
        .where(Link.child_id == child_id)
        .order_by(Link.starts_at.desc(), Link.id)
        .limit(MOST)
    ).all()  # fmt: skip
    crypto.fetch_keys(row.adult_id for row in rows)
    found = [
        LinkLine(row.id, row.adult_id, _name(row.adult_id, row.name), row.kind, row.starts_at, row.ends_at,
                 bool(row.no_contact), bool(row.runs))
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda line: not line.runs)


def _name(person_id: UUID, sealed: Any) -> str:
    return crypto.open_sealed(sealed, "person", "name", person_id, person_id)


def homes_staff() -> list[tuple[UUID, str]]:
    """Everybody who works in a home now, with the home, by name."""
    now = current_hub().now()
    has_role = exists().where(
        PersonRole.person_id == Person.id, PersonRole.role == "residential carer",
        or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now),
    )  # fmt: skip
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name.label("home"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(has_role, Person.ended_at.is_(None))
        .limit(MOST)
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    found = [(row.id, f"{_name(row.id, row.name)} ({row.home or 'no home named'})") for row in rows]
    return sorted(found, key=lambda pair: pair[1].casefold())


def link(child: Person, adult_id: UUID, kind: str, until: datetime | None) -> Link:
    """Link an adult to a young person until *until*, or their 18th birthday; one that runs gets the new end.

    Raises `IsAdult`.
    """
    now, born_on = current_hub().now(), born(child)
    if born_on is not None:
        if is_adult_at(born_on) <= now:
            raise IsAdult
        until = min(until, is_adult_at(born_on)) if until else None  # without one, the birthday ends it
    running = session.scalar(
        select(Link).where(
            Link.child_id == child.id, Link.adult_id == adult_id, Link.kind == kind, runs_at(Link, now)
        )
    )
    if running is None:
        return join_adult(adult_id, child.id, kind, until)
    if running.ends_at != until:
        before, running.ends_at, running.ended_because = running.ends_at, until, None
        audit.record(
            "link.end_changed", object_kind="person", object_id=adult_id, subject=child.id, before=before,
            at=until,
        )  # fmt: skip
    return running


def link_as(who: SignedIn, child: Person, adult_id: UUID, kind: str, until: datetime | None) -> Link:
    """As `link`, by *who*: whoever could be linked by anybody could be given a way in by anybody, and come in as.

    Who comes in as an adult reads what that adult once said, also of a young person they look after no longer: so a
    link to another that has ended counts as one that runs. Raises `IsAdult`, `NeedsManager`.
    """
    now = current_hub().now()
    theirs = select(Link.id).where(Link.adult_id == adult_id)
    here = session.scalar(theirs.where(Link.child_id == child.id, runs_at(Link, now)))
    others = theirs.where(~may_reach(who, Can.KEEP_LINKS, Link.child_id))
    if here is None and session.scalar(others.limit(1)) is not None:
        audit.record("link.refused", object_kind="person", object_id=adult_id, subject=child.id)
        raise NeedsManager
    return link(child, adult_id, kind, until)


def tell_elsewhere(adult_id: UUID, child_id: UUID, way_in_id: UUID, by: UUID) -> None:
    """*by* gave this adult a way in as one of *child_id*'s: who holds another of theirs, now or once, is told."""
    others = select(Link.child_id).where(Link.adult_id == adult_id, Link.child_id != child_id)
    told: set[UUID] = set()
    for other in session.scalars(others.distinct()).all():
        readers = readers_of(other)
        told |= set() if by in readers else set(readers)
    for reader in told:
        key = f"way_in.given:{way_in_id}:{reader}"
        outbox.put("way_in.given", object_id=way_in_id, recipient=reader, key=key)


def lift(order: NoContact, by: UUID, reason: str) -> None:
    """*by* says that an order of no contact is over, and why; the managers are told."""
    order.end(by, reason)
    for manager in ids_with("manager"):
        if manager != by:
            key = f"no_contact.lifted:{order.id}:{manager}"
            outbox.put("no_contact.lifted", object_id=order.id, recipient=manager, key=key)


def somebody(name: str, phone: str, who: SignedIn) -> Person:
    """The adult with this name and telephone number: whoever is entered with it, or somebody new.

    That a number is known under another name is said only of an adult of a young person whom *who* reaches: else
    anybody could ask, number by number, who is known here. Raises `AnotherName`.
    """
    if phone:
        known = select(Person).where(
            Person.phone_hash == crypto.lookup_hash("phone", phone),
            Person.kind == "adult",
            Person.ended_at.is_(None),
        )
        found = list(session.scalars(known.order_by(Person.created_at).limit(MOST)))
        for one in found:
            if one.name.casefold() == name.casefold():
                return one
        if any(_known_to(who, one.id) for one in found):
            raise AnotherName
    return Person.enter("adult", name, roles=("parent or carer",), phone=phone or None)


def _known_to(who: SignedIn, adult_id: UUID) -> bool:
    """Whether this adult looks after a young person whom *who* reaches, or *who* reaches everybody."""
    if who.reach(Can.KEEP_LINKS) >= EVERYBODY:
        return True
    reached = may_reach(who, Can.KEEP_LINKS, Link.child_id) & runs_at(Link, current_hub().now())
    return session.scalar(select(Link.id).where(Link.adult_id == adult_id, reached).limit(1)) is not None


def placement_ended(child_id: UUID, on: date) -> int:
    """A placement ends on that day: the links of its carers end with it, at midnight; how many."""
    now = current_hub().now()
    at = max(midnight(on + timedelta(days=1)), now)
    if on < now.astimezone(LONDON).date():
        at = now
    carers = select(Link).where(Link.child_id == child_id, Link.kind != PARENT, runs_at(Link, now))
    found = list(session.scalars(carers))
    for one in found:
        one.end(at, "placement")
    return len(found)
