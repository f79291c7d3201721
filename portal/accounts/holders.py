"""Who holds a young person now, who hears of what they say, and who has which role: ids and names, nothing else opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, literal, or_, select, union_all
from sqlalchemy.orm import load_only

from portal import crypto
from portal.accounts.cover import Cover, runs, who_cover_for
from portal.accounts.models import Allocation, Link, Person, PersonRole, may_hold, runs_at
from portal.accounts.no_contact import ordered
from portal.accounts.pauses import paused
from portal.config import current_hub
from portal.db import session


@dataclass(frozen=True)
class Named:
    """Somebody by their name: what a page shows of them, and nothing else is opened."""

    id: UUID
    name: str


def worker_of(child_id: UUID) -> Person | None:
    """The worker who holds the young person now and reads what they say, or None; of what is sealed only their names
    are loaded."""
    return session.scalar(_holding(child_id).options(load_only(Person.name, Person.known_as)))


def worker_id_of(child_id: UUID) -> UUID | None:
    """The id of the worker who holds the young person now, or None."""
    return session.scalar(_holding(child_id).with_only_columns(Person.id))


def _holding(child_id: UUID) -> Select[Person]:
    return (
        select(Person)
        .join(Allocation, Allocation.worker_id == Person.id)
        .where(
            Allocation.child_id == child_id,
            runs_at(Allocation, current_hub().now()),
            Person.ended_at.is_(None),
            may_hold(Person.id),
            ~paused(Person.id, child_id),
        )
        .order_by(Allocation.starts_at.desc())
        .limit(1)
    )


def readers_of(child_id: UUID) -> list[UUID]:
    """Who hears of what a young person says: the worker who holds them now and who covers for that worker; else duty."""
    return holder_and_cover(child_id) or duty_workers()


def holder_and_cover(child_id: UUID) -> list[UUID]:
    """The id of the worker who holds the young person now, first, and of those who cover for that worker; in one go."""
    holder = _holding(child_id).with_only_columns(Person.id).cte()
    covers = select(Cover.covers_id, literal(1)).where(
        Cover.absent_id == holder.c.id, runs(current_hub().now()),
        may_hold(Cover.covers_id), ~paused(Cover.covers_id, child_id),
    )  # fmt: skip
    found = session.execute(
        union_all(select(holder.c.id, literal(0).label("after")), covers).order_by("after")
    )
    return list(dict.fromkeys(row[0] for row in found))


def holders_of(child_id: UUID) -> list[UUID]:
    """The ids of everybody who holds the young person now, whether or not they may read what they say."""
    found = select(Allocation.worker_id).where(
        Allocation.child_id == child_id, runs_at(Allocation, current_hub().now())
    )
    return list(session.scalars(found))


def held_then(staff_id: Any, child_id: Any, at: Any) -> ColumnElement[bool]:
    """Whether *staff_id* held the young person at the instant *at*; each may be a column."""
    ran = (Allocation.starts_at <= at) & (Allocation.ends_at.is_(None) | (Allocation.ends_at >= at))
    return exists().where(Allocation.worker_id == staff_id, Allocation.child_id == child_id, ran)


def workers_around(person_id: UUID) -> list[UUID]:
    """The ids of those who hold this young person now, or the young people whom this adult is linked to; who covers, too."""
    now = current_hub().now()
    linked = select(Link.child_id).where(Link.adult_id == person_id, runs_at(Link, now))
    return list(session.scalars(
        select(Person.id)
        .join(Allocation, or_(
            Allocation.worker_id == Person.id,
            Person.id.in_(who_cover_for(Allocation.worker_id).correlate(Allocation)),
        ))
        .where(
            or_(Allocation.child_id == person_id, Allocation.child_id.in_(linked)),
            runs_at(Allocation, now),
            Person.ended_at.is_(None),
            ~paused(Person.id, Allocation.child_id),
        )
        .distinct()
    ))  # fmt: skip


def adults_of(child_id: UUID) -> list[tuple[Named, str]]:
    """The parents and carers linked to a young person now, each with the kind of the link; by name."""
    rows = session.execute(
        select(Person.id, Person.name, Link.kind)
        .join(Link, Link.adult_id == Person.id)
        .where(Link.child_id == child_id, runs_at(Link, current_hub().now()), Person.ended_at.is_(None))
    ).all()
    people = zip(_named(rows), (row.kind for row in rows), strict=True)
    return sorted(people, key=lambda pair: pair[0].name.casefold())


def kept_apart(child_id: UUID) -> list[Named]:
    """The adults with whom a young person is to have no contact now, by name."""
    rows = session.execute(
        select(Person.id, Person.name).where(ordered(Person.id, child_id), Person.kind == "adult")
    ).all()
    return sorted(_named(rows), key=lambda person: person.name.casefold())


def organisations_of_carers(child_id: UUID) -> Select[UUID | None]:
    """The ids of the organisations for whom the carers of a young person work, by the links of today."""
    return (
        select(Person.organisation_id)
        .join(Link, Link.adult_id == Person.id)
        .where(Link.child_id == child_id, Link.kind != "parent", runs_at(Link, current_hub().now()))
        .where(Person.organisation_id.is_not(None))
    )


def people_with(role: str) -> list[Named]:
    """Everybody who has *role* now, by name."""
    rows = session.execute(_having(role).with_only_columns(Person.id, Person.name)).all()
    return sorted(_named(rows), key=lambda person: person.name.casefold())


def ids_with(role: str) -> list[UUID]:
    """The ids of everybody who has *role* now."""
    return list(session.scalars(_having(role).with_only_columns(Person.id)))


def duty_workers() -> list[UUID]:
    """The ids of the duty workers of this hub."""
    return ids_with("duty worker")


def _having(role: str) -> Select[Person]:
    now = current_hub().now()
    return (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            PersonRole.role == role,
            Person.ended_at.is_(None),
            or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now),
        )
    )


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these people, by their ids."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))).all()
    return {person.id: person.name for person in _named(rows)}


def _named(rows: Sequence[Any]) -> list[Named]:
    crypto.fetch_keys(row.id for row in rows)
    return [Named(row.id, crypto.open_sealed(row.name, "person", "name", row.id, row.id)) for row in rows]
