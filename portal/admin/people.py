"""Who works with the hub: entered, given roles with an end, moved, and seen out at once when they leave.

Nobody changes what they themselves may do, and every manager and administrator hears that a role was given. Whoever leaves is out in the same moment at every door; whom they held
stays as it was until a manager gives each to somebody, and meanwhile those on duty reach them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from portal import audit, crypto, outbox, paging
from portal.access import DOOR_OF, STAFF
from portal.accounts import invitations
from portal.accounts.cover import Cover
from portal.accounts.given_roles import tell_of_roles
from portal.accounts.holders import ids_with
from portal.accounts.models import Allocation, Link, Organisation, Person, PersonRole, runs_at
from portal.accounts.shifts import Shift
from portal.accounts.ways_in import end_way_in
from portal.admin.held_by_nobody import tell_managers
from portal.config import current_hub
from portal.db import session

HOME_STAFF = "residential carer"
ROLES = (*(role for role, door in DOOR_OF.items() if door == STAFF), HOME_STAFF)
KINDS = {
    "council": "A council",
    "provider": "An independent provider",
    "health": "A health service",
    "home": "A children's home",
}
ON_A_PAGE = 100


class NotTheirOwn(Exception):
    """Somebody was about to change what they themselves may do."""


class NotBoth(Exception):
    """A home's staff have no other role, and their own door."""


@dataclass(frozen=True)
class RoleLine:
    """One role that somebody has, and until when."""

    id: UUID
    role: str
    ends_at: datetime | None


@dataclass(frozen=True)
class PersonLine:
    """One person who works with the hub, in a list."""

    id: UUID
    name: str
    organisation: str
    roles: list[RoleLine] = field(default_factory=list)
    ended_at: datetime | None = None


def works_here() -> ColumnElement[bool]:
    """Staff and homes' staff: the people whom an administrator keeps. No young person, and no parent."""
    homes = select(PersonRole.person_id).where(PersonRole.role == HOME_STAFF)
    return or_(Person.kind == "staff", (Person.kind == "adult") & Person.id.in_(homes))


def kept_here(person_id: UUID) -> Select[Person]:
    """The person with this id, if they are one whom an administrator keeps."""
    return select(Person).where(Person.id == person_id, works_here())


def lines(*, left: bool, after: str = "") -> tuple[list[PersonLine], str | None]:
    """A page of those who work here, or who have *left*, the last entered first, each page by name."""
    ended = Person.ended_at.is_not(None) if left else Person.ended_at.is_(None)
    rows = session.execute(
        select(Person.id, Person.name, Person.created_at, Person.ended_at, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(works_here(), ended, paging.before(after, Person.created_at, Person.id))
        .order_by(Person.created_at.desc(), Person.id.desc())
        .limit(ON_A_PAGE + 1)
    ).all()  # fmt: skip
    onward = (
        paging.place(rows[ON_A_PAGE - 1].created_at, rows[ON_A_PAGE - 1].id)
        if len(rows) > ON_A_PAGE
        else None
    )
    rows = rows[:ON_A_PAGE]
    crypto.fetch_keys(row.id for row in rows)
    roles = roles_of(row.id for row in rows)
    found = [
        PersonLine(row.id, _opened(row), row.organisation or "", roles.get(row.id, []), row.ended_at)
        for row in rows
    ]
    return sorted(found, key=lambda line: line.name.casefold()), onward


def _opened(row: Any) -> str:
    return crypto.open_sealed(row.name, "person", "name", row.id, row.id)


def roles_of(person_ids: Iterable[UUID]) -> dict[UUID, list[RoleLine]]:
    """The roles that each of these people has now."""
    found: dict[UUID, list[RoleLine]] = {}
    for row in session.scalars(
        _running(PersonRole.person_id.in_(list(person_ids))).order_by(PersonRole.role)
    ):
        found.setdefault(row.person_id, []).append(RoleLine(row.id, row.role, row.ends_at))
    return found


def _running(where: ColumnElement[bool]) -> Select[PersonRole]:
    now = current_hub().now()
    return select(PersonRole).where(where, or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now))


# --- acts -----------------------------------------------------------------------------------------------------------


def enter(
    name: str, email: str, organisation_id: UUID, roles: Iterable[str], *, known_as: str = "",
    until: datetime | None = None,
) -> Person:  # fmt: skip
    """Enter somebody who begins here, with their roles until *until* (None: open). Raises `NotBoth`."""
    wanted = tuple(dict.fromkeys(roles))
    if HOME_STAFF in wanted and len(wanted) > 1:
        raise NotBoth
    kind = "adult" if HOME_STAFF in wanted else "staff"
    person = Person.enter(
        kind, name, roles=(), known_as=known_as or None, email=email or None, organisation_id=organisation_id
    )
    for role in wanted:
        person.take_role(role, until)
    if kind == "staff":
        tell_of_roles(person.id)
    return person


