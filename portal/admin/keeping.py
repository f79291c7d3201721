"""The pages of what is kept and let go: the timetable, holds, what is not on the record."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit, crypto, paging
from portal.access import STAFF, Can, allow, me
from portal.accounts.staff import get_child
from portal.accounts.staff_names import names_of
from portal.admin.alarms import not_on_record as late_for_the_record
from portal.admin.holds import KINDS, Hold
from portal.admin.keeping_forms import HoldForm, key_of_form
from portal.admin.room import bp
from portal.admin.timetable import TIMETABLE, rule_words
from portal.config import current_hub
from portal.db import kept, new_id, session
from portal.web import not_found, render, see_other

ON_A_PAGE = 50


@bp.get("/kept")
@allow(STAFF, Can.SEE_TIMETABLE)
def timetable() -> ResponseReturnValue:
    """How long each thing stays: a line for every table."""
    keeping = current_hub().file.keeping
    lines = sorted(TIMETABLE.values(), key=lambda line: line.holds)
    return render(
        "admin/timetable.html", lines=lines, rules=rule_words(keeping),
        may_see_late=me().can(Can.SEE_NOT_ON_RECORD), may_hold=me().can(Can.KEEP_HOLDS),
    )  # fmt: skip


@bp.route("/kept/holds", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_HOLDS)
def holds() -> ResponseReturnValue:
    """Whose things are held, why, by whom and until when; end a hold."""
    if request.form.get("go") == "end":
        return _end()
    before = request.args.get("before", "")
    found = Hold.visible_to(me()).where(paging.before(before, Hold.created_at, Hold.id)).limit(ON_A_PAGE + 1)
    rows = list(session.scalars(found))
    shown = rows[:ON_A_PAGE]
    onward = paging.place(shown[-1].created_at, shown[-1].id) if len(rows) > ON_A_PAGE else None
    names = names_of({one.person_id for one in shown} | {one.by_id for one in shown})
    return render("admin/holds.html", holds=shown, names=names, kinds=KINDS, onward=onward)


def _end() -> ResponseReturnValue:
    try:
        wanted = UUID(request.form.get("hold", ""))
    except ValueError:
        raise not_found() from None
    hold = session.scalar(Hold.visible_to(me()).where(Hold.id == wanted).with_for_update())
    if hold is None:
        raise not_found()
    hold.end(me().id)
    return see_other("admin.holds")


@bp.route("/young-people/<uuid:child_id>/hold", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_HOLDS, of="young person")
def hold(child_id: UUID) -> ResponseReturnValue:
    """Stop the removal of everything about one young person, with a reason."""
    person, form = get_child(child_id, Can.KEEP_HOLDS), HoldForm()
    if form.validate_on_submit():
        Hold.place(person.id, form.kind.data, form.reason.data or "", me().id, form.until.data, key_of_form())
        return see_other("admin.holds")
    if form.errors:
        audit.record("person.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
        kept()
    else:
        audit.read("person.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    status = 422 if form.errors else 200
    return render("admin/hold.html", status=status, person=person, form=form, form_key=new_id())


@bp.get("/not-on-record")
@allow(STAFF, Can.SEE_NOT_ON_RECORD)
def not_on_record() -> ResponseReturnValue:
    """What was said long ago and is still not on the record, or has no answer: it is not removed."""
    rows = list(session.scalars(late_for_the_record(me()).limit(ON_A_PAGE + 1)))
    crypto.fetch_keys(one.about_id for one in rows)
    names = names_of({one.about_id for one in rows} | {one.person_id for one in rows})
    return render("admin/not_on_record.html", voices=rows[:ON_A_PAGE], more=len(rows) > ON_A_PAGE, names=names,
                  keeping=current_hub().file.keeping)  # fmt: skip
