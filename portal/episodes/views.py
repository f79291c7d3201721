"""Returns: who is due when, which are proposed to whom, and one interview with its attempts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.custody import custody_of
from portal.accounts.models import Person, may_reach
from portal.config import current_hub
from portal.crypto import fetch_keys, open_sealed
from portal.db import kept, new_id, session
from portal.episodes import clock
from portal.episodes.choosing import NotIndependent
from portal.episodes.due_list import due_lines
from portal.episodes.episode import episodes_of
from portal.episodes.forms import ToldAuthority
from portal.episodes.giving import NOT_YOURS, asked_for, show_line
from portal.episodes.imports import how_many_wait
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.one_conversation import NOT_HELD, CannotMove, beside, put_apart, put_under
from portal.episodes.one_return import get_return, gives_out, may, on_from, opens, proposed_to_me
from portal.episodes.room import bp
from portal.episodes.wish_views import wishes_beside
from portal.episodes.words import (
    AUTHORITY,
    COUNTING_RULE,
    DECLINED,
    EVERY_WAY,
    HELD,
    OUTCOMES,
    PLACING_AUTHORITY,
    PROPOSED,
    REASONS,
    TOLD,
    WAYS,
    WHOSE_CHOICE,
    state_words,
    team_name,
)
from portal.web import form_key, id_in, not_found, render, see_other

TOLD_ARE_SHOWN = timedelta(weeks=4)  # after the interview was due: then whoever was told has it


@bp.get("/returns")
@allow(STAFF, Can.SEE_RETURNS)
def caseload() -> ResponseReturnValue:
    """Everybody whose conversation is still to be held, by the time it is due."""
    tasks = InterviewTask.__table__.c
    mine = may_reach(me(), Can.SEE_RETURNS, tasks.child_id)
    ours = mine & InterviewTask.left() & (tasks.team != PLACING_AUTHORITY)
    lines, after = due_lines(ours, _after())
    apart, apart_after = due_lines(mine & _counted_apart(tasks), request.args.get("apart", ""))
    return render(
        "episodes/caseload.html", fragment="rows", lines=lines, after=after, apart=apart, apart_after=apart_after,
        waiting=how_many_wait() if me().can(Can.IMPORT_LIST) else 0, can=me().can, Can=Can,
    )  # fmt: skip


def _counted_apart(tasks: Any) -> ColumnElement[bool]:
    """Returns of another authority's young people: still to be told, or told in the last weeks."""
    long_told = (tasks.state == TOLD) & (tasks.due_at <= current_hub().now() - TOLD_ARE_SHOWN)
    return InterviewTask.apart() & ~long_told  # type: ignore[no-any-return]


@bp.get("/returns/proposed")
@allow(STAFF, Can.TAKE_RETURN)
def proposed() -> ResponseReturnValue:
    """Returns that wait for somebody to take them, with the reason why it should be them."""
    tasks = InterviewTask.__table__.c
    lines, after = due_lines((tasks.state == PROPOSED) & proposed_to_me(tasks), _after())
    return render("episodes/proposed.html", lines=lines, after=after, gives=gives_out(), REASONS=REASONS)


def _after() -> str:
    return request.args.get("after", "")


@bp.get("/returns/<uuid:task_id>")
@allow(STAFF, Can.SEE_RETURNS, of="return")
def task(task_id: UUID) -> ResponseReturnValue:
    """One interview: the returns that it covers, when it is due and why, and each attempt."""
    task = get_return(task_id, Can.SEE_RETURNS)
    if task.joined_to_id:  # its returns are another's now
        return see_other("episodes.task", task_id=task.joined_to_id)
    audit.read("return.read", object_kind="return", object_id=task.id, subject=task.child_id)
    return _show(task)


