"""The pages of what somebody asks about a record: that it is wrong, or to have the file."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.accounts.staff import get_child
from portal.accounts.staff_names import names_of
from portal.admin.corrections import DECISIONS, Correction
from portal.admin.file_requests import NEVER, STEPS, FileRequest
from portal.admin.keeping_forms import DecisionForm, RequestForm, StepForm, WrongForm, key_of_form
from portal.admin.room import bp
from portal.config import current_hub
from portal.db import kept, new_id
from portal.web import Form, not_found, render, see_other

Found = TypeVar("Found", Correction, FileRequest)


@bp.route("/young-people/<uuid:child_id>/corrections", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_CORRECTIONS, of="young person")
def corrections(child_id: UUID) -> ResponseReturnValue:
    """What somebody says is wrong in this record, and what was decided; both stay."""
    person = get_child(child_id, Can.KEEP_CORRECTIONS)
    deciding = request.form.get("go") == "decide"
    wrong, decision = (
        WrongForm(None if deciding else request.form),
        DecisionForm(request.form if deciding else None),
    )
    if deciding:
        one = _of(Correction.about(person.id), "correction")
        if decision.validate():
            one.decide(decision.decided.data, decision.decision.data or "", me().id)
            return see_other("admin.corrections", child_id=person.id)
    elif wrong.validate_on_submit():
        Correction.ask(person.id, wrong.asked_by.data or "", wrong.what.data or "", me().id, key_of_form())
        return see_other("admin.corrections", child_id=person.id)
    status = _opened(person, wrong, decision)
    found = Correction.about(person.id)
    names = names_of({one.by_id for one in found} | {one.decided_by_id for one in found if one.decided_by_id})
    return render("admin/corrections.html", status=status, person=person, found=found, names=names, wrong=wrong,
                  decision=decision, decisions=DECISIONS, which=request.form.get("correction", ""), form_key=new_id())  # fmt: skip


@bp.route("/young-people/<uuid:child_id>/file-request", methods=["GET", "POST"])
@allow(STAFF, Can.ANSWER_FILE_REQUEST, of="young person")
def file_request(child_id: UUID) -> ResponseReturnValue:
    """A parent or carer asks for the file: its steps, by when, and what is never in it."""
    person = get_child(child_id, Can.ANSWER_FILE_REQUEST)
    doing = request.form.get("go") == "step"
    asked, step = RequestForm(None if doing else request.form), StepForm(request.form if doing else None)
    if doing:
        one, which = _of(FileRequest.about(person.id), "request"), request.form.get("step", "")
        if which not in STEPS:
            raise not_found()
        if step.validate():
            one.do(which, step.words.data or "", me().id)
            return see_other("admin.file_request", child_id=person.id)
    elif asked.validate_on_submit():
        FileRequest.take(
            person.id,
            asked.asked_by.data or "",
            asked.asked_on.data or current_hub().today(),
            me().id,
            key_of_form(),
        )
        return see_other("admin.file_request", child_id=person.id)
    status = _opened(person, asked, step)
    found = [(one, one.steps()) for one in FileRequest.about(person.id)]
    people = {done.by_id for _, steps in found for done in steps.values()}
    return render("admin/file_request.html", status=status, person=person, found=found, names=names_of(people),
                  asked=asked, step=step, steps=STEPS, never=NEVER, today=current_hub().today(),
                  which=request.form.get("request", "") + request.form.get("step", ""), form_key=new_id())  # fmt: skip


def _of(found: list[Found], name: str) -> Found:
    wanted = request.form.get(name, "")
    one = next((one for one in found if str(one.id) == wanted), None)
    if one is None:
        raise not_found()
    return one


def _opened(person: Person, *forms: Form) -> int:
    """Note that the words on this page are read; the status that the page has."""
    if any(form.errors for form in forms):
        audit.record("person.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
        kept()
        return 422
    audit.read("person.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    return 200
