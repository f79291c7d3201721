"""Pages of colleagues' sign-ins: who has one, where it is used now, ending it; and getting one, which takes two people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from portal.access import STAFF, Can, allow, me
from portal.accounts import sessions
from portal.accounts.given_roles import given_lately
from portal.accounts.invitations import Invitation, Recovery, TwoPeople, shown, signs_in
from portal.accounts.models import Person
from portal.accounts.own_sign_in import an_id
from portal.accounts.passkeys import Passkey
from portal.accounts.qr import qr
from portal.accounts.staff import draw_of_form
from portal.accounts.staff_names import names_of
from portal.accounts.staff_secret import StaffSecret
from portal.accounts.state_of_sign_ins import sign_ins_of_all
from portal.accounts.views import bp
from portal.db import new_id, session
from portal.web import Form, not_found, render, see_other

_TWO_PEOPLE = (
    "It takes two people: an administrator asks, and another administrator or a manager approves. Not whose sign-in it is; "
    "and neither of the two may have entered or invited the other."
)


class RecoveryForm(Form):
    """How the administrator made sure that it is this colleague who asks."""

    made_sure = TextAreaField(
        "How did you make sure who it is?",
        [InputRequired("Write how you made sure who it is"), Length(max=2000, message="Write it shorter")],
    )


@bp.get("/sign-ins")
@allow(STAFF, Can.KEEP_SIGN_INS)
def sign_ins() -> ResponseReturnValue:
    """Everybody of the staff, and how they sign in."""
    return render("accounts/sign_ins.html", lines=sign_ins_of_all())


@bp.get("/new-roles")
@allow(STAFF, Can.SECOND_SIGN_INS)
def new_roles() -> ResponseReturnValue:
    """Which roles were given lately, and by whom; and who waits for a second person to let them have a sign-in."""
    asked = Recovery.all_open()
    people = names_of({one for row in asked for one in (row.person_id, row.asked_by_id)})
    return render("accounts/new_roles.html", lines=given_lately(), asked=asked, people=people)


@bp.get("/sign-ins/<uuid:staff_id>")
@allow(STAFF, Can.SECOND_SIGN_INS)
def one_sign_in(staff_id: UUID) -> ResponseReturnValue:
    """How one colleague signs in, and what is asked for them; for an administrator where they are signed in now, too."""
    return _page(get_colleague(staff_id), RecoveryForm(formdata=None))


@bp.post("/sign-ins/<uuid:staff_id>")
@allow(STAFF, Can.KEEP_SIGN_INS)
def end_sign_ins(staff_id: UUID) -> ResponseReturnValue:
    """End one of the places where a colleague is signed in, or all."""
    get_colleague(staff_id)
    if request.form.get("act") == "all":
        sessions.end_others(staff_id, but=None)
    else:
        sessions.end_sitting(staff_id, an_id("sitting"))
    return see_other("accounts.one_sign_in", staff_id=staff_id)


@bp.post("/sign-ins/<uuid:staff_id>/recovery")
@allow(STAFF, Can.SECOND_SIGN_INS, step_up=True)
def recover(staff_id: UUID) -> ResponseReturnValue:
    """Ask that a colleague get a sign-in, or a lost one be made anew; approve what another asked; or end it."""
    colleague = get_colleague(staff_id)
    acts: dict[str, Callable[[Person], Response]] = {"ask": _ask, "approve": _approve, "end": _end}
    act = acts.get(request.form.get("act", "ask"))
    if act is None:
        raise not_found()
    try:
        return act(colleague)
    except TwoPeople:
        form = RecoveryForm(formdata=None)
        form.form_errors = [_TWO_PEOPLE]
        return _page(colleague, form, 422)


def _ask(colleague: Person) -> Response:
    if not me().can(Can.KEEP_SIGN_INS):
        raise TwoPeople
    form = RecoveryForm()
    if not form.validate():
        return _page(colleague, form, 422)
    Recovery.ask(colleague.id, form.made_sure.data or "", me().id)
    return see_other("accounts.one_sign_in", staff_id=colleague.id)


def _approve(colleague: Person) -> Response:
    asked, draw = Recovery.open_of(colleague.id), draw_of_form()
    if asked is not None:
        return _invitation(colleague, asked.approve(me().id, draw))
    if Recovery.approved_by(colleague.id) == me().id:  # once more, to whoever was shown it before
        return _invitation(colleague, Invitation.make(colleague.id, me().id, draw))
    return see_other("accounts.one_sign_in", staff_id=colleague.id)


def _end(colleague: Person) -> Response:
    if (asked := Recovery.open_of(colleague.id)) is not None:
        asked.end(me().id)
    return see_other("accounts.one_sign_in", staff_id=colleague.id)


def get_colleague(staff_id: UUID) -> Person:
    """Somebody of the staff who has not left; else "not found"."""
    found = session.scalar(
        select(Person).where(Person.id == staff_id, Person.kind == "staff", Person.ended_at.is_(None))
    )
    if found is None:
        raise not_found()
    return found


def _invitation(colleague: Person, code: str) -> Response:
    made = shown(code)
    return render("accounts/new_invitation.html", colleague=colleague, made=made, qr=qr(made.link))


def _page(colleague: Person, form: RecoveryForm, status: int = 200) -> Response:
    asked, keeps = Recovery.open_of(colleague.id), me().can(Can.KEEP_SIGN_INS)
    invited = session.scalar(Invitation.open_of(colleague.id))
    people = names_of(one for one in (asked and asked.asked_by_id, invited and invited.by_id) if one)
    return render(
        "accounts/one_sign_in.html", status=status, colleague=colleague, form=form, form_key=new_id().hex,
        has_password=session.scalar(select(StaffSecret.id).where(StaffSecret.person_id == colleague.id)) is not None,
        passkeys=len(session.scalars(Passkey.own(colleague.id).with_only_columns(Passkey.id)).all()),
        sittings=sessions.sittings_of(colleague.id) if keeps else [], asked=asked, invited=invited, people=people,
        keeps=keeps, signs_in=signs_in(colleague.id), may_approve=asked is not None and asked.may_approve(me().id),
        again=Recovery.approved_by(colleague.id) == me().id,
    )  # fmt: skip
