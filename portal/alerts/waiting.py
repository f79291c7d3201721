"""The list of alerts that wait, a page at a time: one statement, and one for the keys of the names on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from portal import crypto, paging
from portal.access import Can, SignedIn
from portal.accounts.models import Organisation, Person
from portal.alerts.flags import MANAGER
from portal.alerts.models import CLOSED, Alert
from portal.config import current_hub
from portal.db import session
from portal.outbox import OutboxMessage

ON_A_PAGE = 50
WEEKS = 12
MOST_TOLD = 40  # of the messages about one alert: a ladder that nobody ended climbs on
# Made once: an ORM alias costs a millisecond at every look.
_CHILD, _OWNER, _HOLDER = (Person.__table__.alias(name) for name in ("child", "owner", "holder"))


@dataclass(frozen=True)
class Line:
    """An alert with the names that belong to it; who says which organisation."""

    alert: Alert
    young_person: str
    owner: str
    held_by: str | None


@dataclass(frozen=True)
class Told:
    """Somebody for whom there is a message: from when it is to leave, and when it left (None: it has not)."""

    name: str
    due_at: datetime
    left_at: datetime | None


def waiting_for(who: SignedIn, after: str = "") -> tuple[list[Line], str | None]:
    """The alerts that *who* may see and nobody has closed, the first due first; and after which to go on."""
    found = (
        Alert.visible_to(who)
        .where(Alert.state != CLOSED, paging.after(after, Alert.due_at, Alert.id))
        .order_by(*paging.order(Alert.due_at, Alert.id, few=who.reaches_few(Can.SEE_ALERTS)))
    )
    lines = lines_of(found.limit(ON_A_PAGE + 1))
    if len(lines) <= ON_A_PAGE:
        return lines, None
    last = lines[ON_A_PAGE - 1].alert
    return lines[:ON_A_PAGE], paging.place(last.due_at, last.id)


def line_of(alert: Alert) -> Line:
    """One alert with its names."""
    return lines_of(alert)[0]


def _organisation_of(somebody: Any) -> Any:
    """For whom they work; not as a join, of which PostgreSQL would weigh every order at every look."""
    works_at = Organisation.id == somebody.c.organisation_id
    return select(Organisation.name).where(works_at).correlate(somebody).scalar_subquery()


def lines_of(found: Select[Alert] | Alert) -> list[Line]:
    """These alerts with their names, in one statement and one for the keys."""
    if isinstance(found, Alert):
        found = select(Alert).where(Alert.id == found.id)
    rows = session.execute(
        found.outerjoin(_CHILD, _CHILD.c.id == Alert.child_id)
        .outerjoin(_OWNER, _OWNER.c.id == Alert.owner_id)
        .outerjoin(_HOLDER, _HOLDER.c.id == Alert.held_by_id)
        .add_columns(
            _CHILD.c.name.label("child"), _OWNER.c.name.label("owner"), _organisation_of(_OWNER).label("owner_at"),
            _HOLDER.c.name.label("holder"), _organisation_of(_HOLDER).label("holder_at"),
        )
    ).all()  # fmt: skip
    crypto.fetch_keys(p for row in rows for p in (row[0].child_id, row[0].owner_id, row[0].held_by_id))
    return [_line(row) for row in rows]


def _line(row: Any) -> Line:
    alert: Alert = row[0]
    nobody = "the managers" if alert.flag.tells == MANAGER else "the duty workers"
    return Line(
        alert,
        _name(row.child, alert.child_id) or "A young person",
        _who(row.owner, alert.owner_id, row.owner_at) or nobody,
        _who(row.holder, alert.held_by_id, row.holder_at),
    )


def _name(sealed: crypto.Sealed | None, person_id: UUID | None) -> str | None:
    if sealed is None or person_id is None:
        return None
    return crypto.open_sealed(sealed, "person", "name", person_id, person_id)


def _who(sealed: crypto.Sealed | None, person_id: UUID | None, organisation: str | None) -> str | None:
    name = _name(sealed, person_id)
    return f"{name} ({organisation})" if name and organisation else name


def told_of(alert: Alert) -> list[Told]:
    """Who was to be told of an alert, and when each message left; the last `MOST_TOLD`, the first of them first."""
    rows = session.execute(
        select(Person.id, Person.name, OutboxMessage.due_at, OutboxMessage.delivered_at)
        .join(Person, Person.id == OutboxMessage.recipient_id)
        .where(OutboxMessage.object_id == alert.id)
        .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id)
        .limit(MOST_TOLD)
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    told = [Told(_name(row.name, row.id) or "", row.due_at, row.delivered_at) for row in rows]
    return sorted(told, key=lambda one: (one.due_at, one.name.casefold()))


def how_many(who: SignedIn) -> dict[str, list[int]]:
    """By rule, how many alerts that *who* may see there were in each of the last `WEEKS` weeks, this week last.

    A count over everybody would tell a worker when somebody else's young person pressed a button.
    """
    now = current_hub().now()
    weeks = [now - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    counted = [
        func.sum(case(((Alert.raised_at > begins) & (Alert.raised_at <= ends), 1), else_=0))
        for begins, ends in pairwise(weeks)
    ]
    rows = session.execute(
        Alert.visible_to(who)
        .with_only_columns(Alert.rule, *counted)
        .where(Alert.raised_at > weeks[0])
        .group_by(Alert.rule)
    ).all()
    return {row[0]: [int(count or 0) for count in row[1:]] for row in rows}
