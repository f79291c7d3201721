"""The administrator's pages of sign-ins: who has one, where it is used now, ending it, inviting, and making it anew."""

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
from portal.accounts.invitations import Invitation, Recovery, TwoPeople, shown
from portal.accounts.models import Person
from portal.accounts.own_sign_in import an_id
from portal.accounts.passkeys import Passkey
from portal.accounts.qr import qr
from portal.accounts.single_sign_on import StaffIdentity
from portal.accounts.staff import draw_of_form
from portal.accounts.staff_names import names_of
from portal.accounts.staff_secret import StaffSecret
from portal.accounts.state_of_sign_ins import sign_ins_of_all
from portal.accounts.views import bp
from portal.db import new_id, session
from portal.web import Form, not_found, render, see_other


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


@bp.route("/sign-ins/<uuid:staff_id>", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_SIGN_INS)
def one_sign_in(staff_id: UUID) -> ResponseReturnValue:
    """How one colleague signs in, and where they are signed in now; end one of these, or all."""
    colleague = get_colleague(staff_id)
    if request.method != "POST":
        return _page(colleague, RecoveryForm(formdata=None))
    if request.form.get("act") == "all":
        sessions.end_others(staff_id, but=None)
    else:
        sessions.end_sitting(staff_id, an_id("sitting"))
    return see_other("accounts.one_sign_in", staff_id=staff_id)


@bp.post("/sign-ins/<uuid:staff_id>/invitation")
@allow(STAFF, Can.KEEP_SIGN_INS, step_up=True)
def invite(staff_id: UUID) -> ResponseReturnValue:
    """Invite a colleague who has no sign-in yet; whoever has one needs two administrators for another."""
    colleague = get_colleague(staff_id)
    if _signs_in(staff_id):
        return see_other("accounts.one_sign_in", staff_id=staff_id)
    return _invitation(colleague, Invitation.make(staff_id, me().id, draw_of_form()))


@bp.post("/sign-ins/<uuid:staff_id>/recovery")
@allow(STAFF, Can.KEEP_SIGN_INS, step_up=True)
def recover(staff_id: UUID) -> ResponseReturnValue:
    """Ask that a lost sign-in be made anew; approve what another administrator asked; or end it."""
    colleague = get_colleague(staff_id)
    acts: dict[str, Callable[[Person], Response]] = {"ask": _ask, "approve": _approve, "end": _end}
    act = acts.get(request.form.get("act", "ask"))
    if act is None:
        raise not_found()
    try:
        return act(colleague)
    except TwoPeople:
        form = RecoveryForm(formdata=None)
        form.form_errors = ["It takes another administrator: not who asked, and not whose sign-in it is."]
        return _page(colleague, form, 422)


def _ask(colleague: Person) -> Response:
    form = RecoveryForm()
    if not form.validate():
        return _page(colleague, form, 422)
    Recovery.ask(colleague.id, form.made_sure.data or "", me().id)
    return see_other("accounts.one_sign_in", staff_id=colleague.id)


def _approve(colleague: Person) -> Response:
    asked, draw = Recovery.open_of(colleague.id), draw_of_form()
    if asked is not None:
        return _invitation(colleague, asked.approve(me().id, draw))
    if not _signs_in(colleague.id) and session.scalar(Invitation.open_of(colleague.id)) is not None:
        return _invitation(
            colleague, Invitation.make(colleague.id, me().id, draw)
        )  # the same form, once more
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


def _signs_in(staff_id: UUID) -> bool:
    return any(
        session.scalar(select(table.id).where(table.person_id == staff_id).limit(1)) is not None
        for table in (StaffSecret, Passkey, StaffIdentity)
    )


def _invitation(colleague: Person, code: str) -> Response:
    made = shown(code)
    return render("accounts/new_invitation.html", colleague=colleague, made=made, qr=qr(made.link))


def _page(colleague: Person, form: RecoveryForm, status: int = 200) -> Response:
    asked = Recovery.open_of(colleague.id)
    invited = session.scalar(Invitation.open_of(colleague.id))
    people = names_of(one for one in (asked and asked.asked_by_id, invited and invited.by_id) if one)
    return render(
        "accounts/one_sign_in.html", status=status, colleague=colleague, form=form, form_key=new_id().hex,
        has_password=session.scalar(select(StaffSecret.id).where(StaffSecret.person_id == colleague.id)) is not None,
        passkeys=len(session.scalars(Passkey.own(colleague.id).with_only_columns(Passkey.id)).all()),
        sittings=sessions.sittings_of(colleague.id), asked=asked, invited=invited, people=people,
    )  # fmt: skip
