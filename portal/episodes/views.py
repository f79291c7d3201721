"""Returns: who is due when, which are proposed to whom, and one interview with its attempts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal import audit
from portal.access import POLICY, STAFF, Can, allow, me
from portal.accounts.models import Organisation, Person, may_reach, people_with
from portal.config import current_hub
from portal.crypto import fetch_keys, open_sealed
from portal.db import kept, new_id, session
from portal.episodes import clock
from portal.episodes.due_list import due_lines
from portal.episodes.forms import GiveTo, ToldAuthority
from portal.episodes.imports import how_many_wait
from portal.episodes.models import Attempt, Episode, InterviewTask
from portal.episodes.room import bp
from portal.episodes.words import (
    CARE_PROVIDER,
    EVERY_WAY,
    HOME_TEAM,
    OUTCOMES,
    PLACING_AUTHORITY,
    PROPOSED,
    REASONS,
    WAYS,
    state_words,
    team_name,
)
from portal.web import not_found, render, see_other


@bp.get("/returns")
@allow(STAFF, Can.SEE_RETURNS)
def caseload() -> ResponseReturnValue:
    """Everybody whose conversation is still to be held, by the time it is due."""
    tasks = InterviewTask.__table__.c
    open_ones = InterviewTask.left()
    mine = may_reach(me(), Can.SEE_RETURNS, tasks.child_id)
    lines, after = due_lines(open_ones & mine & (tasks.team != PLACING_AUTHORITY), _after())
    apart, _ = due_lines(open_ones & mine & (tasks.team == PLACING_AUTHORITY))
    return render(
        "episodes/caseload.html", fragment="rows", lines=lines, after=after, apart=apart,
        waiting=how_many_wait() if me().can(Can.IMPORT_LIST) else 0, takes=me().can(Can.TAKE_RETURN),
    )  # fmt: skip


@bp.get("/returns/proposed")
@allow(STAFF, Can.TAKE_RETURN)
def proposed() -> ResponseReturnValue:
    """Returns that wait for somebody to take them, with the reason why it should be them."""
    tasks = InterviewTask.__table__.c
    lines, after = due_lines((tasks.state == PROPOSED) & _proposed_to_me(tasks), _after())
    return render("episodes/proposed.html", lines=lines, after=after, gives=_gives(), REASONS=REASONS)


def _after() -> str:
    return request.args.get("after", "")


def _gives() -> bool:
    """Whether whoever is signed in says who takes a return, rather than taking it.

    A role beside "worker" that has nothing to do with returns makes nobody a giver of them.
    """
    return any(Can.TAKE_RETURN in POLICY[role] for role in me().roles - {"worker"})


def _proposed_to_me(tasks: Any) -> ColumnElement[bool]:
    """A worker sees what is proposed to them or to their team; whoever gives returns out sees all."""
    if _gives():
        return tasks.id.is_not(None)  # type: ignore[no-any-return]
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == me().organisation_id))
    team = CARE_PROVIDER if kind == "provider" else HOME_TEAM
    return or_(tasks.taker_id == me().id, tasks.taker_id.is_(None) & (tasks.team == team))


def _is_proposed_to_me(task_id: UUID) -> bool:
    tasks = InterviewTask.__table__.c
    found = select(tasks.id).where(tasks.id == task_id, _proposed_to_me(tasks))
    return session.scalar(found) is not None


def _give_to() -> GiveTo:
    form, who = GiveTo(), me()
    herself = [SelectChoice(str(who.id), "I take it myself")] if who.can(Can.OFFER_CONVERSATION) else []
    workers = [
        SelectChoice(str(worker.id), worker.name) for worker in people_with("worker") if worker.id != who.id
    ]
    form.worker.choices = [SelectChoice("", "Choose"), *herself, *workers]
    return form


def _get(task_id: UUID, can: Can, *, to_act: bool = False) -> InterviewTask:
    found = InterviewTask.visible_to(me(), can).where(InterviewTask.id == task_id)
    task = session.scalar(found.with_for_update() if to_act else found)
    if task is None:
        raise not_found()
    return task


@bp.get("/returns/<uuid:task_id>")
@allow(STAFF, Can.SEE_RETURNS, of="return")
def task(task_id: UUID) -> ResponseReturnValue:
    """One interview: the returns that it covers, when it is due and why, and each attempt."""
    task = _get(task_id, Can.SEE_RETURNS)
    audit.read("return.read", object_kind="return", object_id=task.id, subject=task.child_id)
    return _show(task)


def _show(
    task: InterviewTask, *, asks_way: bool = False, told: ToldAuthority | None = None
) -> ResponseReturnValue:
    """The page of an interview; with *asks_way* or a refused *told* it is a form that comes back."""
    who, comes_back = me(), asks_way or told is not None
    episodes = session.scalars(
        select(Episode).where(Episode.task_id == task.id).order_by(Episode.missing_at.desc())
    ).all()
    attempts = _attempts(task)
    if comes_back:  # it shows everything again: that is a reading too, and is kept although it is 422
        audit.record("return.read", object_kind="return", object_id=task.id, subject=task.child_id)
        kept()
    return render(
        "episodes/task.html", task=task, child=session.get_one(Person, task.child_id), episodes=episodes,
        attempts=attempts, taker=session.get(Person, task.taker_id) if task.taker_id else None,
        team=team_name(task), reason=REASONS[task.reason], state_words=state_words(task.state),
        due=clock.in_words(task.due_at, current_hub().now()), late=_late_already(episodes), WAYS=WAYS,
        OUTCOMES=OUTCOMES, may_offer=who.can(Can.OFFER_CONVERSATION), gives=_gives(), asks_way=asks_way,
        told=told or ToldAuthority(formdata=None), form_key=new_id(),
        may_take_back=bool(attempts) and attempts[0]["by_id"] == who.id,
        may_give_way_in=who.can(Can.GIVE_WAY_IN), status=422 if comes_back else 200,
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


def _late_already(episodes: Any) -> bool:
    return any(
        e.returned_at and clock.late_when_it_reached_us(e.returned_at, e.reached_us_at) for e in episodes
    )


@bp.route("/returns/<uuid:task_id>/take", methods=["GET", "POST"])
@allow(STAFF, Can.TAKE_RETURN, of="return")
def take(task_id: UUID) -> ResponseReturnValue:
    """Take a proposed return; or, who gives returns out, give it to a worker. No more is shown than in the list."""
    acts = request.method == "POST"
    task, gives = _get(task_id, Can.TAKE_RETURN, to_act=acts), _gives()
    # An old page, or an address kept from before: what is another's by now is not taken away from them.
    if task.state != PROPOSED or not (gives or _is_proposed_to_me(task.id)):
        return _on_from(task)
    if task.team == PLACING_AUTHORITY:  # nobody here takes it; the authority is told
        return _on_from(task) if acts or _opens(task) else _show_line(task, ToldAuthority())
    form = _give_to() if gives else None
    if not acts or (form is not None and not form.validate()):
        return _show_line(task, form)
    task.take(UUID(form.worker.data) if form is not None else me().id)
    session.flush()
    return _on_from(task)


def _show_line(task: InterviewTask, form: GiveTo | ToldAuthority | None) -> ResponseReturnValue:
    """What may be done with a return by somebody who may not open it: they read what the list of returns says."""
    (line,), _ = due_lines(InterviewTask.__table__.c.id == task.id)
    return render(
        "episodes/take.html", line=line, form=form, REASONS=REASONS,
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _opens(task: InterviewTask) -> bool:
    """Whether whoever is signed in may open the interview's page."""
    seen = InterviewTask.visible_to(me()).where(InterviewTask.id == task.id)
    return session.scalar(seen.with_only_columns(InterviewTask.id)) is not None


