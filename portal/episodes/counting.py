"""How returns are counted: by `COUNTING_RULE`, each return by its conversation, and conversations beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, distinct, exists, func, or_, select

from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.words import DECLINED, HELD, OFFERED, PLACING_AUTHORITY


@dataclass(frozen=True)
class Counted:
    """Returns, those that were offered a conversation, those interviewed, and how many conversations that were."""

    returns: int
    offered: int
    interviewed: int
    conversations: int


def counted(since: datetime) -> Counted:
    """The returns from *since* on; another authority's young people are counted apart, and are not among them."""
    tried = exists().where(
        Attempt.task_id == InterviewTask.id, Attempt.outcome != "no answer", Attempt.taken_back_at.is_(None)
    )
    held = InterviewTask.state == HELD
    row = session.execute(
        select(
            func.count(Episode.id),
            func.sum(case((or_(InterviewTask.state.in_((HELD, OFFERED, DECLINED)), tried), 1), else_=0)),
            func.sum(case((held, 1), else_=0)),
            func.count(distinct(case((held, InterviewTask.id)))),
        )
        .join(InterviewTask, InterviewTask.id == Episode.task_id)
        .where(Episode.returned_at >= since, InterviewTask.team != PLACING_AUTHORITY)
    ).one()
    return Counted(*(int(number or 0) for number in row))
