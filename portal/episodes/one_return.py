"""The return that a page is about: fetched only by who may, and what else they may do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select

from portal.access import POLICY, Can, me
from portal.accounts.cover import covered_by
from portal.accounts.models import Organisation, Person
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.words import CARE_PROVIDER, HOME_TEAM
from portal.web import not_found, see_other


def get_return(task_id: UUID, can: Can) -> InterviewTask:
    """The interview, if whoever is signed in may reach it with the ability *can*; else "not found".

    For an act it is locked: of two at the same moment the second sees what the first has done.
    """
    wanted = InterviewTask.visible_to(me(), can).where(InterviewTask.id == task_id)
    task = session.scalar(wanted.with_for_update() if request.method == "POST" else wanted)
    if task is None:
        raise not_found()
    return task


def may(task: InterviewTask, can: Can) -> bool:
    """Whether whoever is signed in may reach the young person of this interview with the ability *can*."""
    found = Person.visible_to(me(), can).where(Person.id == task.child_id)
    return session.scalar(found.with_only_columns(Person.id)) is not None


def gives_out() -> bool:
    """Whether whoever is signed in says who takes a return, rather than taking it.

    A role beside "worker" that has nothing to do with returns makes nobody a giver of them.
    """
    return any(Can.TAKE_RETURN in POLICY[role] for role in me().roles - {"worker"})


def proposed_to_me(tasks: Any) -> ColumnElement[bool]:
    """What is proposed to whoever is signed in, to one they cover for, or to their team; who gives returns out: all."""
    if gives_out():
        return tasks.id.is_not(None)  # type: ignore[no-any-return]
    theirs = or_(tasks.taker_id == me().id, tasks.taker_id.in_(covered_by(me().id)))
    return or_(theirs, tasks.taker_id.is_(None) & (tasks.team == my_team()))


def my_team() -> str:
    """The team of whoever is signed in, by the organisation that they work for."""
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == me().organisation_id))
    return CARE_PROVIDER if kind == "provider" else HOME_TEAM


def is_proposed_to_me(task_id: UUID) -> bool:
    """Whether this interview is proposed to whoever is signed in, or theirs to give out."""
    tasks = InterviewTask.__table__.c
    found = select(tasks.id).where(tasks.id == task_id, proposed_to_me(tasks))
    return session.scalar(found) is not None


def opens(task: InterviewTask) -> bool:
    """Whether whoever is signed in may open the interview's page."""
    seen = InterviewTask.visible_to(me()).where(InterviewTask.id == task.id)
    return session.scalar(seen.with_only_columns(InterviewTask.id)) is not None


def on_from(task: InterviewTask) -> ResponseReturnValue:
    """On to the interview's page, for who may see it; else to the returns that nobody took yet."""
    session.flush()
    return see_other("episodes.task", task_id=task.id) if opens(task) else see_other("episodes.proposed")
