"""A sample for an auditor: named by a manager for a time; read by the auditor, each reading noted, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange

from portal import audit, paging
from portal.access import STAFF, Can, allow, me
from portal.accounts.holders import people_with
from portal.accounts.staff_names import names_of
from portal.admin.acts_in_words import in_words
from portal.admin.room import bp
from portal.admin.samples import MOST, AuditSample, Sampled, draw, how_many_in, running
from portal.audit import AuditEvent
from portal.config import current_hub, midnight
from portal.db import beyond_the_wall, session
from portal.voices.opened import EVERY_OPENING
from portal.web import DayField, Form, not_found, render, see_other

ON_A_PAGE = 100
LONGEST = timedelta(days=92)
_HOW_MANY = f"Enter how many: 1 to {MOST}"


class SampleForm(Form):
    """Who audits, how many young people, until when and what for."""

    auditor = SelectField("Auditor", [InputRequired("Choose the auditor")], validate_choice=False)
    count = IntegerField(
        "How many young people, drawn by lot",
        [InputRequired(_HOW_MANY), NumberRange(1, MOST, message=_HOW_MANY)],
    )
    ends = DayField("Last day", [InputRequired("Enter the last day")], "Enter the last day")
    purpose = TextAreaField(
        "What it is for",
        [
            InputRequired("Enter what it is for"),
            Length(max=2000, message="Make it shorter: at most 2000 characters"),
        ],
    )

    def validate_ends(self, field: Any) -> None:
        """It ends today or later, and within three months."""
        if field.data and not current_hub().today() <= field.data <= current_hub().today() + LONGEST:
            raise ValidationError("Enter a day from today on, within three months")


@bp.route("/samples", methods=["GET", "POST"])
@allow(STAFF, Can.NAME_SAMPLE)
def samples() -> ResponseReturnValue:
    """The samples that run; name one more for an auditor, or end one."""
    auditors = [one for one in people_with("auditor") if one.id != me().id]
    form = SampleForm()
    form.auditor.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(one.id), one.name) for one in auditors),
    ]
    if request.method == "POST" and request.form.get("act") == "end":
        return _end()
    if request.method == "POST" and form.validate():
        chosen = next((one.id for one in auditors if str(one.id) == form.auditor.data), None)
        if chosen is not None and (children := draw(form.count.data or 1, chosen)) and form.ends.data:
            ends = midnight(form.ends.data + timedelta(days=1))
            AuditSample.name_for(chosen, children, (form.purpose.data or "").strip(), ends, me().id)
            return see_other("admin.samples")
        form.auditor.errors = ["Choose the auditor"]
    return _samples_page(form, nobody=not auditors)


def _end() -> ResponseReturnValue:
    for one in session.scalars(select(AuditSample).where(running())):
        if str(one.id) == request.form.get("which"):
            one.end()
    return see_other("admin.samples")


def _samples_page(form: SampleForm, *, nobody: bool) -> Response:
    named = list(session.scalars(select(AuditSample).where(running()).order_by(AuditSample.ends_at)))
    return render(
        "admin/samples.html", status=422 if request.method == "POST" else 200, form=form, samples=named, nobody=nobody,
        counts=how_many_in(one.id for one in named),
        names=names_of({one for sample in named for one in (sample.auditor_id, sample.named_by_id)}),
    )  # fmt: skip


@bp.get("/sample")
@allow(STAFF, Can.READ_SAMPLE)
def my_sample() -> ResponseReturnValue:
    """The young people in the samples that were named for whoever is signed in, until when and what for."""
    rows = list(session.scalars(Sampled.visible_to(me()).limit(MOST * 5)))
    mine = {one.id: one for one in session.scalars(
        select(AuditSample).where(AuditSample.id.in_({row.sample_id for row in rows})).order_by(AuditSample.ends_at)
    )}  # fmt: skip
    names = _names({row.child_id for row in rows})
    lines = sorted(rows, key=lambda row: names[row.child_id].casefold())
    return render("admin/my_sample.html", lines=lines, samples=mine, names=names)


def _names(people: set[UUID]) -> dict[UUID, str]:
    with beyond_the_wall():  # an auditor sees nobody's name but of those in their sample, and of who acted
        return names_of(people)


@dataclass(frozen=True)
class EventLine:
    """One thing that was done or opened."""

    at: datetime
    who: str
    what: str


@bp.get("/sample/<uuid:sampled_id>")
@allow(STAFF, Can.READ_SAMPLE, of="sample")
def timeline(sampled_id: UUID) -> ResponseReturnValue:
    """What was done about one young person of the sample, or who opened what: acts and times, never any words."""
    one = session.scalar(Sampled.visible_to(me()).where(Sampled.id == sampled_id))
    if one is None:
        raise not_found()
    opened = request.args.get("show") == "opened"
    audit.read(
        "sample.read", object_kind="sample", object_id=one.sample_id, subject=one.child_id, opened=opened
    )
    lines, onward = _events(one.child_id, opened=opened, before=request.args.get("before", ""))
    sample = session.get_one(AuditSample, one.sample_id)
    return render(
        "admin/timeline.html", fragment="rows", sampled=one, sample=sample, opened=opened, lines=lines, onward=onward,
        name=_names({one.child_id})[one.child_id],
    )  # fmt: skip


def _events(child_id: UUID, *, opened: bool, before: str) -> tuple[list[EventLine], str | None]:
    openings = AuditEvent.act.in_(EVERY_OPENING)
    kind = openings if opened else ~openings
    rows = session.execute(
        select(AuditEvent.id, AuditEvent.at, AuditEvent.act, AuditEvent.actor_id)
        .where(AuditEvent.subject_id == child_id, kind, paging.before(before, AuditEvent.at, AuditEvent.id))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(ON_A_PAGE + 1)
    ).all()
    onward = paging.place(rows[ON_A_PAGE - 1].at, rows[ON_A_PAGE - 1].id) if len(rows) > ON_A_PAGE else None
    names = _names({row.actor_id for row in rows if row.actor_id})
    return [_line(row, names) for row in rows[:ON_A_PAGE]], onward


def _line(row: Any, names: dict[UUID, str]) -> EventLine:
    who = (
        names.get(row.actor_id, "Somebody who is not kept any more") if row.actor_id else "The hub by itself"
    )
    return EventLine(row.at, who, in_words(row.act))
