"""The staff's pages of alerts: those that wait, one of them, and the rules that raise them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal import audit
from portal.access import EVERYBODY, STAFF, Can, Room, allow, me
from portal.accounts.contact_beside import contact_of_alert
from portal.accounts.holders import worker_of
from portal.accounts.models import reads_only
from portal.accounts.pauses import Pause
from portal.alerts import about_staff, handing
from portal.alerts.flags import ABOUT_A_WORKER, every_flag
from portal.alerts.ladder import LADDER
from portal.alerts.models import Alert, OfficerFirst, SomebodyElseHasIt
from portal.alerts.sources import flagged_words
from portal.alerts.waiting import WEEKS, how_many, line_of, told_of, waiting_for
from portal.config import current_hub
from portal.db import kept, new_id, session
from portal.i18n import due_words
from portal.web import Form, htmx, not_found, render, see_other

bp = Room("alerts", __name__)


class OutcomeForm(Form):
    """What came of an alert."""

    outcome = TextAreaField(
        "What came of it?",
        [
            DataRequired("Write what came of it, then close it."),
            Length(max=5000, message="Write it in 5,000 characters or fewer."),
        ],
        description="What you did, what the young person said, what happens next.",
        render_kw={"rows": 5, "autocomplete": "off"},
    )


def get_alert(alert_id: UUID, *, to_act: bool = False) -> Alert:
    """The alert, if whoever is signed in may see it today; else "not found". *to_act* keeps others from it."""
    found = Alert.visible_to(me()).where(Alert.id == alert_id)
    alert = session.scalar(found.with_for_update() if to_act else found)
    if alert is None:
        raise not_found()
    return alert


def get_alert_about_staff(alert_id: UUID) -> Alert:
    """An alert about somebody of the staff, to act on; any other is "not found"."""
    alert = get_alert(alert_id, to_act=True)
    if alert.rule != ABOUT_A_WORKER:
        raise not_found()
    return alert


@bp.get("/alerts")
@allow(STAFF, Can.SEE_ALERTS)
def waiting() -> ResponseReturnValue:
    """The alerts that wait for somebody, the first due first."""
    after = request.args.get("after", "")
    if not after and "after" in request.args:
        raise not_found()
    lines, onward = waiting_for(me(), after)
    return render("alerts/waiting.html", lines=lines, onward=onward, due_words=due_words, first=not after)


@bp.get("/alerts/<uuid:alert_id>")
@allow(STAFF, Can.SEE_ALERTS, of="alert")
def show(alert_id: UUID) -> ResponseReturnValue:
    """One alert: the flagged answer in its exact words, who was told, who has it."""
    alert = get_alert(alert_id)
    audit.read(alert.opened_as, object_kind="alert", object_id=alert.id, subject=alert.child_id)
    return _page(alert, OutcomeForm())


@bp.post("/alerts/<uuid:alert_id>")
@allow(STAFF, Can.SEE_ALERTS, of="alert")
def act(alert_id: UUID) -> ResponseReturnValue:
    """ "I have it", "I still have it", or what came of it and closed."""
    alert, form, do = get_alert(alert_id, to_act=True), OutcomeForm(), request.form.get("do")
    if do not in ("hold", "still", "close"):
        raise BadRequest
    if do == "close" and not form.validate():
        return _again(alert, form)
    try:
        if do == "close":
            alert.close(str(form.outcome.data), me().id)
            return see_other("alerts.waiting")
        if do == "still":
            alert.keep(me().id)
        else:
            alert.hold(me().id, instead_of=_uuid(request.form.get("held_by", "")))
    except SomebodyElseHasIt:
        return _again(alert, form, too_late=True)
    except OfficerFirst:
        form.outcome.errors = ["First the designated officer: write down that you told them, or why not."]
        return _again(alert, form)
    return _page(alert, form) if htmx else see_other("alerts.show", alert_id=alert.id)


@bp.post("/alerts/<uuid:alert_id>/officer")
@allow(STAFF, Can.SEE_ALERTS_ABOUT_STAFF, of="alert")
def tell_officer(alert_id: UUID) -> ResponseReturnValue:
    """Write down that the designated officer was told of what is about staff, or why they need not be."""
    alert, form = get_alert_about_staff(alert_id), about_staff.OfficerForm(prefix="officer")
    if not form.validate():
        return _again(alert, OutcomeForm(formdata=None), officer_form=form)
    alert.tell_officer(str(form.words.data), me().id, told=request.form.get("told") != "no")
    return see_other("alerts.show", alert_id=alert.id)


@bp.post("/alerts/<uuid:alert_id>/reading")
@allow(STAFF, Can.SEE_ALERTS_ABOUT_STAFF, of="alert")
def end_pause(alert_id: UUID) -> ResponseReturnValue:
    """Let somebody read again what the young person says, and say why."""
    alert, form = get_alert_about_staff(alert_id), about_staff.EndPauseForm(prefix="pause")
    pause_id = _uuid(request.form.get("pause", ""))
    paused = session.get(Pause, pause_id) if pause_id else None
    if paused is None or paused.child_id != alert.child_id:
        return see_other("alerts.show", alert_id=alert.id)
    if not form.validate():
        return _again(alert, OutcomeForm(formdata=None), pause_form=form, pause_at=paused.id)
    paused.end(str(form.reason.data), me().id)
    return see_other("alerts.show", alert_id=alert.id)


@bp.post("/alerts/<uuid:alert_id>/hand-over")
@allow(STAFF, Can.SEE_ALERTS, of="alert")
def hand_over(alert_id: UUID) -> ResponseReturnValue:
    """Hand it to a colleague, who is told; whoever has it has it until they take it."""
    alert = get_alert(alert_id, to_act=True)
    form = handing.hand_over_form(alert, sent=True)
    if not form.validate():
        return _again(alert, OutcomeForm(formdata=None), hand_form=form)
    typed = request.form.get("form_key", "")[:100]
    try:
        alert.hand_over(
            UUID(form.to.data), str(form.words.data), me().id, uuid5(me().id, typed) if typed else None
        )
    except SomebodyElseHasIt:
        form.to.errors = ["Another person has it. Take it first, then hand it over."]
        return _again(alert, OutcomeForm(formdata=None), hand_form=form)
    return see_other("alerts.show", alert_id=alert.id)


@bp.post("/alerts/<uuid:alert_id>/reopen")
@allow(STAFF, Can.SEE_ALERTS, of="alert")
def reopen(alert_id: UUID) -> ResponseReturnValue:
    """Open a closed one again and say why; how it ended before stays."""
    alert, form = get_alert(alert_id, to_act=True), handing.ReopenForm(prefix="reopen")
    if not form.validate():
        return _again(alert, OutcomeForm(formdata=None), reopen_form=form)
    with suppress(SomebodyElseHasIt):  # pressed twice, it is open already
        alert.reopen(str(form.words.data), me().id)
    return see_other("alerts.show", alert_id=alert.id)


@bp.get("/alerts/rules")
@allow(STAFF, Can.SEE_ALERTS)
def rules() -> ResponseReturnValue:
    """The flag table, and how many alerts a week each rule makes."""
    counts = how_many(me())
    # A worker who counts these could guess that one is about them.
    hidden = () if me().can(Can.SEE_ALERTS_ABOUT_STAFF) else (ABOUT_A_WORKER,)
    most = max((count for weeks in counts.values() for count in weeks), default=0)
    return render(
        "alerts/rules.html", flags=every_flag(current_hub().file), counts=counts, span=WEEKS, hidden=hidden, most=max(most, 1),
        no_weeks=[0] * WEEKS, ladder=LADDER,
    )  # fmt: skip


def _page(
    alert: Alert, form: OutcomeForm, status: int = 200, *, too_late: bool = False, **about: Any
) -> ResponseReturnValue:
    who, line = me(), line_of(alert)
    values: dict[str, Any] = {
        "alert": alert,
        "line": line,
        "form": form,
        "too_late": too_late,
        "due_words": due_words,
        "only_read": reads_only(who, alert.child_id),
    }
    if htmx:
        return render("alerts/show.html", fragment="state", status=status, swapped=True, **values)
    worker = worker_of(alert.child_id)
    reaches = who.reach(Can.SEE_YOUNG_PERSON) >= EVERYBODY or (worker is not None and worker.id == who.id)
    return render(
        "alerts/show.html", status=status, contact=contact_of_alert(alert.child_id), card_key=new_id().hex, worker=worker, reaches=reaches, told=told_of(alert),
        said=flagged_words(alert.source_kind, alert.source_id, alert.rule), **values,
        **(about_staff.beside(alert, **about) | {"pause_at": about.get("pause_at")}), **handing.beside(alert, **about),
    )  # fmt: skip


def _again(alert: Alert, form: OutcomeForm, *, too_late: bool = False, **about: Any) -> ResponseReturnValue:
    """The page once more, with what was typed. It shows the words again, and so is noted and kept."""
    if not htmx:
        audit.record(alert.opened_as, object_kind="alert", object_id=alert.id, subject=alert.child_id)
        kept()
    return _page(alert, form, 422, too_late=too_late, **about)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
