"""A return conversation, for whoever held it: how it was, the write-up, what is done by whom, the police.

Each is a page of its own and is kept on its own; nothing typed on one is asked for on another.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Form

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.accounts.staff_names import names_of
from portal.config import current_hub
from portal.db import kept, new_id, session
from portal.episodes.episode import episodes_of
from portal.episodes.models import InterviewTask
from portal.i18n import due_words
from portal.returns.conversation import CHOSE, Conversation
from portal.returns.conversation_forms import (
    ActionForm,
    ConversationForm,
    PoliceForm,
)
from portal.returns.views import bp
from portal.trail.shares import MUST_TO_STAFF
from portal.web import form_key, not_found, render, see_other


def get_task(task_id: UUID) -> InterviewTask:
    """The interview, if whoever is signed in may write up what was said in it; else "not found". Locked for an act."""
    wanted = InterviewTask.visible_to(me(), Can.WRITE_UP).where(InterviewTask.id == task_id)
    task = session.scalar(wanted.with_for_update() if request.method == "POST" else wanted)
    if task is None:
        raise not_found()
    return task


def get_held(task: InterviewTask) -> Conversation:
    """The conversation that was recorded of this interview; else "not found"."""
    held = Conversation.of(task.id)
    if held is None:
        raise not_found()
    return held


@bp.route("/returns/<uuid:task_id>/conversation", methods=["GET", "POST"])
@allow(STAFF, Can.WRITE_UP, of="return")
def conversation(task_id: UUID) -> ResponseReturnValue:
    """How the conversation was: keeping it is what makes it held."""
    task = get_task(task_id)
    held, returns = Conversation.of(task.id), episodes_of(task)
    first_back = min((one.returned_at for one in returns if one.returned_at), default=None)
    form = ConversationForm.about(held, first_back)
    if request.method == "POST" and form.validate():
        Conversation.record(task, form.facts(), me().id, me().name)
        return see_other("returns.write_up", task_id=task.id)
    return page(task, "returns/conversation.html", held, form, returns=returns)


@bp.route("/returns/<uuid:task_id>/actions", methods=["GET", "POST"])
@allow(STAFF, Can.WRITE_UP, of="return")
def next_steps(task_id: UUID) -> ResponseReturnValue:
    """What was agreed: who does what by which day, and what is done by now."""
    task = get_task(task_id)
    held, form = get_held(task), ActionForm(prefix="action")
    if request.method == "POST":
        if (done := request.form.get("done")) is not None:
            for action in held.actions():
                if str(action.id) == done:
                    action.done(me().id)
            return see_other("returns.next_steps", task_id=task.id)
        if form.validate():
            held.agree(*form.said(), me().id, form_key())
            return see_other("returns.next_steps", task_id=task.id)
    return page(task, "returns/next_steps.html", held, form, actions=held.actions(), due=due_words)


@bp.route("/returns/<uuid:task_id>/police", methods=["GET", "POST"])
@allow(STAFF, Can.WRITE_UP, of="return")
def police(task_id: UUID) -> ResponseReturnValue:
    """Does any of this need to go to the police? A step of its own, so that nobody decides it in passing."""
    task = get_task(task_id)
    held, form = get_held(task), PoliceForm(prefix="police")
    if request.method == "POST" and form.validate():
        held.decide_police(form.decision(), me().id, form_key())
        return see_other("returns.police", task_id=task.id)
    steps = held.police_steps()
    return page(
        task,
        "returns/police.html",
        held,
        form,
        steps_taken=steps,
        must=MUST_TO_STAFF,
        names=names_of(one.by_id for one in steps),
    )


def page(
    task: InterviewTask, template: str, held: Conversation | None, form: Form, **more: Any
) -> ResponseReturnValue:
    """One page of a conversation, noted as a reading; one that comes back keeps what was typed."""
    comes_back = request.method == "POST"
    note = audit.record if comes_back else audit.read
    note("conversation.read", object_kind="return", object_id=task.id, subject=task.child_id)
    if comes_back:
        kept()
    return render(
        template, status=422 if comes_back else 200, task=task, held=held, form=form, CHOSE=CHOSE,
        child=session.get_one(Person, task.child_id), form_key=new_id().hex, today=current_hub().today(),
        voice=held.voice() if held else None, **more,
    )  # fmt: skip
