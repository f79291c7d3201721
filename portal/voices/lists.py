"""What the staff's lists are made of: one statement each, names opened after the join, a page at a time.

Whoever something may be about does not read the young person's words (`accounts.pauses`): every list and page of
words here starts at `voices_for`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select

from portal import crypto, paging
from portal.access import Can, SignedIn
from portal.accounts.models import Allocation, Organisation, Person
from portal.alerts.flags import flag_of
from portal.alerts.models import CLOSED as ALERT_CLOSED
from portal.alerts.models import Alert, reads_in
from portal.config import current_hub
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.words import FORM_ONLY
from portal.trail.models import ANSWERED, READ, WAITING, Voice

ON_A_PAGE = 25
_CHILD = Person.__table__.alias(
    "child"
)  # of whom a parent or carer speaks; an ORM alias costs more at every look
Line = TypeVar("Line")


@dataclass(frozen=True)
class Page(Generic[Line]):
    """One page of a list, and where the next one begins (None: this is the last)."""

    lines: list[Line]
    next: str | None


@dataclass(frozen=True)
class VoiceLine:
    """One voice in a list."""

    id: UUID
    name: str
    said_at: datetime
    promised_by: datetime
    state: str
    to_translate: bool  # before anybody can read it


@dataclass(frozen=True)
class AlertLine:
    """One alert in a list."""

    id: UUID
    name: str
    title: str
    due_at: datetime
    held: bool
    reads_in: str


@dataclass(frozen=True)
class ReturnLine:
    """One return interview in a list."""

    id: UUID
    name: str
    due_at: datetime
    state: str


@dataclass(frozen=True)
class YoungPersonLine:
    """One young person in a list."""

    id: UUID
    name: str
    workers: list[str]
    put_away: bool


def voices_for(who: SignedIn, can: Can = Can.READ_VOICE) -> Select[Voice]:
    """The voices that *who* may reach with the ability *can*; none of a young person whom they may not read now."""
    return Voice.visible_to(who, can)


def voices(
    who: SignedIn, *, answered: bool = False, after: str = "", most: int = ON_A_PAGE
) -> Page[VoiceLine]:
    """The open voices by the time promised: those to read and answer, or those answered and not yet opened."""
    states = (ANSWERED,) if answered else (WAITING, READ)
    found = (
        voices_for(who)
        .join(Person, Person.id == Voice.person_id)
        .outerjoin(_CHILD, (_CHILD.c.id == Voice.about_id) & (Voice.about_id != Voice.person_id))
        .where(Voice.closed_at.is_(None), Voice.state.in_(states), paging.after(after, Voice.promised_by, Voice.id))
        .order_by(Voice.promised_by, Voice.id)
        .with_only_columns(
            Voice.id, Voice.said_at, Voice.promised_by, Voice.state, Voice.person_id, Person.name,
            Voice.kind, Voice.about_id, _CHILD.c.name.label("about"), Voice.language, Voice.translated_at,
        )
    )  # fmt: skip

    def line(row: Any) -> VoiceLine:
        name = name_of(row.person_id, row.name)
        if row.about is not None:
            name = f"{name}, {row.kind}, about {name_of(row.about_id, row.about)}"
        to_translate = row.language is not None and row.translated_at is None
        return VoiceLine(row.id, name, row.said_at, row.promised_by, row.state, to_translate)

    return _page(
        found,
        most,
        line,
        lambda row: paging.place(row.promised_by, row.id),
        lambda row: {row.person_id, row.about_id},
    )


def alerts(who: SignedIn, most: int) -> Page[AlertLine]:
    """The alerts that wait for somebody, by when they are due."""
    found = (
        Alert.visible_to(who)
        .join(Person, Person.id == Alert.child_id)
        .where(Alert.state != ALERT_CLOSED)
        .order_by(*paging.order(Alert.due_at, Alert.id, few=who.reaches_few(Can.SEE_ALERTS)))
        .with_only_columns(
            Alert.id,
            Alert.rule,
            Alert.due_at,
            Alert.held_by_id,
            Alert.language,
            Person.id.label("person_id"),
            Person.name,
        )
    )

    def line(row: Any) -> AlertLine:
        held = row.held_by_id is not None
        name, title = name_of(row.person_id, row.name), flag_of(row.rule).title
        return AlertLine(row.id, name, title, row.due_at, held, reads_in(row.language))

    return _page(found, most, line, lambda row: paging.place(row.due_at, row.id))


def returns(who: SignedIn, most: int) -> Page[ReturnLine]:
    """The return interviews still to be held, by when they are due."""
    found = (
        InterviewTask.visible_to(who)
        .join(Person, Person.id == InterviewTask.child_id)
        .where(InterviewTask.left(), InterviewTask.state != FORM_ONLY)
        .order_by(InterviewTask.due_at, InterviewTask.id)
        .with_only_columns(
            InterviewTask.id,
            InterviewTask.due_at,
            InterviewTask.state,
            Person.id.label("person_id"),
            Person.name,
        )
    )

    def line(row: Any) -> ReturnLine:
        return ReturnLine(row.id, name_of(row.person_id, row.name), row.due_at, row.state)

    return _page(found, most, line, lambda row: paging.place(row.due_at, row.id))


def young_people(who: SignedIn, *, after: str = "", most: int = ON_A_PAGE) -> Page[YoungPersonLine]:
    """The young people whom *who* may see, the last entered first, each page sorted by name.

    Names lie sealed, so no database can sort them, and opening all of them for one page would cost too much.
    """
    at, row_id = paging.order(Person.created_at, Person.id, few=who.reaches_few(Can.SEE_YOUNG_PERSON))
    found = (
        Person.visible_to(who)
        .where(Person.ended_at.is_(None), paging.before(after, Person.created_at, Person.id))
        .order_by(at.desc(), row_id.desc())
        .with_only_columns(Person.id, Person.name, Person.created_at, Person.put_away_at)
    )
    rows = list(session.execute(found.limit(most + 1)))
    crypto.fetch_keys(row.id for row in rows[:most])
    held_by = workers_of([row.id for row in rows[:most]])
    lines = [
        YoungPersonLine(
            row.id, name_of(row.id, row.name), held_by.get(row.id, []), row.put_away_at is not None
        )
        for row in rows[:most]
    ]
    lines.sort(key=lambda line: line.name.casefold())
    return Page(
        lines, paging.place(rows[most - 1].created_at, rows[most - 1].id) if len(rows) > most else None
    )


def workers_of(children: list[UUID]) -> dict[UUID, list[str]]:
    """Who holds each of these young people now, by name, in one statement."""
    now = current_hub().now()
    rows = session.execute(
        select(Allocation.child_id, Person.id, Person.name, Organisation.name.label("organisation"))
        .join(Person, Person.id == Allocation.worker_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Allocation.child_id.in_(children),
            Allocation.starts_at <= now,
            or_(Allocation.ends_at.is_(None), Allocation.ends_at > now),
        )
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    found: dict[UUID, list[str]] = {}
    for row in rows:
        name = with_organisation(name_of(row.id, row.name), row.organisation)
        found.setdefault(row.child_id, []).append(name)
    return {child: sorted(names, key=str.casefold) for child, names in found.items()}


def with_organisation(name: str, organisation: str | None) -> str:
    """Somebody of the staff, and for whom they work: pages that say who say which."""
    return f"{name} ({organisation})" if organisation else name


def name_of(person_id: UUID, sealed: crypto.Sealed) -> str:
    """A name as a list's statement brought it, opened."""
    return crypto.open_sealed(sealed, "person", "name", person_id, person_id)


def _page(
    found: Any, most: int, line: Callable[[Any], Line], place: Callable[[Any], str],
    named: Callable[[Any], set[UUID]] = lambda row: {row.person_id},
) -> Page[Line]:  # fmt: skip
    rows = list(session.execute(found.limit(most + 1)))
    crypto.fetch_keys(person for row in rows for person in named(row))
    return Page([line(row) for row in rows[:most]], place(rows[most - 1]) if len(rows) > most else None)
