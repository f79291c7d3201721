"""Which roles were given lately, and which sign-ins at the machine: managers and administrators hear of each, and a page
says which."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from portal import outbox
from portal.accounts.models import Person, PersonRole
from portal.accounts.staff_names import names_of
from portal.audit import AuditEvent
from portal.config import current_hub
from portal.db import new_id, session

WATCHING = ("manager", "administrator")
_NEW_SIGN_IN = "a new sign-in"  # stands where others have their role
LATELY = timedelta(days=30)
MOST = 100  # lines of the page
FROM_MACHINE = "sign_in.from_machine"  # the act of whoever runs the machine, who has no account here


@dataclass(frozen=True)
class GivenRole:
    """One role that somebody of the staff was given, or whose end was changed: when, and by whom."""

    at: datetime
    who: str
    role: str
    by: str


def who_watch(but: Collection[UUID] = ()) -> list[UUID]:
    """The ids of the managers and administrators of now whom a message reaches, without those in *but*."""
    runs = or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > current_hub().now())
    found = select(PersonRole.person_id).where(PersonRole.role.in_(WATCHING), runs)
    reachable = or_(Person.email_hash.is_not(None), Person.phone_hash.is_not(None))
    people = select(Person.id).where(Person.id.in_(found), Person.ended_at.is_(None), reachable)
    return [one for one in session.scalars(people.order_by(Person.id)) if one not in but]


def tell_of_roles(person_id: UUID) -> None:
    """Tell every manager and administrator that somebody was given a role: that something waits, and no more."""
    given = new_id()
    for watcher in who_watch(but=(person_id,)):
        outbox.put("person.role_given", object_id=person_id, recipient=watcher, key=f"role:{given}:{watcher}")


def given_lately() -> list[GivenRole]:
    """What staff were given in the last thirty days, the last first."""
    event = AuditEvent
    rows = session.execute(
        select(event.at, event.act, event.subject_id, event.actor_id, event.detail)
        .where(
            event.act.in_(("person.role_given", FROM_MACHINE)), event.at >= current_hub().now() - LATELY,
            event.subject_id.in_(select(Person.id).where(Person.kind == "staff")),
        )
        .order_by(event.number.desc())
        .limit(MOST)
    ).all()  # fmt: skip
    names = names_of({one for row in rows for one in (row.subject_id, row.actor_id) if one})
    return [
        GivenRole(row.at, names.get(row.subject_id, ""), _what(row), names.get(row.actor_id, _nobody(row)))
        for row in rows
    ]


def _what(row: Any) -> str:
    return _NEW_SIGN_IN if row.act == FROM_MACHINE else json.loads(row.detail).get("role", "")


def _nobody(row: Any) -> str:
    return "Whoever runs the machine" if row.act == FROM_MACHINE else "When the hub was set up"
