"""Who opened whose record on a day without holding them, and by what they could: from the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from portal.access import STAFF, SignedIn
from portal.accounts.break_glass import BreakGlass
from portal.accounts.cover import Cover
from portal.accounts.models import Allocation, Person, PersonRole
from portal.accounts.no_contact import NoContact
from portal.accounts.pauses import paused
from portal.accounts.staff_names import names_of
from portal.admin.samples import AuditSample, Sampled
from portal.audit import AuditEvent
from portal.config import current_hub, midnight
from portal.db import session
from portal.voices.opened import EVERY_OPENING

MOST = 200  # lines of one day
LIFTED_WITHIN = timedelta(days=30)  # for so long a lifted order stands before the managers
# What lets somebody open whom they do not hold, the last that a manager need look at first.
BY_GLASS, IN_SAMPLE, HAD_NOBODY, AS_MANAGER = (
    "by break-glass", "in a sample named for them", "on duty, and nobody held them", "as a manager or coordinator",
)  # fmt: skip
NOTHING = "nothing explains it"
_FIRST = (NOTHING, BY_GLASS, IN_SAMPLE, HAD_NOBODY, AS_MANAGER)


@dataclass(frozen=True)
class Tried:
    """What somebody of the staff tried to open by break-glass on a day, and did not."""

    who_id: UUID
    whom_id: UUID | None  # None: nobody here has that name and day of birth
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Access:
    """One person of the staff who opened one young person's record on a day, so many times."""

    who: str
    whom: str
    child_id: UUID
    times: int
    first_at: datetime
    last_at: datetime
    because: str


def of_day(day: date, who: SignedIn, also: set[UUID]) -> tuple[list[Access], bool, dict[UUID, str]]:
    """What was opened on a day (Europe/London) by whoever did not hold them, the unexplained first; and if there is more.

    *who* looks: whoever something may be about is not told here who looks into it.

    The names of all these come with it, and of whom the page names *also*.

    An allocation explains it, or cover for whoever had one, if it ran in the moment of the opening.
    """
    begins, ends = _hours(day)
    found = _grouped(begins, ends, who)
    rows = session.execute(
        select(found, *_explanations(found, begins, ends)).order_by(found.c.first_at).limit(MOST + 1)
    ).all()
    names = names_of(also | {one for row in rows for one in (row.actor_id, row.subject_id)})
    lines = [_line(row, names) for row in rows[:MOST]]
    return (
        sorted(lines, key=lambda line: (_FIRST.index(line.because), line.first_at)),
        len(rows) > MOST,
        names,
    )


def tried_on(day: date, who: SignedIn) -> list[Tried]:
    """What did not open by break-glass on a day, who tried most often first; *who* looks.

    Whoever something may be about is not told here about whom else something was said.
    """
    begins, ends = _hours(day)
    event = AuditEvent
    whom = case((paused(who.id, event.subject_id), null()), else_=event.subject_id).label("whom")
    times = func.count()
    rows = session.execute(
        select(event.actor_id, whom, times, func.min(event.at), func.max(event.at))
        .where(
            event.actor_id.in_(select(Person.id).where(Person.kind == "staff")), event.at >= begins,
            event.at < ends, event.act == "break_glass.not_found",
        )
        .group_by(event.actor_id, whom)
        .order_by(times.desc(), func.min(event.at))
        .limit(MOST)
    )  # fmt: skip
    return [Tried(*row) for row in rows]


