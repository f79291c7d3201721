"""The administrator's pages of people: enter them, give and end roles, put down a move, see them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from wtforms import EmailField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, InputRequired, Length, Regexp

from portal.access import STAFF, Can, allow, me
from portal.accounts.last_day import WithLastDay
from portal.accounts.models import Organisation, Person
from portal.admin import people as acts
from portal.admin.room import bp
from portal.db import session
from portal.web import Form, not_found, render, see_other

LONGEST = 120
_SHORT = Length(max=LONGEST, message=f"Make it shorter: at most {LONGEST} characters")
_ADDRESS = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="Enter a whole e-mail address")


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role, role.capitalize()) for role in acts.ROLES]


class EnterForm(WithLastDay):
    """Somebody who begins here."""

    name = StringField("Name", [InputRequired("Enter their name"), _SHORT])
    known_as = StringField(
        "Known as", [_SHORT], description="What young people are told. Empty: the first name."
    )
    email = EmailField("Work e-mail", [InputRequired("Enter their e-mail address"), _ADDRESS, _SHORT])
    organisation = SelectField(
        "Works for", [InputRequired("Choose for whom they work")], validate_choice=False
    )
    roles = SelectMultipleField("Roles", [InputRequired("Choose at least one role")], choices=_roles())

    def validate_roles(self, field: Any) -> None:
        """A home's staff have that role alone."""
        if acts.HOME_STAFF in (field.data or ()) and len(field.data) > 1:
            raise ValidationError("A residential carer has no other role: they come in by another door")


class RoleForm(WithLastDay):
    """One more role, or another last day for one that runs."""

    role = SelectField("Role", [AnyOf(acts.ROLES, message="Choose a role")], validate_choice=False)


class MoveForm(Form):
    """For whom they work now."""

    organisation = SelectField(
        "Works for", [InputRequired("Choose for whom they work")], validate_choice=False
    )


@bp.get("/people")
@allow(STAFF, Can.KEEP_PEOPLE)
def people() -> ResponseReturnValue:
    """Who works with the hub and with which roles; or who has left."""
    left = request.args.get("show") == "left"
    found, onward = acts.lines(left=left, after=request.args.get("after", ""))
    return render("admin/people.html", fragment="rows", lines=found, onward=onward, left=left)


@bp.get("/people/new")
@allow(STAFF, Can.KEEP_PEOPLE)
def new_person() -> ResponseReturnValue:
    """The form for somebody who begins here."""
    return _new_page(_offer(EnterForm()))


@bp.post("/people/new")
@allow(STAFF, Can.KEEP_PEOPLE, step_up=True)
def enter_person() -> ResponseReturnValue:
    """Enter somebody who begins here."""
    form = _offer(EnterForm())
    if not form.validate() or (organisation := _chosen(form)) is None:
        return _new_page(form, status=422)
    email = (form.email.data or "").strip()
    if acts.entered_before(email) is not None:
        form.email.errors = [
            "Somebody with this e-mail address is entered already, or has left: look at the list"
        ]
        return _new_page(form, status=422)
    person = acts.enter(
        (form.name.data or "").strip(), email, organisation.id, form.roles.data or (),
        known_as=(form.known_as.data or "").strip(), until=form.until,
    )  # fmt: skip
    return see_other("admin.person", staff_id=person.id)


def _offer(form: Any) -> Any:
    named = [SelectChoice(str(one.id), one.name) for one in acts.organisations()]
    form.organisation.choices = [SelectChoice("", "Choose"), *named]
    return form


def _chosen(form: Any) -> Organisation | None:
    found = next((one for one in acts.organisations() if str(one.id) == form.organisation.data), None)
    if found is None:
        form.organisation.errors = ["Choose for whom they work"]
    return found


def _new_page(form: EnterForm, status: int = 200) -> Response:
    return render("admin/new_person.html", status=status, form=form)


@bp.get("/people/<uuid:staff_id>")
@allow(STAFF, Can.KEEP_PEOPLE, of="staff member")
def person(staff_id: UUID) -> ResponseReturnValue:
    """One person who works here: for whom, with which roles, and what an administrator can do."""
    return _page(get_person(staff_id))


@bp.post("/people/<uuid:staff_id>")
@allow(STAFF, Can.KEEP_PEOPLE, of="staff member", step_up=True)
def change_person(staff_id: UUID) -> ResponseReturnValue:
    """Give a role, end one, put down a move, see them out, or let them back."""
    somebody = get_person(staff_id)
    take = _ACTS.get(request.form.get("act", ""))
    role, move = RoleForm(prefix="role"), _offer(MoveForm(prefix="move"))
    if take is None:
        raise not_found()
    try:
        if not take(somebody, role, move):
            return _page(somebody, role, move, status=422)
    except acts.NotTheirOwn:
        return _page(
            somebody,
            status=422,
            wrong="Nobody changes what they may do themselves. Ask another administrator.",
        )
    except acts.NotBoth:
        return _page(
            somebody, status=422,
            wrong="A residential carer comes in by another door and has no other role. Enter them once more for that.",
        )  # fmt: skip
    return see_other("admin.person", staff_id=staff_id)


def get_person(staff_id: UUID) -> Person:
    """Somebody whom an administrator keeps; anybody else is "not found"."""
    acts_now = request.method == "POST"
    wanted = acts.kept_here(staff_id)
    found = session.scalar(wanted.with_for_update(key_share=True) if acts_now else wanted)
    if found is None:
        raise not_found()
    return found


def _give(somebody: Person, role: RoleForm, _: MoveForm) -> bool:
    if not role.validate():
        return False
    acts.give_role(somebody, role.role.data, role.until, me().id)
    return True


def _end(somebody: Person, *_: Form) -> bool:
    try:
        acts.end_role(somebody, UUID(request.form.get("which", "")), me().id)
    except ValueError:
        raise not_found() from None
    return True


def _move(somebody: Person, _: RoleForm, move: MoveForm) -> bool:
    if not move.validate() or (organisation := _chosen(move)) is None:
        return False
    acts.move(somebody, organisation.id, me().id)
    return True


def _out(somebody: Person, *_: Form) -> bool:
    acts.see_out(somebody, me().id)
    return True


def _back(somebody: Person, *_: Form) -> bool:
    acts.come_back(somebody, me().id)
    return True


_ACTS: dict[str, Callable[[Person, RoleForm, MoveForm], bool]] = {
    "give": _give, "end": _end, "move": _move, "out": _out, "back": _back,
}  # fmt: skip


def _page(
    somebody: Person,
    role: RoleForm | None = None,
    move: MoveForm | None = None,
    *,
    status: int = 200,
    wrong: str = "",
) -> Response:
    act = request.form.get("act")
    role = role if role is not None and act == "give" else RoleForm(None, prefix="role")
    first = {"organisation": str(somebody.organisation_id or "")}
    move = move if move is not None and act == "move" else _offer(MoveForm(None, prefix="move", data=first))
    free = [one for one in acts.ROLES if (one == acts.HOME_STAFF) == (somebody.kind == "adult")]
    role.role.choices = [SelectChoice("", "Choose"), *(SelectChoice(one, one.capitalize()) for one in free)]
    organisation = session.get(Organisation, somebody.organisation_id) if somebody.organisation_id else None
    return render(
        "admin/person.html", status=status, person=somebody, organisation=organisation, role=role, move=move,
        roles=acts.roles_of([somebody.id]).get(somebody.id, []), wrong=wrong, mine=somebody.id == me().id,
    )  # fmt: skip
