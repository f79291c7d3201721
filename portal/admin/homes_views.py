"""The administrator's pages of organisations; and of a home, whether it keeps shifts and who is in which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length

from portal import crypto
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Organisation, Person
from portal.accounts.shifts import Shift
from portal.admin import people as acts
from portal.admin.room import bp
from portal.config import LONDON, current_hub
from portal.db import session
from portal.web import DayField, Form, not_found, render, see_other

HOME = "home"
MOST = 200  # shifts on the page, the next to begin first


class OrganisationForm(Form):
    """One more organisation."""

    name = StringField(
        "Name",
        [InputRequired("Enter its name"), Length(max=120, message="Make it shorter: at most 120 characters")],
    )
    kind = RadioField("What it is", [AnyOf(list(acts.KINDS), message="Choose what it is")],
                      choices=[SelectChoice(*pair) for pair in acts.KINDS.items()], validate_choice=False)  # fmt: skip


class ShiftForm(Form):
    """One shift of somebody of a home's staff."""

    who = SelectField("Who", [InputRequired("Choose who")], validate_choice=False)
    day = DayField("Day on which it begins", [InputRequired("Enter the day")])
    begins = TimeField("From", [InputRequired("Enter when it begins")])
    ends = TimeField("Until", [InputRequired("Enter when it ends")])

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until when; what ends before it begins ends on the next morning."""
        day, first, last = self.day.data, self.begins.data, self.ends.data
        if day is None or first is None or last is None:
            raise ValueError("only of a form that was found right")
        over = day if last > first else day + timedelta(days=1)
        return datetime.combine(day, first, LONDON), datetime.combine(over, last, LONDON)


@bp.route("/organisations", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_PEOPLE)
def organisations() -> ResponseReturnValue:
    """Every organisation; enter one more."""
    form = OrganisationForm()
    if request.method == "POST" and form.validate():
        acts.enter_organisation((form.name.data or "").strip(), form.kind.data)
        return see_other("admin.organisations")
    return render(
        "admin/organisations.html", status=422 if request.method == "POST" else 200, form=form,
        organisations=acts.organisations(), kinds=acts.KINDS, home=HOME,
    )  # fmt: skip


@bp.route("/organisations/<uuid:organisation_id>", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_PEOPLE, of="organisation")
def home(organisation_id: UUID) -> ResponseReturnValue:
    """One home: whether its staff reach its forms only in their shift, and the shifts that run or are to come."""
    found = session.get(Organisation, organisation_id)
    if found is None or found.kind != HOME:
        raise not_found()
    form = ShiftForm()
    form.who.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(one), name) for one, name in _staff_of(found.id)),
    ]
    if request.method == "POST" and not _take(found, form):
        return _page(found, form, status=422)
    if request.method == "POST":
        return see_other("admin.home", organisation_id=found.id)
    return _page(found, form)


def _take(at: Organisation, form: ShiftForm) -> bool:
    act = request.form.get("act")
    if act in ("keep", "open"):
        at.keep_shifts(act == "keep")
        return True
    if act == "end":
        return _end(at)
    if not form.validate():
        return False
    person = next((one for one, _ in _staff_of(at.id) if str(one) == form.who.data), None)
    if person is None:
        form.who.errors = ["Choose who"]
        return False
    Shift.enter(person, *form.span, by=me().id)
    return True


def _end(at: Organisation) -> bool:
    for line in shifts_of(at.id):
        if str(line.id) == request.form.get("shift"):
            session.get_one(Shift, line.id).end()
    return True


def _staff_of(organisation_id: UUID) -> list[tuple[UUID, str]]:
    rows = session.execute(
        select(Person.id, Person.name).where(
            Person.organisation_id == organisation_id, Person.kind == "adult", Person.ended_at.is_(None)
        )
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    return sorted(((row.id, _opened(row)) for row in rows), key=lambda pair: pair[1].casefold())


@dataclass(frozen=True)
class ShiftLine:
    """A shift that runs or is to come."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime


def shifts_of(organisation_id: UUID) -> list[ShiftLine]:
    """The shifts of a home that run or are to come, the next to begin first."""
    rows = session.execute(
        select(Person.id, Person.name, Shift.id.label("shift_id"), Shift.starts_at, Shift.ends_at)
        .join(Shift, Shift.person_id == Person.id)
        .where(Person.organisation_id == organisation_id, Shift.ends_at > current_hub().now())
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST)
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    return [ShiftLine(row.shift_id, _opened(row), row.starts_at, row.ends_at) for row in rows]


def _opened(row: Any) -> str:
    return crypto.open_sealed(row.name, "person", "name", row.id, row.id)


def _page(at: Organisation, form: ShiftForm, status: int = 200) -> Response:
    return render("admin/home.html", status=status, organisation=at, form=form, shifts=shifts_of(at.id))
