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
from portal.db import session
from portal.episodes import clock
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
    words: str
    loud: str  # "", "soon" or "late"
    apart: bool  # another authority looks after them
    opens: bool  # whether whoever looks may open it

    @property
    def state_words(self) -> str:
        """How it stands."""
        return state_words(self.state)


def due_lines(these: ColumnElement[bool], after: str = "") -> tuple[list[Due], str | None]:
    """The next lines below the place *after*, names opened, and where the page below them begins."""
    tasks, people, takers = InterviewTask.__table__.c, Person.__table__.c, Person.__table__.alias("taker")
    asked: Select[Any] = (
        select(tasks.id, tasks.due_at, tasks.state, tasks.team, tasks.reason, tasks.child_id, people.name,
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
    rows = session.execute(asked).all()
    fetch_keys(whose for row in rows[:ON_A_PAGE] for whose in (row.child_id, row.taker_id))
    now = current_hub().now()
    lines = [_line(row, now) for row in rows[:ON_A_PAGE]]
    last = lines[-1] if len(rows) > ON_A_PAGE else None
    return lines, f"{last.due_at.timestamp()}_{last.id}" if last else None


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
        opens=bool(row.opens),
    )  # fmt: skip
