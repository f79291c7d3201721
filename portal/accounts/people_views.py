"""For staff: the people and places that a young person names, and whether they are in custody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts import trusted
from portal.accounts.actions import into_custody
from portal.accounts.custody import Custody, custody_of
from portal.accounts.models import Person
from portal.accounts.staff import get_child
from portal.accounts.trusted import YOUTH_JUSTICE, Place, Trusted
from portal.accounts.views import bp
from portal.accounts.ways_in import lock_person
from portal.config import current_hub
from portal.db import kept, new_id, session
from portal.web import DayField, Form, render, see_other

LONGEST = 2000
_TOO_LONG = Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters")


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in words.items()]


def _one_of(words: dict[str, str], sentence: str) -> list[AnyOf]:
    return [AnyOf(list(words), message=sentence)]


class PersonForm(Form):
    """Somebody whom the young person names."""

    name = StringField("Who", [InputRequired("Enter who it is"), _TOO_LONG],
                       description="By name, or as they were called: “my nan”, “the coach”.")  # fmt: skip
    kind = RadioField("What they are", _one_of(trusted.KINDS, "Choose what they are"),
                      choices=_choices(trusted.KINDS), validate_choice=False)  # fmt: skip
    reach = TextAreaField("How to reach them", [_TOO_LONG], description="If it is known.")
    said_by = RadioField("Whose word it is", _one_of(trusted.SAID_BY, "Choose whose word it is"),
                         choices=_choices(trusted.SAID_BY), validate_choice=False)  # fmt: skip


class PlaceForm(Form):
    """A place that the young person speaks of."""

    words = StringField("Which place", [InputRequired("Enter which place"), _TOO_LONG])
    feels = RadioField("How it feels to them", _one_of(trusted.FEELS, "Choose how it feels to them"),
                       choices=_choices(trusted.FEELS), validate_choice=False)  # fmt: skip
    said_by = RadioField("Whose word it is", _one_of(trusted.SAID_BY, "Choose whose word it is"),
                         choices=_choices(trusted.SAID_BY), validate_choice=False)  # fmt: skip


@bp.route("/young-people/<uuid:child_id>/people", methods=["GET", "POST"])
@allow(STAFF, Can.NAME_TRUSTED, of="young person")
def people(child_id: UUID) -> ResponseReturnValue:
    """The people and places that a young person names; keep another, or say that one is no longer so."""
    child, act = get_child(child_id, Can.NAME_TRUSTED), request.form.get("act", "")
    person, place = PersonForm(prefix="person-"), PlaceForm(prefix="place-")
    if request.method == "POST":
        lock_person(child.id)  # the same form twice at once: the second finds what the first one kept
        take = _ACTS.get(act)
        if take is None or take(child, person, place):
            return see_other("accounts.people", child_id=child.id)
    return _people_page(child, person if act == "person" else None, place if act == "place" else None)


def _keep_person(child: Person, form: PersonForm, _: PlaceForm) -> bool:
    if not form.validate():
        return False
    Trusted.enter(
        child.id, (form.name.data or "").strip(), form.kind.data, me().id,
        reach=(form.reach.data or "").strip(), said_by=form.said_by.data, key=_form_key(child.id),
    )  # fmt: skip
    return True


def _keep_place(child: Person, _: PersonForm, form: PlaceForm) -> bool:
    if not form.validate():
        return False
    words = (form.words.data or "").strip()
    Place.enter(child.id, words, form.feels.data, me().id, said_by=form.said_by.data, key=_form_key(child.id))
    return True


def _keep_heard(child: Person, *_: Form) -> bool:
    """Keep what stands in their own words as it stands there: one press."""
    heard = {f"{one.key}": one for one in trusted.heard_from(me(), child.id)}.get(
        request.form.get("heard", "")
    )
    if heard is not None:
        key = uuid5(child.id, heard.key)
        if heard.feels:
            Place.enter(child.id, heard.words, heard.feels, me().id, key=key)
        else:
            Trusted.enter(child.id, heard.words, "other", me().id, key=key)
    return True


def _end(child: Person, *_: Form) -> bool:
    """Somebody or some place of this young person is no longer so."""
    typed = request.form.get("which", "")
    for table in (Trusted, Place):
        found = session.scalars(table.visible_to(me()).where(table.child_id == child.id))
        for one in found:
            if str(one.id) == typed:
                one.end()
    return True


_ACTS: dict[str, Callable[[Person, PersonForm, PlaceForm], bool]] = {
    "person": _keep_person,
    "place": _keep_place,
    "heard": _keep_heard,
    "end": _end,
}


def _form_key(child_id: UUID) -> UUID | None:
    typed = request.form.get("form_key", "")[:100]
    return uuid5(child_id, f"{me().id} {typed}") if typed else None


def _people_page(child: Person, person: PersonForm | None, place: PlaceForm | None) -> Response:
    again = bool(person or place)
    _note_reading("trusted.read", child.id, again)
    kept_already = trusted.keys_of(child.id)
    return render(
        "accounts/people.html", status=422 if again else 200,
        child=child, person=person or PersonForm(None, prefix="person-"),
        place=place or PlaceForm(None, prefix="place-"),
        people=list(session.scalars(Trusted.visible_to(me()).where(Trusted.child_id == child.id))),
        places=list(session.scalars(Place.visible_to(me()).where(Place.child_id == child.id))),
        heard=[one for one in trusted.heard_from(me(), child.id) if uuid5(child.id, one.key) not in kept_already],
        kinds=trusted.KINDS, feels=trusted.FEELS, said_by=trusted.SAID_BY, form_key=new_id().hex,
    )  # fmt: skip


def _note_reading(act: str, child_id: UUID, again: bool) -> None:
    """Note that the page is read; a form that comes back shows the same words, and is committed for that."""
    if again:
        kept()
        audit.record(act, object_kind="person", object_id=child_id, subject=child_id)
    else:
        audit.read(act, object_kind="person", object_id=child_id, subject=child_id)


class WithWhomForm(Form):
    """The youth justice worker with whom a return goes."""

    youth_worker = SelectField("Youth justice worker", validate_choice=False)
    worker_name = StringField("Or somebody new: their name", [_TOO_LONG])
    worker_reach = TextAreaField("How to reach them", [_TOO_LONG])


class IntoCustodyForm(WithWhomForm):
    """Where a young person is held, since when, and who is their youth justice worker."""

    establishment = StringField("Where", [InputRequired("Enter where they are held"), _TOO_LONG])
    from_on = DayField("Since", [InputRequired("Enter the day they went in")], "Enter the day they went in")

    def validate_from_on(self, field: Any) -> None:
        """The day has been."""
        if field.data and field.data > current_hub().today():
            raise ValidationError("Enter a day that has been, or today")


class OutOfCustodyForm(Form):
    """The day on which they come out."""

    to_on = DayField("Out on", [Optional()], "Enter the day they come out")


@bp.route("/young-people/<uuid:child_id>/custody", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_CUSTODY, of="young person")
def custody(child_id: UUID) -> ResponseReturnValue:
    """Whether a young person is in custody: put it down, say with whom a return goes, or the day they come out."""
    child = get_child(child_id, Can.KEEP_CUSTODY)
    running, workers = custody_of(child.id), _youth_workers(child.id)
    inside, out, withs = IntoCustodyForm(), OutOfCustodyForm(), WithWhomForm()
    for form in (inside, withs):
        form.youth_worker.choices = [SelectChoice("", "Not known yet")] + [
            SelectChoice(str(one.id), one.name) for one in workers
        ]
    if request.method == "POST" and _take_custody(child, running, inside, out, withs):
        return see_other("accounts.custody", child_id=child.id)
    again = request.method == "POST"
    _note_reading("custody.read", child.id, again)
    return render(
        "accounts/custody.html", status=422 if again else 200, child=child, running=running,
        inside=inside, out=out, withs=withs, before=_before(child.id, running),
    )  # fmt: skip


def _take_custody(
    child: Person,
    running: Custody | None,
    inside: IntoCustodyForm,
    out: OutOfCustodyForm,
    withs: WithWhomForm,
) -> bool:
    """Take the form that came in; False: it has to be shown again, with what is wrong in it."""
    if running is None:
        return _into(child, inside)
    if request.form.get("act") != "worker":
        return _out(running, out)
    if not withs.validate():
        return False
    chosen = _chosen(child, withs)
    running.goes_with(chosen.id if chosen else None)
    return True


def _into(child: Person, form: IntoCustodyForm) -> bool:
    if not form.validate():
        return False
    chosen, where = _chosen(child, form), (form.establishment.data or "").strip()
    into_custody(
        child.id, form.from_on.data or current_hub().today(), where, chosen.id if chosen else None, me().id
    )
    return True


def _chosen(child: Person, form: WithWhomForm) -> Trusted | None:
    """The youth justice worker that a form names, entered if they are new; None: not known yet."""
    workers = _youth_workers(child.id)
    name = (form.worker_name.data or "").strip()
    if not name:
        return next((one for one in workers if str(one.id) == form.youth_worker.data), None)
    same = next((one for one in workers if one.name.casefold() == name.casefold()), None)
    reach = (form.worker_reach.data or "").strip()
    return same or Trusted.enter(child.id, name, YOUTH_JUSTICE, me().id, reach=reach, said_by="staff")


def _out(running: Custody, form: OutOfCustodyForm) -> bool:
    day: date | None = form.to_on.data if form.validate() else None
    if day is None or day < running.from_on:
        form.to_on.errors = ["Enter the day they come out; not before the day they went in"]
        return False
    running.end(day)
    return True


def _youth_workers(child_id: UUID) -> list[Trusted]:
    found = session.scalars(Trusted.visible_to(me(), Can.KEEP_CUSTODY).where(Trusted.child_id == child_id))
    return [one for one in found if one.kind == YOUTH_JUSTICE]


def _before(child_id: UUID, running: Custody | None) -> list[Custody]:
    found = (
        select(Custody)
        .where(Custody.child_id == child_id, Custody.to_on.is_not(None))
        .order_by(Custody.from_on.desc())
    )
    return [one for one in session.scalars(found) if running is None or one.id != running.id]
