"""The manager's pages of who opened what: what was opened by break-glass, and what no allocation explains."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.break_glass import BreakGlass, NotTheirOwn
from portal.accounts.staff_names import names_of
from portal.admin import accesses as found
from portal.admin.room import bp
from portal.config import current_hub
from portal.db import kept
from portal.web import Form, not_found, render, see_other

LONGEST = 2000


class LookOverForm(Form):
    """What a manager found."""

    fitting = RadioField(
        "Was it right to open it?",
        [AnyOf(["yes", "no"], message="Choose whether it was right")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No: it closes now, if it is still open")],
        validate_choice=False,
    )
    words = TextAreaField(
        "What you found, and what follows from it",
        [
            InputRequired("Enter what you found"),
            Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters"),
        ],
    )


@bp.get("/accesses")
@allow(STAFF, Can.LOOK_OVER_ACCESS)
def accesses() -> ResponseReturnValue:
    """What was opened by break-glass and is to be looked over; and, a day at a time, what no allocation explains."""
    day = _day()
    glasses, lifted = found.to_look_over(me())
    tried = found.tried_on(day, me())
    people = {one for row in (*glasses, *lifted) for one in (row.worker_id, row.child_id)}
    people |= {one for line in tried for one in (line.who_id, line.whom_id) if one}
    lines, more, names = found.of_day(day, me(), people)
    audit.read("accesses.read", object_kind="day", object_id=None, on=day)
    return render(
        "admin/accesses.html", day=day, today=current_hub().today(), before=day - timedelta(days=1), after=day + timedelta(days=1),
        lines=lines, more=more, NOTHING=found.NOTHING, glasses=glasses,
        lifted=lifted, tried=tried, names=names,
    )  # fmt: skip


def _day() -> date:
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
        return max(date(2000, 1, 1), min(asked, current_hub().today()))
    except ValueError:
        return current_hub().today()


@bp.route("/accesses/<uuid:glass_id>", methods=["GET", "POST"])
@allow(STAFF, Can.LOOK_OVER_ACCESS, of="break-glass")
def look_over(glass_id: UUID) -> ResponseReturnValue:
    """One opening by break-glass: why, who was told, what was opened; and what a manager says of it."""
    acts = request.method == "POST"
    glass, form = found.to_review(glass_id, me(), to_act=acts), LookOverForm()
    if glass is None:
        raise not_found()
    if not acts:
        audit.read("break_glass.read", object_kind="break-glass", object_id=glass.id, subject=glass.child_id)
        return _page(glass, form)
    if not form.validate():
        return _again(glass, form)
    try:
        glass.look_over(me().id, (form.words.data or "").strip(), fitting=form.fitting.data == "yes")
    except NotTheirOwn:
        form.words.errors = ["You opened this yourself: another manager looks it over"]
        return _again(glass, form)
    return see_other("admin.accesses")


def _again(glass: BreakGlass, form: LookOverForm) -> Response:
    """The page once more, with what was typed. It shows the reason again, and so is noted and kept."""
    audit.record("break_glass.read", object_kind="break-glass", object_id=glass.id, subject=glass.child_id)
    kept()
    return _page(glass, form, status=422)


def _page(glass: BreakGlass, form: LookOverForm, status: int = 200) -> Response:
    people = {glass.worker_id, glass.child_id} | ({glass.reviewed_by_id} if glass.reviewed_by_id else set())
    return render(
        "admin/look_over.html", status=status, glass=glass, form=form, names=names_of(people),
        opened=found.opened_through(glass),
    )  # fmt: skip