def _show(task: InterviewTask, *, wrong: str = "", told: ToldAuthority | None = None) -> ResponseReturnValue:
    """The page of an interview; with what is *wrong* or a refused *told* it is a form that comes back."""
    who, comes_back = me(), bool(wrong) or told is not None
    attempts = _attempts(task)
    if comes_back:  # it shows everything again: that is a reading too, and is kept although it is 422
        audit.record("return.read", object_kind="return", object_id=task.id, subject=task.child_id)
        kept()
    return render(
        "episodes/task.html", task=task, child=session.get_one(Person, task.child_id), episodes=episodes_of(task),
        attempts=attempts, taker=session.get(Person, task.taker_id) if task.taker_id else None,
        custody=custody_of(task.child_id), may_see_custody=may(task, Can.KEEP_CUSTODY),
        team=team_name(task), state_words=state_words(task.state), gone=clock.gone_in_words, WAYS=WAYS, OUTCOMES=OUTCOMES,
        REASONS=REASONS, WHOSE_CHOICE=WHOSE_CHOICE, COUNTING_RULE=COUNTING_RULE,
        due=clock.in_words(task.due_at, current_hub().now()), asked_for=asked_for(task), beside=beside(task),
        asked_words=task.asked_words if task.asked_words and may(task, Can.READ_VOICE) else "",
        may_offer=who.can(Can.OFFER_CONVERSATION), may_hear=who.can(Can.HEAR_CHOICE), gives=gives_out(), wrong=wrong,
        told=told or ToldAuthority(formdata=None), form_key=new_id(), movable=task.state in NOT_HELD,
        may_take_back=bool(attempts) and attempts[0]["by_id"] == who.id,
        may_give_way_in=who.can(Can.GIVE_WAY_IN), may_write_up=who.can(Can.WRITE_UP),
        status=422 if comes_back else 200, **wishes_beside(task),
    )  # fmt: skip


def _attempts(task: InterviewTask) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Attempt.id, Attempt.at, Attempt.way, Attempt.outcome, Attempt.by_id, Person.known_as)
        .join(Person, Person.id == Attempt.by_id)
        .where(Attempt.task_id == task.id, Attempt.taken_back_at.is_(None))
        .order_by(Attempt.at.desc())
    ).all()
    fetch_keys(row.by_id for row in rows)
    return [
        {"id": row.id, "at": row.at, "way": EVERY_WAY[row.way], "outcome": OUTCOMES[row.outcome], "by_id": row.by_id,
         "by": open_sealed(row.known_as, "person", "known_as", row.by_id, row.by_id)}
        for row in rows
    ]  # fmt: skip


@bp.post("/returns/<uuid:task_id>/attempts")
@allow(STAFF, Can.OFFER_CONVERSATION, of="return")
def attempt(task_id: UUID) -> ResponseReturnValue:
    """Log an attempt, the way and what came of it; or take the last one back."""
    task = get_return(task_id, Can.OFFER_CONVERSATION)
    if task.joined_to_id:
        return see_other("episodes.task", task_id=task.joined_to_id)
    way, outcome = request.form.get("way", ""), request.form.get("outcome", "")
    if outcome == "back":
        last = next(iter(task.attempts()), None)
        # Pressed twice, it takes back the one that was shown and not the one before it as well.
        if last and last.by_id == me().id and last.id == id_in("attempt"):
            task.take_back(last)
    elif outcome in OUTCOMES:
        if way not in WAYS:
            return _show(task, wrong="Choose which way first.")
        try:
            task.log(me().id, way, outcome, form_key())
        except NotIndependent:
            return _show(task, wrong=NOT_YOURS)
    return see_other("episodes.task", task_id=task.id)


@bp.post("/returns/<uuid:task_id>/authority")
@allow(STAFF, Can.TAKE_RETURN, of="return")
def tell_authority(task_id: UUID) -> ResponseReturnValue:
    """Note that the placing authority was told of the return, who interviews, and what it tells us came of it."""
    task, form = get_return(task_id, Can.TAKE_RETURN), ToldAuthority()
    if task.team != PLACING_AUTHORITY:
        raise not_found()
    if not form.validate():
        return _show(task, told=form) if opens(task) else show_line(task, form)
    task.tell_authority((form.interviewer.data or "").strip())
    outcome = request.form.get("outcome", "")
    if outcome in (HELD, DECLINED) and opens(task):
        task.log(me().id, AUTHORITY, outcome, form_key())
    return on_from(task)


@bp.post("/returns/<uuid:task_id>/returns")
@allow(STAFF, Can.OFFER_CONVERSATION, of="return")
def move(task_id: UUID) -> ResponseReturnValue:
    """Put one of the returns of this conversation under another conversation, or apart from it."""
    task, under = get_return(task_id, Can.OFFER_CONVERSATION), id_in("under")
    episode = next((one for one in episodes_of(task) if one.id == id_in("episode")), None)
    if episode is None:  # moved already, or a form made by hand: the page says where it is
        return see_other("episodes.task", task_id=task.joined_to_id or task.id)
    other = next((one for one in beside(task) if one.id == under), None)
    try:
        to = put_under(episode, task, other, me().id) if other else put_apart(episode, task, me().id)
    except CannotMove:
        to = task
    session.flush()
    return see_other("episodes.task", task_id=to.id)
