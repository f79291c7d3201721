"""The page of the rota: who is on duty out of office hours, entered and ended by a manager."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import DateTimeLocalField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.access import STAFF, Can, allow, me
from portal.accounts.rota import (
    EMERGENCY_DUTY_TEAM,
    POSTS,
    DutyTurn,
    coming_turns,
    on_duty,
    who_can_be_on_duty,
)
from portal.accounts.staff_names import names_of
from portal.accounts.views import bp
from portal.config import LONDON, current_hub
from portal.db import session
from portal.web import Form, not_found, render, see_other

LONGEST, A_YEAR = timedelta(days=14), timedelta(days=366)


class _Instant(DateTimeLocalField):
    """A day and a time in London; what cannot be read as one gets our own words."""

    def __init__(self, label: str, missing: str, **more: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        super().__init__(label, [InputRequired(missing)], format=formats, **more)
        self._missing = missing

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; raises with what to enter."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self._missing}, such as 24 November 2026, 17:00") from None

    @property
    def at(self) -> datetime | None:
        """The instant that was meant."""
        return self.data.replace(tzinfo=LONDON) if self.data else None


class TurnForm(Form):
    """Who is on duty, in which post, from when until when."""

    person = SelectField("Who", validators=[InputRequired("Choose who is on duty")])
    post = SelectField("As what", validators=[InputRequired("Choose as what")])
    starts = _Instant("From", "Enter from when")
    ends = _Instant("Until", "Enter until when")

    def validate_starts(self, field: Any) -> None:
        """A turn begins within a year; one that has begun can still be entered on its day."""
        now = current_hub().now()
        if field.at and not now - timedelta(days=1) <= field.at <= now + A_YEAR:
            raise ValidationError("Enter a time from today on, and within a year")

    def validate_ends(self, field: Any) -> None:
        """It ends after it began, and is not over yet, and within a fortnight."""
        if not field.at or not self.starts.at:
            return
        if field.at <= self.starts.at or field.at <= current_hub().now():
            raise ValidationError("Enter a time that is after the beginning, and not over yet")
        if field.at - self.starts.at > LONGEST:
            raise ValidationError("Enter a turn of at most fourteen days; after that, another")


@bp.route("/rota", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_ROTA)
def rota() -> ResponseReturnValue:
    """Who is on duty now and next; put somebody down, or end a turn."""
    if request.form.get("go") == "end":
        return _end()
    form = TurnForm()
    people = who_can_be_on_duty()
    form.person.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(person_id), name) for person_id, name in people.items()),
    ]
    form.post.choices = [SelectChoice("", "Choose"), *(SelectChoice(*post) for post in POSTS.items())]
    if form.validate_on_submit() and form.starts.at and form.ends.at:
        DutyTurn.enter(UUID(form.person.data), form.post.data, form.starts.at, form.ends.at, me().id)
        return see_other("accounts.rota")
    return _page(form)


def _page(form: TurnForm) -> ResponseReturnValue:
    now, file = current_hub().now(), current_hub().file
    tonight = names_of(on_duty(EMERGENCY_DUTY_TEAM, now))
    return render(
        "accounts/rota.html", form=form, lines=coming_turns(), on_duty=sorted(tonight.values()),
        hours=file.office_hours, holidays=[day for day in file.bank_holidays if day >= now.date()],
        status=422 if form.errors else 200,
    )  # fmt: skip


def _end() -> ResponseReturnValue:
    try:
        wanted = UUID(request.form.get("turn", ""))
    except ValueError:
        raise not_found() from None
    turn = session.get(DutyTurn, wanted, with_for_update=True)
    if turn is None:
        raise not_found()
    if turn.ends_at > current_hub().now():  # pressed twice, it was over already
        turn.end()
    return see_other("accounts.rota")
