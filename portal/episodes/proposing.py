"""Which interview covers a return, and who is proposed for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal import audit
from portal.accounts.holders import worker_of
from portal.accounts.models import Person
from portal.accounts.pauses import paused
from portal.db import session
from portal.episodes import clock
from portal.episodes.choosing import is_independent
from portal.episodes.models import InterviewTask
from portal.episodes.words import (
    DUTY_TEAM,
    HELD,
    KNOWS,
    MET,
    PLACING_AUTHORITY,
    PROPOSED,
    TEAM_OF,
    UNDONE,
)


def cover(child_id: UUID, living: str, returned_at: datetime) -> InterviewTask:
    """The interview that covers a return: the one that is still to be held, or else a new one, proposed."""
    waiting = session.scalar(
        select(InterviewTask)
        .where(InterviewTask.child_id == child_id, InterviewTask.state.in_(UNDONE))
        .order_by(InterviewTask.due_at)
        .limit(1)
    )
    if waiting is None:
        return propose(child_id, living, returned_at)
    waiting.due_at = min(waiting.due_at, clock.due_at(returned_at))
    return waiting


def propose(child_id: UUID, living: str, returned_at: datetime) -> InterviewTask:
    """Propose who takes a return: a worker whom the young person knows comes first, if independent of their care."""
    team = TEAM_OF.get(living, DUTY_TEAM)
    known_id, reason = (None, team) if team == PLACING_AUTHORITY else _known_to(child_id, team)
    task = InterviewTask(
        child_id=child_id, taker_id=known_id, team=team, state=PROPOSED, reason=reason,
        due_at=clock.due_at(returned_at),
    )  # fmt: skip
    session.add(task)
    session.flush()
    audit.record("task.proposed", object_kind="return", object_id=task.id, subject=child_id, team=team)
    return task


def _known_to(child_id: UUID, team: str) -> tuple[UUID | None, str]:
    """Who fits better than the team's rule, since the young person knows them, and why; nobody, and the team."""
    holds = worker_of(child_id)
    if holds and is_independent(holds.id, child_id, team):
        return holds.id, KNOWS
    met = session.scalar(
        select(InterviewTask.taker_id)
        .join(Person, Person.id == InterviewTask.taker_id)
        .where(InterviewTask.child_id == child_id, InterviewTask.state == HELD, Person.ended_at.is_(None))
        .where(~paused(Person.id, child_id))
        .order_by(InterviewTask.held_at.desc())
        .limit(1)
    )
    if met and is_independent(met, child_id, team):
        return met, MET
    return None, team
