"""Acts about who looks after a young person: linking an adult, the end of a placement, finding somebody entered before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal import crypto
from portal.accounts.eighteen import born, is_adult_at
from portal.accounts.models import (
    RESIDENTIAL,
    Link,
    Organisation,
    Person,
    PersonRole,
    join_adult,
    runs_at,
)
from portal.accounts.no_contact import ordered
from portal.config import LONDON, current_hub
from portal.db import session

PARENT = "parent"
KINDS = {PARENT: "A parent", "foster carer": "A foster carer", RESIDENTIAL: "Staff of their home"}
MOST = 200


class IsAdult(Exception):
    """The young person is 18: nobody is linked to them any more."""


class AnotherName(Exception):
    """The telephone number belongs to somebody who is entered under another name."""


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
    running.ends_at = until
    return running


def somebody(name: str, phone: str) -> Person:
    """The adult with this name and telephone number: whoever is entered with it, or somebody new.

    Raises `AnotherName`.
    """
    if phone:
        known = select(Person).where(
            Person.phone_hash == crypto.lookup_hash("phone", phone),
            Person.kind == "adult",
            Person.ended_at.is_(None),
        )
        if (found := session.scalar(known.limit(1))) is not None:
            if found.name.casefold() != name.casefold():
                raise AnotherName
            return found
    return Person.enter("adult", name, roles=("parent or carer",), phone=phone or None)


def placement_ended(child_id: UUID, on: date) -> int:
    """A placement ends on that day: the links of its carers end with it, at midnight; how many."""
    now = current_hub().now()
    at = max(datetime.combine(on + timedelta(days=1), time(0), LONDON), now)
    if on < now.astimezone(LONDON).date():
        at = now
    carers = select(Link).where(Link.child_id == child_id, Link.kind != PARENT, runs_at(Link, now))
    found = list(session.scalars(carers))
    for one in found:
        one.end(at, "placement")
    return len(found)
