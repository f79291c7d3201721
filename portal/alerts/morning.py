"""The morning list for the daily meeting: initials, rule, owner, what became of each since the meeting before.

What was said is opened there only with a reason; that it was shared, and why, stays in the alert's book. What may be
about somebody of the staff is never on it, whoever looks: the page is shown and printed where they may sit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal import audit
from portal.access import STAFF, Can, SignedIn, allow, me
from portal.alerts.book import SHARED, AlertEntry, book_of
from portal.alerts.flags import ABOUT_A_WORKER
from portal.alerts.models import CLOSED, HELD, Alert
from portal.alerts.sources import flagged_words
from portal.alerts.views import bp, get_alert
from portal.alerts.waiting import Line, lines_of
from portal.config import LONDON, HubFile, current_hub
from portal.db import new_id, session
from portal.web import Form, not_found, render, see_other

MOST = 40  # what fits on one page of paper; the rest stands on the list of alerts
_FARTHEST = 30  # days to look back for the meeting before


class ShareForm(Form):
    """Why the meeting hears what was said."""

    reason = TextAreaField(
        "Why the meeting needs to hear what was said",
        [
            DataRequired("Write why the meeting needs to hear it."),
            Length(max=2000, message="Write it in 2,000 characters or fewer."),
        ],
        description="This stays with the alert. Read out no more than is needed.",
        render_kw={"rows": 3, "autocomplete": "off"},
    )


@dataclass(frozen=True)
class MorningLine:
    """One alert as the meeting sees it; no name of a young person."""

    id: UUID
    initials: str
    rule: str
    owner: str
    state: str
    raised_at: datetime


@bp.get("/morning")
@allow(STAFF, Can.SEE_MORNING_LIST)
def morning() -> ResponseReturnValue:
    """What the meeting goes through: what is open, and what was raised or closed since the one before."""
    since = meeting_before(current_hub().file, current_hub().now())
    lines, more = lines_for(me(), since)
    return render("alerts/morning.html", lines=lines, more=more, since=since)


@bp.get("/morning/<uuid:alert_id>")
@allow(STAFF, Can.SEE_MORNING_LIST, of="alert")
def morning_words(alert_id: UUID) -> ResponseReturnValue:
    """What was said, if it was shared today with a reason; else the reason is asked for."""
    alert = _get_alert(alert_id)
    if _shared_today(alert.id):
        audit.read(alert.opened_as, object_kind="alert", object_id=alert.id, subject=alert.child_id)
    return _page(alert, ShareForm(formdata=None))


@bp.post("/morning/<uuid:alert_id>")
@allow(STAFF, Can.SEE_MORNING_LIST, of="alert")
def share_at_meeting(alert_id: UUID) -> ResponseReturnValue:
    """Note that the meeting hears it, and why; then it can be read."""
    alert, form = _get_alert(alert_id, to_act=True), ShareForm()
    if not form.validate():
        return _page(alert, form)
    typed = request.form.get("form_key", "")[:100]
    alert.share_at_meeting(str(form.reason.data), me().id, uuid5(me().id, typed) if typed else None)
    return see_other("alerts.morning_words", alert_id=alert.id)


def _get_alert(alert_id: UUID, *, to_act: bool = False) -> Alert:
    """An alert that the meeting may hear of; any other is "not found"."""
    alert = get_alert(alert_id, to_act=to_act)
    if alert.rule == ABOUT_A_WORKER:
        raise not_found()
    return alert


def _page(alert: Alert, form: ShareForm) -> ResponseReturnValue:
    shared = _shared_today(alert.id)
    return render(
        "alerts/morning_words.html", form=form, line=_line(lines_of(alert)[0]), status=422 if form.errors else 200,
        said=flagged_words(alert.source_kind, alert.source_id, alert.rule) if shared else [],
        shared=[one for one in book_of(alert.id) if one.kind == SHARED] if shared else [], form_key=new_id(),
        alert=alert, open=shared,
    )  # fmt: skip


def meeting_before(file: HubFile, now: datetime) -> datetime:
    """When the meeting before today's was: the opening of the last office day before today."""
    today = now.astimezone(LONDON).date()
    for back in range(1, _FARTHEST):
        if (day := file.office_day(today - timedelta(days=back))) is not None:
            return day.opens
    return now - timedelta(days=1)


def lines_for(who: SignedIn, since: datetime) -> tuple[list[MorningLine], bool]:
    """What *who* may see of it, the longest waiting first, closed ones last; and whether there is more."""
    told = Alert.visible_to(who).where(Alert.rule != ABOUT_A_WORKER)
    found = told.where(or_(Alert.state != CLOSED, Alert.closed_at >= since))
    lines = lines_of(found.order_by(Alert.state == CLOSED, Alert.raised_at, Alert.id).limit(MOST + 1))
    return [_line(line) for line in lines[:MOST]], len(lines) > MOST


def _line(line: Line) -> MorningLine:
    alert = line.alert
    initials = "".join(f"{part[0]}." for part in line.young_person.split())
    return MorningLine(
        alert.id, initials, alert.flag.title, line.held_by or line.owner, _state(alert), alert.raised_at
    )


def _state(alert: Alert) -> str:
    if alert.state == CLOSED:
        return "Closed"
    if alert.state == HELD:
        return "Somebody has it"
    return "Opened again, nobody has it" if alert.ladder and not alert.queued else "Nobody has it"


def _shared_today(alert_id: UUID) -> bool:
    today = current_hub().now().astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    same = (AlertEntry.alert_id == alert_id) & (AlertEntry.kind == SHARED) & (AlertEntry.at >= today)
    return session.scalar(select(AlertEntry.id).where(same).limit(1)) is not None