def entered_before(email: str) -> UUID | None:
    """Whoever has this e-mail address already, left or not."""
    return session.scalar(select(Person.id).where(Person.email_hash == crypto.lookup_hash("email", email)))


def give_role(person: Person, role: str, until: datetime | None, by: UUID) -> None:
    """*by* gives somebody else a role; one that runs gets the new end. Raises `NotTheirOwn`, `NotBoth`."""
    _somebody_else(person, by)
    if (role == HOME_STAFF) != (person.kind == "adult"):
        raise NotBoth
    running = session.scalar(_running((PersonRole.person_id == person.id) & (PersonRole.role == role)))
    if running is not None and running.ends_at == until:
        return
    if running is None:
        person.take_role(role, until)
    else:
        running.ends_at = until
        audit.record(
            "person.role_given", object_kind="person", object_id=person.id, subject=person.id, role=role
        )
    if role != HOME_STAFF:
        tell_of_roles(person.id)


def end_role(person: Person, role_id: UUID, by: UUID) -> None:
    """*by* ends a role of somebody else's, now; ended twice, the first time counts. Raises `NotTheirOwn`.

    The managers hear of it where young people are still theirs and no role of theirs holds them any more.
    """
    _somebody_else(person, by)
    held = session.scalar(_running((PersonRole.person_id == person.id) & (PersonRole.id == role_id)))
    if held is not None:
        _end_role(held)
        session.flush()
        tell_managers(person.id)


def _end_role(held: PersonRole) -> None:
    held.ends_at = current_hub().now()
    audit.record(
        "person.role_ended",
        object_kind="person",
        object_id=held.person_id,
        subject=held.person_id,
        role=held.role,
    )


def move(person: Person, organisation_id: UUID, by: UUID) -> None:
    """*by* puts down that somebody works for another organisation now; their roles are looked at apart."""
    _somebody_else(person, by)
    if person.organisation_id != organisation_id:
        person.organisation_id = organisation_id
        audit.record(
            "person.moved", object_kind="person", object_id=person.id, subject=person.id, to=organisation_id
        )


def see_out(person: Person, by: UUID) -> None:
    """*by* sees somebody out who leaves: every sign-in, way in, role, shift and cover of theirs ends in this moment.

    The managers hear of it where young people are still theirs. Done twice, the first time counts. Raises `NotTheirOwn`.
    """
    _somebody_else(person, by)
    now = current_hub().now()
    if person.ended_at is not None:
        return
    person.ended_at = now
    for held in session.scalars(_running(PersonRole.person_id == person.id)):
        _end_role(held)
    for cover in session.scalars(select(Cover).where(Cover.covers_id == person.id, Cover.ends_at > now)):
        cover.end(by)
    for link in session.scalars(select(Link).where(Link.adult_id == person.id, runs_at(Link, now))):
        link.end(now, "left")
    for shift in session.scalars(select(Shift).where(Shift.person_id == person.id, Shift.ends_at > now)):
        shift.end()
    end_way_in(person.id, "left")  # and every sign-in
    # Else one administrator alone, who lets them come back and gives a role, would make the old sign-in open again.
    invitations.see_out(person.id, by)
    # What waits for them would wait for ever, and look like a dead sender.
    withdrawn = outbox.withdraw_for(person.id)
    audit.record(
        "person.left", object_kind="person", object_id=person.id, subject=person.id, withdrawn=withdrawn
    )
    holds = select(Allocation.id).where(Allocation.worker_id == person.id, runs_at(Allocation, now))
    if session.scalar(holds.limit(1)) is not None:
        for manager_id in ids_with("manager"):
            key = f"left:{person.id}:{now.isoformat()}:{manager_id}"
            outbox.put("person.left", object_id=person.id, recipient=manager_id, key=key)


def come_back(person: Person, by: UUID) -> None:
    """Somebody who had left is here again, without any role until one is given, and without a sign-in until two people
    let them have one. Raises `NotTheirOwn`."""
    _somebody_else(person, by)
    if person.ended_at is not None:
        invitations.see_out(person.id, by)  # whoever left before this was done on leaving has it still
        person.ended_at = None
        audit.record("person.back", object_kind="person", object_id=person.id, subject=person.id)


def _somebody_else(person: Person, by: UUID) -> None:
    if person.id == by:
        raise NotTheirOwn


def organisations() -> list[Organisation]:
    """Every organisation, by name."""
    return sorted(session.scalars(select(Organisation)), key=lambda one: one.name.casefold())


def enter_organisation(name: str, kind: str) -> Organisation:
    """Enter an organisation; one of the same name, in whatever case, is the same one."""
    before = next((one for one in organisations() if one.name.casefold() == name.casefold()), None)
    if before is not None:
        return before
    made = Organisation(name=name, kind=kind)
    session.add(made)
    session.flush()
    audit.record("organisation.entered", object_kind="organisation", object_id=made.id, kind=kind)
    return made