def _hours(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends (Europe/London)."""
    return midnight(day), midnight(day + timedelta(days=1))


def _grouped(begins: datetime, ends: datetime, who: SignedIn) -> Subquery:
    """Openings of the day that no allocation explains, by who and whom."""
    event = AuditEvent
    staff = select(Person.id).where(Person.kind == "staff")
    children = select(Person.id).where(Person.kind == "child")
    return (
        select(event.actor_id, event.subject_id, func.count().label("times"),
               func.min(event.at).label("first_at"), func.max(event.at).label("last_at"))
        .where(
            event.actor_id.in_(staff), event.at >= begins, event.at < ends, event.door == STAFF,
            event.act.in_(EVERY_OPENING), event.subject_id.in_(children), ~_held_then(),
            ~paused(who.id, event.subject_id),
        )
        .group_by(event.actor_id, event.subject_id)
        .subquery()
    )  # fmt: skip


def _held_then() -> ColumnElement[bool]:
    """Whether whoever opened it held the young person in that moment, or covered for who did."""
    event = AuditEvent
    covers = select(Cover.absent_id).where(
        Cover.covers_id == event.actor_id, Cover.starts_at <= event.at, Cover.ends_at > event.at
    )
    return exists().where(
        Allocation.child_id == event.subject_id,
        or_(Allocation.worker_id == event.actor_id, Allocation.worker_id.in_(covers)),
        Allocation.starts_at <= event.at,
        or_(Allocation.ends_at.is_(None), Allocation.ends_at > event.at),
    )


def _explanations(found: Subquery, begins: datetime, ends: datetime) -> list[Any]:
    """What else may explain it, each as a column that is true or false."""

    def ran(since: Any, until: Any) -> ColumnElement[bool]:
        return and_(since < ends, or_(until.is_(None), until > begins))

    role = PersonRole
    had = (role.person_id == found.c.actor_id) & ran(role.created_at, role.ends_at)
    held = exists().where(
        Allocation.child_id == found.c.subject_id, ran(Allocation.starts_at, Allocation.ends_at)
    )
    glass = exists().where(
        BreakGlass.worker_id == found.c.actor_id, BreakGlass.child_id == found.c.subject_id,
        ran(BreakGlass.created_at, BreakGlass.ends_at),
    )  # fmt: skip
    mine = select(AuditSample.id).where(
        AuditSample.auditor_id == found.c.actor_id, ran(AuditSample.starts_at, AuditSample.ends_at)
    )
    sampled = exists().where(Sampled.child_id == found.c.subject_id, Sampled.sample_id.in_(mine))
    return [
        glass.label("glass"), sampled.label("sampled"),
        (exists().where(had, role.role == "duty worker") & ~held).label("duty"),
        exists().where(had, role.role.in_(("manager", "coordinator"))).label("manages"),
    ]  # fmt: skip


def _line(row: Any, names: dict[UUID, str]) -> Access:
    said = (
        (row.glass, BY_GLASS),
        (row.sampled, IN_SAMPLE),
        (row.duty, HAD_NOBODY),
        (row.manages, AS_MANAGER),
    )
    because = next((words for holds, words in said if holds), NOTHING)
    return Access(
        names.get(row.actor_id, ""), names.get(row.subject_id, ""), row.subject_id, row.times, row.first_at,
        row.last_at, because,
    )  # fmt: skip


def to_look_over(who: SignedIn) -> tuple[list[Any], list[Any]]:
    """What was opened by break-glass and nobody has looked over, the first due first; and the orders of no contact that
    somebody lifted lately, the last first: ids and times, in one statement. Why stands on a page of its own."""
    lately = NoContact.ends_at > current_hub().now() - LIFTED_WITHIN
    glasses = select(
        literal(True).label("glass"), BreakGlass.id, BreakGlass.worker_id, BreakGlass.child_id,
        BreakGlass.created_at, BreakGlass.review_due_at.label("at"),
    ).where(BreakGlass.reviewed_at.is_(None), ~paused(who.id, BreakGlass.child_id))  # fmt: skip
    lifted = select(
        literal(False), NoContact.id, NoContact.ended_by_id, NoContact.child_id, NoContact.created_at, NoContact.ends_at
    ).where(NoContact.ended_by_id.is_not(None), lately, ~paused(who.id, NoContact.child_id))  # fmt: skip
    both: Any = union_all(glasses, lifted).order_by("at", "id").limit(2 * MOST)
    rows = session.execute(both).all()
    return [row for row in rows if row.glass], [row for row in reversed(rows) if not row.glass]


def to_review(glass_id: UUID, who: SignedIn, *, to_act: bool) -> BreakGlass | None:
    """One opening by break-glass, locked for an act; none of a young person about whom something may be *who*."""
    wanted = select(BreakGlass).where(BreakGlass.id == glass_id, ~paused(who.id, BreakGlass.child_id))
    return session.scalar(wanted.with_for_update() if to_act else wanted)


def opened_through(glass: BreakGlass) -> list[tuple[datetime, str]]:
    """What was opened of that young person while the glass was broken, in the words of the trail, each with when."""
    rows: Iterable[Any] = session.execute(
        select(AuditEvent.at, AuditEvent.act)
        .where(
            AuditEvent.actor_id == glass.worker_id, AuditEvent.subject_id == glass.child_id,
            AuditEvent.at >= glass.created_at, AuditEvent.at < glass.ends_at, AuditEvent.act.in_(EVERY_OPENING),
        )
        .order_by(AuditEvent.at, AuditEvent.number)
        .limit(MOST)
    )  # fmt: skip
    return [(row.at, EVERY_OPENING[row.act]) for row in rows]
