"""The staff who hold young people: by name, for whom they work, and whether they are away; and who covers for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, true

from portal import crypto
from portal.accounts.cover import Cover, absent_now, runs
from portal.accounts.models import Allocation, Organisation, Person, PersonRole
from portal.config import current_hub
from portal.db import session

HOLDERS = ("worker", "duty worker")  # the roles of those who hold young people and offer conversations
MOST = 200  # covers on the page, the next to begin first
_ABSENT, _COVERS = Person.__table__.alias("absent"), Person.__table__.alias("covers")


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff to choose from a list."""

    id: UUID
    name: str
    organisation_id: UUID | None
    organisation: str
    away: bool

    @property
    def words(self) -> str:
        """Who they are and for whom they work."""
        said = f"{self.name} ({self.organisation})" if self.organisation else self.name
        return said + (", away" if self.away else "")


def colleagues(at: UUID | None = None) -> list[Colleague]:
    """Everybody who holds young people, of the organisation *at* or (None) of all, by name."""
    now = current_hub().now()
    has_role = exists().where(
        PersonRole.person_id == Person.id,
        PersonRole.role.in_(HOLDERS),
        or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now),
    )
    wanted = (
        select(Person.id, Person.name, Person.organisation_id, Organisation.name.label("organisation"),
               Person.id.in_(absent_now()).label("away"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(has_role, Person.ended_at.is_(None))
    )  # fmt: skip
    rows = session.execute(wanted.where(Person.organisation_id == at) if at else wanted).all()
    crypto.fetch_keys(row.id for row in rows)
    found = [
        Colleague(
            row.id, _open(row.name, row.id), row.organisation_id, row.organisation or "", bool(row.away)
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.name.casefold())


@dataclass(frozen=True)
class CoverLine:
    """A cover that runs or is to come."""

    id: UUID
    absent_id: UUID
    absent: str
    covers: str
    starts_at: datetime
    ends_at: datetime
    runs: bool


def covers_of(person_id: UUID | None) -> list[CoverLine]:
    """Covers that run or are to come: those in which *person_id* is away or covers, or (None) all."""
    if person_id is None:
        return _covers(true())
    return _covers(or_(Cover.absent_id == person_id, Cover.covers_id == person_id))


def covers_by(person_id: UUID) -> list[CoverLine]:
    """For whom *person_id* covers now."""
    return _covers((Cover.covers_id == person_id) & runs(current_hub().now()))


def covers_around(child_id: UUID) -> list[CoverLine]:
    """Who covers now for somebody who holds this young person."""
    now = current_hub().now()
    holds = select(Allocation.worker_id).where(
        Allocation.child_id == child_id,
        Allocation.starts_at <= now,
        or_(Allocation.ends_at.is_(None), Allocation.ends_at > now),
    )
    return _covers(Cover.absent_id.in_(holds) & runs(now))


def _covers(these: ColumnElement[bool]) -> list[CoverLine]:
    now = current_hub().now()
    wanted = (
        select(Cover.id, Cover.starts_at, Cover.ends_at, Cover.absent_id, Cover.covers_id,
               _ABSENT.c.name.label("absent"), _COVERS.c.name.label("covers"))
        .join(_ABSENT, _ABSENT.c.id == Cover.absent_id)
        .join(_COVERS, _COVERS.c.id == Cover.covers_id)
        .where(Cover.ends_at > now, these)
        .order_by(Cover.starts_at, Cover.id)
        .limit(MOST)
    )  # fmt: skip
    rows = session.execute(wanted).all()
    crypto.fetch_keys(one for row in rows for one in (row.absent_id, row.covers_id))
    return [_line(row, now) for row in rows]


def _line(row: Any, now: datetime) -> CoverLine:
    return CoverLine(
        row.id, row.absent_id, _open(row.absent, row.absent_id), _open(row.covers, row.covers_id), row.starts_at,
        row.ends_at, row.starts_at <= now,
    )  # fmt: skip


def _open(name: crypto.Sealed, person_id: UUID) -> str:
    return crypto.open_sealed(name, "person", "name", person_id, person_id)