def _on_from(task: InterviewTask) -> ResponseReturnValue:
    """On to the interview's page, for who may see it; else to the returns that nobody took yet."""
    return see_other("episodes.task", task_id=task.id) if _opens(task) else see_other("episodes.proposed")


@bp.post("/returns/<uuid:task_id>/attempts")
@allow(STAFF, Can.OFFER_CONVERSATION, of="return")
def attempt(task_id: UUID) -> ResponseReturnValue:
    """Log an attempt, the way and what came of it; or take the last one back."""
    task = _get(task_id, Can.OFFER_CONVERSATION, to_act=True)
    way, outcome = request.form.get("way", ""), request.form.get("outcome", "")
    if outcome == "back":
        last = next(iter(task.attempts()), None)
        # Pressed twice, it takes back the one that was shown and not the one before it as well.
        if last and last.by_id == me().id and last.id == _id_in("attempt"):
            task.take_back(last)
    elif outcome in OUTCOMES:
        if way not in WAYS:
            return _show(task, asks_way=True)
        task.log(me().id, way, outcome, _id_in("form_key"))
    return see_other("episodes.task", task_id=task.id)


def _id_in(field: str) -> UUID | None:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        return None


@bp.post("/returns/<uuid:task_id>/authority")
@allow(STAFF, Can.TAKE_RETURN, of="return")
def tell_authority(task_id: UUID) -> ResponseReturnValue:
    """Note that the placing authority was told of the return, and who interviews."""
    task, form = _get(task_id, Can.TAKE_RETURN, to_act=True), ToldAuthority()
    if task.team != PLACING_AUTHORITY:
        raise not_found()
    if not form.validate():
        return _show(task, told=form) if _opens(task) else _show_line(task, form)
    task.tell_authority((form.interviewer.data or "").strip())
    return _on_from(task)
