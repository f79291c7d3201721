"""The page of cover: who is away, who covers for them, and until when; set and ended by a worker or a manager."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.access import STAFF, Can, allow, me
from portal.accounts.colleagues import Colleague, colleagues, covers_of
from portal.accounts.cover import Cover
from portal.accounts.views import bp
from portal.config import current_hub, midnight
from portal.db import session
from portal.web import DayField, Form, not_found, render, see_other

LONGEST, A_YEAR = timedelta(weeks=12), timedelta(days=366)


def _day(label: str, missing: str) -> DayField:
    return DayField(label, [InputRequired(missing)], missing)


class CoverForm(Form):
    """Who is away, who covers for them, from which day to which."""

    absent = SelectField("Who is away", validators=[InputRequired("Choose who is away")])
    covers = SelectField("Who covers", validators=[InputRequired("Choose who covers")])
    starts = _day("First day", "Enter the first day")
    ends = _day("Last day", "Enter the last day")

    def validate_covers(self, field: Any) -> None:
        """Nobody covers for themselves."""
        if field.data and field.data == self.absent.data:
            raise ValidationError("Choose somebody other than who is away")

    def validate_starts(self, field: Any) -> None:
        """Cover begins today or later, for what was nobody can give any more, and within a year."""
        if field.data and field.data < current_hub().today():
            raise ValidationError("Enter today or a later day")
        if field.data and field.data > current_hub().today() + A_YEAR:
            raise ValidationError("Enter a day within a year")

    def validate_ends(self, field: Any) -> None:
        """The last day is not before the first, and cover ends by itself within three months."""
        if not field.data or not self.starts.data:
            return
        if field.data < self.starts.data:
            raise ValidationError("Enter a last day that is not before the first")
        if field.data - self.starts.data > LONGEST:
            raise ValidationError("Enter a last day within twelve weeks; after that, give it again")

    @property
    def begins(self) -> datetime:
        """The instant from which it runs: now, or the beginning of the first day."""
        return max(current_hub().now(), midnight(self.starts.data or current_hub().today()))

    @property
    def over(self) -> datetime:
        """The instant from which it runs no more: midnight after the last day."""
        return midnight((self.ends.data or current_hub().today()) + timedelta(days=1))


@bp.route("/cover", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_COVER)
def cover() -> ResponseReturnValue:
    """Who covers for whom, now and soon; say that somebody is away, or end it."""
    anybody = me().can(Can.GIVE_ANY_COVER)
    if request.form.get("go") == "end":
        return _end(anybody)
    mine = me().organisation_id
    people = colleagues() if anybody else colleagues(mine) if mine else []
    form = _form(people, anybody)
    if form.validate_on_submit():
        given = (UUID(form.absent.data), UUID(form.covers.data), form.begins, form.over)
        if not Cover.given_before(*given):
            Cover.give(*given, by=me().id)
        return see_other("accounts.cover")
    return render(
        "accounts/cover.html", form=form, lines=covers_of(None if anybody else me().id), anybody=anybody,
        nobody=len(people) < 2, status=422 if form.errors else 200,
    )  # fmt: skip


def _form(people: list[Colleague], anybody: bool) -> CoverForm:
    form = CoverForm(starts=current_hub().today())
    choose, who = SelectChoice("", "Choose"), str(me().id)
    named = [SelectChoice(str(person.id), person.words) for person in people]
    form.covers.choices = [choose, *(one for one in named if anybody or one.value != who)]
    form.absent.choices = [choose, *named] if anybody else [SelectChoice(who, "I am")]
    if not anybody:  # whatever was sent: a worker gives their own young people away, and nobody else's
        form.absent.data = who
        form.absent.raw_data = [who]
    return form


def _end(anybody: bool) -> ResponseReturnValue:
    try:
        wanted = UUID(request.form.get("cover", ""))
    except ValueError:
        raise not_found() from None
    ended = session.get(Cover, wanted, with_for_update=True)
    if ended is None or not (anybody or ended.absent_id == me().id):
        raise not_found()
    if ended.ends_at > current_hub().now():  # pressed twice, it was over already
        ended.end(me().id)
    return see_other("accounts.cover")
