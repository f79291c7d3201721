"""How a young person would rather talk, on the page of their return: who reads their words reads this, and sees to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person, may_reach
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.room import bp
from portal.episodes.wishes import CHOICES, TalkWish
from portal.web import not_found, see_other

_MOST = 5


def wishes_beside(task: InterviewTask) -> dict[str, Any]:
    """What the page of an interview shows of this; nothing for whoever may not read the young person's words."""
    found = session.scalars(_readable(task).order_by(TalkWish.created_at.desc()).limit(_MOST)).all()
    people = {wish.taken_up_by_id for wish in found if wish.taken_up_by_id}
    names = {
        person.id: person.known_as for person in session.scalars(select(Person).where(Person.id.in_(people)))
    }
    return {"wishes": found, "wish_choices": CHOICES, "taken_up_by": names}


def _readable(task: InterviewTask) -> Any:
    return select(TalkWish).where(
        TalkWish.child_id == task.child_id,
        or_(TalkWish.task_id == task.id, TalkWish.task_id.is_(None)),
        may_reach(me(), Can.READ_VOICE, TalkWish.child_id),
    )


@bp.post("/returns/<uuid:task_id>/wishes")
@allow(STAFF, Can.OFFER_CONVERSATION, of="return")
def take_up(task_id: UUID) -> ResponseReturnValue:
    """Say that it was seen to: the conversation is offered the way they said."""
    found = InterviewTask.visible_to(me(), Can.OFFER_CONVERSATION).where(InterviewTask.id == task_id)
    task = session.scalar(found)
    if task is None:
        raise not_found()
    for wish in session.scalars(_readable(task)):
        if str(wish.id) == request.form.get("wish"):
            wish.take_up(me().id)
    return see_other("episodes.task", task_id=task_id)
