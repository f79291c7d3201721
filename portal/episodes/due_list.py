"""A list of returns, by the time they are due: one line for each, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_

from portal.access import Can, me
from portal.accounts.models import Person, may_reach
from portal.config import current_hub
from portal.crypto import fetch_keys, open_sealed
from portal.db import beyond_the_wall, session
from portal.episodes import clock
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.episodes.words import PLACING_AUTHORITY, PROPOSED, state_words, team_name

ON_A_PAGE = 50
_SOON = 24 * 3600  # seconds before it is due from which a line says so more loudly


@dataclass(frozen=True)
class Due:
    """One line of a list of returns."""

    id: UUID
    name: str
    due_at: datetime
    state: str
    whose: str  # the worker who took it, or the team to which it is proposed
    reason: str
    gone: str  # how much of the 72 hours was gone when the hub heard of the return, if that was late
    words: str
    loud: str  # "", "soon" or "late"
    apart: bool  # another authority looks after them
    opens: bool  # whether whoever looks may open it
    asks: bool  # the young person asked for somebody who has not got it
    told: str  # of another authority: whether it was told, and who interviews

    @property
    def initials(self) -> str:
        """Who it is, for somebody who may not open it."""
        return " ".join(f"{part[0]}." for part in self.name.split())

    @property
    def state_words(self) -> str:
        """How it stands."""
        return state_words(self.state)


def due_lines(these: ColumnElement[bool], after: str = "") -> tuple[list[Due], str | None]:
    """The next lines below the place *after*, names opened, and where the page below them begins."""
    tasks, people, takers = InterviewTask.__table__.c, Person.__table__.c, Person.__table__.alias("taker")
    asked: Select[Any] = (
        select(tasks.id, tasks.due_at, tasks.state, tasks.team, tasks.reason, tasks.child_id, people.name,
               tasks.asked_at, tasks.asked_for_id, tasks.told_authority_at, tasks.interviewer, _reached_us_at(tasks).label("reached_us_at"),
               takers.c.id.label("taker_id"), takers.c.name.label("taker"),
               may_reach(me(), Can.SEE_RETURNS, tasks.child_id).label("opens"))
        .join(Person.__table__, people.id == tasks.child_id)
        .outerjoin(takers, takers.c.id == tasks.taker_id)
        .where(these)
        .order_by(tasks.due_at, tasks.id)
        .limit(ON_A_PAGE + 1)
    )  # fmt: skip
    if (place := _place(after)) is not None:
        asked = asked.where(tuple_(tasks.due_at, tasks.id) > tuple_(*place))
    with beyond_the_wall():  # of whom they do not hold, a worker is shown the initials
        rows = session.execute(asked).all()
    fetch_keys(whose for row in rows[:ON_A_PAGE] for whose in (row.child_id, row.taker_id))
    now = current_hub().now()
    lines = [_line(row, now) for row in rows[:ON_A_PAGE]]
    last = lines[-1] if len(rows) > ON_A_PAGE else None
    return lines, f"{last.due_at.timestamp()}_{last.id}" if last else None


def _reached_us_at(tasks: Any) -> Any:
    """When the hub heard of the first return that an interview covers: by that one it is due."""
    episodes = Episode.__table__.c
    covered = (episodes.task_id == tasks.id) & episodes.returned_at.is_not(None)
    return (
        select(episodes.reached_us_at)
        .where(covered)
        .order_by(episodes.returned_at)
        .limit(1)
        .scalar_subquery()
    )


def _place(text: str) -> tuple[datetime, UUID] | None:
    at, _, task_id = text.partition("_")
    try:
        return datetime.fromtimestamp(float(at), UTC), UUID(task_id)
    except (ValueError, OverflowError, OSError):
        return None


def _line(row: Any, now: datetime) -> Due:
    left = (row.due_at - now).total_seconds()
    taken = row.taker_id is not None and row.state != PROPOSED
    return Due(
        id=row.id, name=open_sealed(row.name, "person", "name", row.child_id, row.child_id), due_at=row.due_at,
        state=row.state, reason=row.reason, words=clock.in_words(row.due_at, now),
        whose=open_sealed(row.taker, "person", "name", row.taker_id, row.taker_id) if taken else team_name(row),
        loud="late" if left <= 0 else "soon" if left < _SOON else "", apart=row.team == PLACING_AUTHORITY,
        opens=bool(row.opens), asks=_asks(row), gone=_gone(row), told=_told(row) if row.team == PLACING_AUTHORITY else "",
    )  # fmt: skip


def _asks(row: Any) -> bool:
    return row.asked_at is not None and (row.asked_for_id is None or row.asked_for_id != row.taker_id)


def _gone(row: Any) -> str:
    return clock.gone_in_words(row.due_at - clock.WITHIN, row.reached_us_at) if row.reached_us_at else ""


def _told(row: Any) -> str:
    if row.told_authority_at is None:
        return "Not told yet"
    if row.interviewer is None:
        return "Told; who interviews is not known yet"
    return f"Told; {open_sealed(row.interviewer, 'interview_task', 'interviewer', row.id, row.child_id)} interviews"
