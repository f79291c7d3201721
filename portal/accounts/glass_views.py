"""The page on which a worker opens somebody else's young person, and says why."""

from __future__ import annotations

from uuid import UUID, uuid5

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts import actions, throttle
from portal.accounts.break_glass import BreakGlass, TooFewToTell
from portal.accounts.holders import names_of
from portal.accounts.models import Person, name_and_birthday
from portal.accounts.pauses import paused
from portal.accounts.views import bp, too_many
from portal.config import current_hub
from portal.db import beyond_the_wall, kept, new_id, session
from portal.web import DayField, Form, render, see_other

LONGEST = 2000


class BreakGlassForm(Form):
    """Whom to open, as whoever rang says it, and why now."""

    name = StringField("Their name", [InputRequired("Enter their whole name")])
    born_on = DayField(
        "Their day of birth", [InputRequired("Enter their day of birth")], "Enter their day of birth"
    )
    reason = TextAreaField(
        "Why you need it now",
        [
            InputRequired("Enter why you need it now"),
            Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters"),
        ],
        description="Their worker and the managers read it, and so does whoever looks at it tomorrow.",
    )


@bp.get("/break-glass")
@allow(STAFF, Can.BREAK_GLASS)
def break_glass() -> ResponseReturnValue:
    """What a worker has opened, and the form to open a young person whom somebody else holds."""
    return _page(BreakGlassForm())


@bp.post("/break-glass")
@allow(STAFF, Can.BREAK_GLASS, step_up=True)
def open_by_break_glass() -> ResponseReturnValue:
    """Open a young person whom somebody else holds, for a day and to read only; two people are told."""
    form = BreakGlassForm()
    if not form.validate():
        return _page(form, status=422)
    # Whoever tries names is slowed down themselves, from whichever address.
    if wait := throttle.seconds_to_wait("break-glass", str(me().id)):
        return too_many(wait)
    child_id, kept_out = _found(form)
    if child_id is not None and _reached_already(child_id):
        return see_other("voices.young_person", child_id=child_id)
    if child_id is None or kept_out:
        return _missed(form, child_id)
    try:
        with beyond_the_wall():  # who is told, and whose key seals the reason
            actions.break_glass(me().id, child_id, (form.reason.data or "").strip(), _form_key())
    except TooFewToTell:
        duty = current_hub().file.numbers.duty_team
        form.form_errors.append(
            f"There are not two people here who could be told of it, so it does not open. Ring the duty team: {duty.number}"
        )
        return _page(form, status=422)
    return see_other("voices.young_person", child_id=child_id)


def _missed(form: BreakGlassForm, child_id: UUID | None) -> Response:
    """The same answer whether nobody has this name or something that was said may be about who asks."""
    audit.record("break_glass.not_found", object_kind="person", object_id=child_id, subject=child_id)
    kept()  # who tries names is seen
    form.name.errors = ["Nobody is entered here by this name and day of birth. Check both"]
    return _page(form, status=422)


def _found(form: BreakGlassForm) -> tuple[UUID | None, bool]:
    """Whom the form means, and whether something that they said may be about who asks."""
    if form.born_on.data is None:
        return None, False
    wanted = name_and_birthday((form.name.data or "").strip(), form.born_on.data)
    found = select(Person.id, paused(me().id, Person.id)).where(
        Person.kind == "child", Person.name_birthday_hash == wanted, Person.ended_at.is_(None)
    )
    with beyond_the_wall():  # whoever looks for them holds them not
        row = session.execute(found.order_by(Person.created_at).limit(1)).first()
    return (row[0], row[1]) if row else (None, False)


def _reached_already(child_id: UUID) -> bool:
    found = Person.visible_to(me()).where(Person.id == child_id).with_only_columns(Person.id)
    return session.scalar(found) is not None


def _form_key() -> UUID | None:
    typed = request.form.get("form_key", "")[:100]
    return uuid5(me().id, f"break-glass {typed}") if typed else None


def _page(form: BreakGlassForm, status: int = 200) -> Response:
    running = list(session.scalars(
        select(BreakGlass)
        .where(BreakGlass.worker_id == me().id, BreakGlass.ends_at > current_hub().now())
        .order_by(BreakGlass.ends_at)
    ))  # fmt: skip
    return render(
        "accounts/break_glass.html", status=status, form=form, running=running,
        names=names_of(glass.child_id for glass in running), form_key=request.form.get("form_key") or new_id().hex,
    )  # fmt: skip
