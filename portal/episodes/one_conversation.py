"""One conversation over several returns: a return put under another conversation, or apart again, before it is held.

How it counts then is `COUNTING_RULE`, which the pages say in those words.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from portal import audit
from portal.db import session
from portal.episodes.episode import Episode, count_again, episodes_of
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.proposing import propose
from portal.episodes.words import FORM_ONLY, JOINED, UNDONE

NOT_HELD = (*UNDONE, FORM_ONLY)


class CannotMove(Exception):
    """The return cannot be put there: a conversation was held, or it is not the same young person's, or it is alone."""


def beside(task: InterviewTask) -> list[InterviewTask]:
    """The other conversations still to be held with the same young person, by the time they are due."""
    found = select(InterviewTask).where(
        InterviewTask.child_id == task.child_id, InterviewTask.id != task.id, InterviewTask.team == task.team,
        InterviewTask.state.in_(NOT_HELD),
    )  # fmt: skip
    return list(session.scalars(found.order_by(InterviewTask.due_at, InterviewTask.id)))


def put_apart(episode: Episode, task: InterviewTask, by: UUID) -> InterviewTask:
    """Ask for a conversation of its own about a return of *task*; whoever took that one has taken this, too."""
    if task.state not in NOT_HELD or episode.task_id != task.id or episode.returned_at is None:
        raise CannotMove
    if len(episodes_of(task)) < 2:
        raise CannotMove
    own = propose(episode.child_id, episode.living or "", episode.returned_at)
    _move(episode, own, by)
    if task.chosen_by and task.taker_id:
        own.give_as(task)
    count_again(task)
    return own


def put_under(episode: Episode, task: InterviewTask, other: InterviewTask, by: UUID) -> InterviewTask:
    """Put a return of *task* under the conversation *other* of the same young person; the one that covers it now.

    Where *task* covers nothing then, what was done about it goes along: no attempt and no form is lost.
    """
    movable = task.state in NOT_HELD and other.state in NOT_HELD and task.team == other.team
    if not movable or task.id == other.id or task.child_id != other.child_id or episode.task_id != task.id:
        raise CannotMove
    _move(episode, other, by)
    if episodes_of(task):
        count_again(task)
    else:
        _join(task, other)
    return other


def _move(episode: Episode, to: InterviewTask, by: UUID) -> None:
    before, episode.task_id = episode.task_id, to.id
    session.flush()
    count_again(to)
    audit.record(
        "episode.moved", object_kind="episode", object_id=episode.id, subject=episode.child_id, was=before, now=to.id,
        by=by,
    )  # fmt: skip


def _join(task: InterviewTask, other: InterviewTask) -> None:
    task.state, task.joined_to_id = JOINED, other.id
    session.execute(
        update(Attempt)
        .where(Attempt.task_id == task.id)
        .values(task_id=other.id)
        .execution_options(synchronize_session=False)
    )
    # Whoever was put under it before goes along, so that one step always leads to the conversation.
    session.execute(
        update(InterviewTask)
        .where(InterviewTask.joined_to_id == task.id)
        .values(joined_to_id=other.id)
        .execution_options(synchronize_session=False)
    )
    other.take_over(task)
    audit.record("task.joined", object_kind="return", object_id=task.id, subject=task.child_id, to=other.id)
