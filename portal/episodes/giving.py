"""Who takes a return: taken by a worker, given by whoever gives returns out, or asked for by the young person."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.db import session
from portal.episodes.choosing import Interviewer, NotIndependent, interviewers
from portal.episodes.due_list import due_lines
from portal.episodes.forms import AskedFor, GiveTo, TakeIt, ToldAuthority, offer
from portal.episodes.models import InterviewTask
from portal.episodes.one_conversation import NOT_HELD
from portal.episodes.one_return import get_return, gives_out, is_proposed_to_me, may, on_from, opens
from portal.episodes.room import bp
from portal.episodes.words import (
    CHILDS_CHOICE,
    DECLINED,
    HELD,
    HUBS_CHOICE,
    PLACING_AUTHORITY,
    PROPOSED,
    REASONS,
)
from portal.web import render, see_other

NOT_YOURS = (
    "You work for whoever looks after them, and whoever interviews is independent of that. Take it only if they ask "
    "for you, and write down what they said."
)


@bp.route("/returns/<uuid:task_id>/take", methods=["GET", "POST"])
@allow(STAFF, Can.TAKE_RETURN, of="return")
def take(task_id: UUID) -> ResponseReturnValue:
    """Take a proposed return; or, who gives returns out, give it to a worker. No more is shown than in the list."""
    task, acts = get_return(task_id, Can.TAKE_RETURN), request.method == "POST"
    if not _may_be_taken(task):
        return on_from(task)
    if task.team == PLACING_AUTHORITY:  # nobody here takes it; the authority is told
        return on_from(task) if acts or opens(task) else show_line(task, ToldAuthority())
    return _give(task, acts) if gives_out() else _take(task, acts)


def _may_be_taken(task: InterviewTask) -> bool:
    """Whether it is still to be taken; or, by whoever gives returns out, to be given to somebody else.

    An old page, or an address kept from before: what is another's by now is not taken away from them.
    """
    if task.state == PROPOSED:
        return is_proposed_to_me(task.id)
    if not gives_out() or task.state not in (*NOT_HELD, DECLINED):
        return False
    return request.method != "POST" or request.form.get("instead_of") == str(task.taker_id)


def _take(task: InterviewTask, acts: bool) -> ResponseReturnValue:
    form = TakeIt()
    if not acts or not form.validate():
        return show_line(task, form)
    asked = form.asked.data
    if asked:
        task.ask_for(me().id, form.said, me().id)
    try:
        task.take(me().id, childs_choice=asked)
    except NotIndependent:
        form.asked.errors = [NOT_YOURS]
        return show_line(task, form)
    return on_from(task)


def _give(task: InterviewTask, acts: bool) -> ResponseReturnValue:
    people = interviewers(task.child_id, task.team)
    form = GiveTo(
        whose=CHILDS_CHOICE if task.still_asked else HUBS_CHOICE, worker=str(task.asked_for_id or "")
    )
    offer(form.worker, people, me().id, herself=me().can(Can.OFFER_CONVERSATION))
    form.words_are_known = bool(task.asked_words) and form.worker.data == str(task.asked_for_id)
    if not acts or not form.validate():
        return show_line(task, form)
    worker_id, childs_choice = UUID(form.worker.data), form.whose.data == CHILDS_CHOICE
    try:
        if childs_choice and form.said:
            task.ask_for(worker_id, form.said, me().id)
        task.take(worker_id, childs_choice=childs_choice)
    except NotIndependent:
        form.worker.errors = [_works_for_their_carers(people, worker_id)]
        return show_line(task, form)
    return on_from(task)


def _works_for_their_carers(people: list[Interviewer], worker_id: UUID) -> str:
    named = next(person.who for person in people if person.who.id == worker_id)
    return (
        f"{named.name} works for {named.organisation}, which looks after them, and whoever interviews is independent "
        "of that. Choose somebody else; or, if they ask for this worker, say so below."
    )


def show_line(task: InterviewTask, form: GiveTo | TakeIt | ToldAuthority) -> ResponseReturnValue:
    """What may be done with a return by somebody who may not open it: they read what the list of returns says."""
    (line,), _ = due_lines(InterviewTask.__table__.c.id == task.id)
    return render(
        "episodes/take.html", line=line, form=form, REASONS=REASONS, task=task, gives=gives_out(),
        asked_for=asked_for(task), status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def asked_for(task: InterviewTask) -> str:
    """For whom the young person asked, by name; "" where they asked for nobody."""
    if task.asked_at is None:
        return ""
    return session.get_one(Person, task.asked_for_id).name if task.asked_for_id else "somebody else"


@bp.route("/returns/<uuid:task_id>/choice", methods=["GET", "POST"])
@allow(STAFF, Can.HEAR_CHOICE, of="return")
def choice(task_id: UUID) -> ResponseReturnValue:
    """With whom the young person wants to talk, in their own words; who gives returns out gives it to them at once."""
    task, acts = get_return(task_id, Can.HEAR_CHOICE), request.method == "POST"
    if task.state == HELD or task.joined_to_id or task.team == PLACING_AUTHORITY:
        return on_from(task)
    form, herself = AskedFor(), may(task, Can.OFFER_CONVERSATION)
    people = interviewers(task.child_id, task.team)
    offer(form.worker, people, me().id, herself=herself, besides=[AskedFor.SOMEBODY_ELSE])
    if not acts or not form.validate():
        child = session.get_one(Person, task.child_id)
        return render(
            "episodes/choice.html",
            task=task,
            child=child,
            form=form,
            gives=gives_out(),
            status=422 if acts else 200,
        )
    worker_id = UUID(form.worker.data) if form.worker.data != AskedFor.SOMEBODY_ELSE.value else None
    task.ask_for(worker_id, form.said, me().id)
    # A worker passes nobody's things on to a colleague: who gives returns out does that.
    if worker_id and (gives_out() or worker_id == me().id):
        task.take(worker_id, childs_choice=True)
    return see_other("episodes.task", task_id=task.id)
