"""What stands on the page of an alert about somebody of the staff: the designated officer's step, and who is paused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal import crypto
from portal.accounts.models import Organisation, Person
from portal.accounts.pauses import Pause
from portal.accounts.ways_in import way_in_of
from portal.alerts.flags import ABOUT_A_WORKER
from portal.alerts.models import Alert
from portal.config import current_hub
from portal.db import session
from portal.web import Form

_LONGEST = Length(max=5000, message="Write it in 5,000 characters or fewer.")
_NO_AUTOFILL = {"rows": 4, "autocomplete": "off"}


class OfficerForm(Form):
    """What the designated officer said, or why they need not be told."""

    words = TextAreaField(
        "What they said and what you agreed; or why they need not be told",
        [DataRequired("Write what they said, or why they need not be told."), _LONGEST],
        description="Ring them before you speak to the person it is about, and before you look into it yourself.",
        render_kw=_NO_AUTOFILL,
    )


class EndPauseForm(Form):
    """Why somebody may read again."""

    reason = TextAreaField(
        "Why they may read again",
        [DataRequired("Write why they may read again."), _LONGEST],
        render_kw=_NO_AUTOFILL,
    )


@dataclass(frozen=True)
class Paused:
    """Somebody who may not read, or might not for a time: since when, how it ended, and whether they gave the way in
    that still works: they know its words and its PIN."""

    id: UUID
    name: str
    since: datetime
    ended_at: datetime | None
    ended_by: str
    reason: str
    gave_way_in: bool = False


def beside(alert: Alert, **forms: Any) -> dict[str, Any]:
    """What the page shows beside such an alert; nothing for any other."""
    if alert.rule != ABOUT_A_WORKER:
        return {}
    return {
        "officer": current_hub().file.numbers.designated_officer,
        "officer_by": _name_of(alert.officer_by_id),
        "officer_form": forms.get("officer_form") or OfficerForm(prefix="officer", formdata=None),
        "pauses": pauses_of(alert.child_id),
        "pause_form": forms.get("pause_form") or EndPauseForm(prefix="pause", formdata=None),
    }


def pauses_of(child_id: UUID) -> list[Paused]:
    """Who may not read what this young person says, and who could not for a time; the last paused first."""
    staff, by = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Pause, staff.name.label("staff"), Organisation.name.label("organisation"), by.name.label("by"))
        .join(staff, staff.id == Pause.staff_id)
        .outerjoin(Organisation, Organisation.id == staff.organisation_id)
        .outerjoin(by, by.id == Pause.ended_by_id)
        .where(Pause.child_id == child_id)
        .order_by(Pause.created_at.desc(), Pause.id)
    ).all()
    crypto.fetch_keys(one for row in rows for one in (row[0].staff_id, row[0].ended_by_id) if one)
    way_in = way_in_of(child_id)
    giver = way_in.given_by if way_in is not None and way_in.works else None
    return [_paused(row, giver) for row in rows]


def _paused(row: Any, giver: UUID | None) -> Paused:
    pause: Pause = row[0]
    name = _opened(row.staff, pause.staff_id)
    return Paused(
        pause.id, f"{name} ({row.organisation})" if row.organisation else name, pause.created_at,
        pause.ended_at, _opened(row.by, pause.ended_by_id), pause.reason or "",
        pause.ended_at is None and pause.staff_id == giver,
    )  # fmt: skip


def _name_of(person_id: UUID | None) -> str:
    return session.get_one(Person, person_id).name if person_id else ""


def _opened(sealed: crypto.Sealed | None, person_id: UUID | None) -> str:
    if sealed is None or person_id is None:
        return ""
    return crypto.open_sealed(sealed, "person", "name", person_id, person_id)
