"""Returns: who is due when, which are proposed to whom, and one interview with its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal import audit
from portal.access import POLICY, STAFF, Can, allow, me
from portal.accounts.models import Organisation, Person, may_reach, people_with
from portal.config import current_hub
from portal.crypto import open_sealed
from portal.db import kept, session
from portal.episodes import clock
from portal.episodes.forms import GiveTo, ToldAuthority
from portal.episodes.imports import how_many_wait
from portal.episodes.models import Attempt, Episode, InterviewTask
from portal.episodes.room import bp
from portal.episodes.words import (
    CARE_PROVIDER,
    EVERY_WAY,
    FORM_ONLY,
    HOME_TEAM,
    OUTCOMES,
    PLACING_AUTHORITY,
    PROPOSED,
    REASONS,
    UNDONE,
    WAYS,
    state_words,
    team_name,
)
from portal.web import not_found, render, see_other

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

    @property
    def state_words(self) -> str:
        """How it stands."""
        return state_words(self.state)


@bp.get("/returns")
@allow(STAFF, Can.SEE_RETURNS)
def caseload() -> ResponseReturnValue:
    """Everybody whose conversation is still to be held, by the time it is due."""
    tasks = InterviewTask.__table__.c
    open_ones = tasks.state.in_((*UNDONE, FORM_ONLY))
    mine = may_reach(me(), Can.SEE_RETURNS, tasks.child_id)
    lines, after = _page(open_ones & mine & (tasks.team != PLACING_AUTHORITY))
    apart, _ = _page(open_ones & mine & (tasks.team == PLACING_AUTHORITY), first=True)
    return render(
        "episodes/caseload.html", fragment="rows", lines=lines, after=after, apart=apart,
        waiting=how_many_wait() if me().can(Can.IMPORT_LIST) else 0, takes=me().can(Can.TAKE_RETURN),
    )  # fmt: skip


@bp.get("/returns/proposed")
@allow(STAFF, Can.TAKE_RETURN)
def proposed() -> ResponseReturnValue:
    """Returns that wait for somebody to take them, with the reason why it should be them."""
    tasks = InterviewTask.__table__.c
    lines, after = _page((tasks.state == PROPOSED) & _proposed_to_me(tasks))
    return render("episodes/proposed.html", lines=lines, after=after, gives=_gives(), REASONS=REASONS)


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


def _page(these: ColumnElement[bool], *, first: bool = False) -> tuple[list[Due], str | None]:
    """The next lines in the order in which they are due, names opened, and where the page after begins."""
    tasks, people, takers = InterviewTask.__table__.c, Person.__table__.c, Person.__table__.alias("taker")
    asked: Select[Any] = (
        select(tasks.id, tasks.due_at, tasks.state, tasks.team, tasks.reason, tasks.child_id, people.name,
               takers.c.id.label("taker_id"), takers.c.name.label("taker"))
        .join(Person.__table__, people.id == tasks.child_id)
        .outerjoin(takers, takers.c.id == tasks.taker_id)
        .where(these)
        .order_by(tasks.due_at, tasks.id)
        .limit(ON_A_PAGE + 1)
    )  # fmt: skip
    if not first and (after := _place(request.args.get("after", ""))):
        asked = asked.where(tuple_(tasks.due_at, tasks.id) > tuple_(*after))
    rows = session.execute(asked).all()
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
    )  # fmt: skip


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


def _show(task: InterviewTask, asks_way: bool = False) -> ResponseReturnValue:
    who = me()
    episodes = session.scalars(
        select(Episode).where(Episode.task_id == task.id).order_by(Episode.missing_at.desc())
    ).all()
    attempts = _attempts(task)
    if asks_way:  # it shows everything again: that is a reading too, and is kept although it is 422
        audit.record("return.read", object_kind="return", object_id=task.id, subject=task.child_id)
        kept()
    return render(
        "episodes/task.html", task=task, child=session.get_one(Person, task.child_id), episodes=episodes,
        attempts=attempts, taker=session.get(Person, task.taker_id) if task.taker_id else None,
        team=team_name(task), reason=REASONS[task.reason], state_words=state_words(task.state),
        due=clock.in_words(task.due_at, current_hub().now()), late=_late_already(episodes), WAYS=WAYS,
        OUTCOMES=OUTCOMES, may_offer=who.can(Can.OFFER_CONVERSATION), gives=_gives(), asks_way=asks_way,
        told=ToldAuthority(), may_take_back=bool(attempts) and attempts[0]["by_id"] == who.id, may_give_way_in=who.can(Can.GIVE_WAY_IN),
        status=422 if asks_way else 200,
    )  # fmt: skip


def _attempts(task: InterviewTask) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Attempt.at, Attempt.way, Attempt.outcome, Attempt.by_id, Person.known_as)
        .join(Person, Person.id == Attempt.by_id)
        .where(Attempt.task_id == task.id, Attempt.taken_back_at.is_(None))
        .order_by(Attempt.at.desc())
    )
    return [
        {"at": row.at, "way": EVERY_WAY[row.way], "outcome": OUTCOMES[row.outcome], "by_id": row.by_id,
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
    form = _give_to() if gives else None
    if not acts or (form is not None and not form.validate()):
        (line,), _ = _page(InterviewTask.__table__.c.id == task.id, first=True)
        return render(
            "episodes/take.html", line=line, form=form, REASONS=REASONS, status=422 if acts else 200
        )
    task.take(UUID(form.worker.data) if form is not None else me().id)
    session.flush()
    return _on_from(task)


def _on_from(task: InterviewTask) -> ResponseReturnValue:
    """On to the interview's page, for who may see it; else to the returns that nobody took yet."""
    seen = session.scalar(InterviewTask.visible_to(me()).where(InterviewTask.id == task.id))
    return see_other("episodes.task", task_id=task.id) if seen else see_other("episodes.proposed")


@bp.post("/returns/<uuid:task_id>/attempts")
@allow(STAFF, Can.OFFER_CONVERSATION, of="return")
def attempt(task_id: UUID) -> ResponseReturnValue:
    """Log an attempt, the way and what came of it; or take the last one back."""
    task = _get(task_id, Can.OFFER_CONVERSATION)
    way, outcome = request.form.get("way", ""), request.form.get("outcome", "")
    if outcome == "back":
        last = next(iter(task.attempts()), None)
        if last and last.by_id == me().id:
            task.take_back(last)
    elif outcome in OUTCOMES:
        if way not in WAYS:
            return _show(task, asks_way=True)
        task.log(me().id, way, outcome)
    return see_other("episodes.task", task_id=task.id)


@bp.post("/returns/<uuid:task_id>/authority")
@allow(STAFF, Can.TAKE_RETURN, of="return")
def tell_authority(task_id: UUID) -> ResponseReturnValue:
    """Note that the placing authority was told of the return, and who interviews."""
    task, form = _get(task_id, Can.TAKE_RETURN), ToldAuthority()
    if task.team == PLACING_AUTHORITY and form.validate():
        task.tell_authority((form.interviewer.data or "").strip())
    return _on_from(task)
