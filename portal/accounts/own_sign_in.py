"""One's own sign-in: passkeys, and where one is signed in."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from portal.access import STAFF, Can, allow, me
from portal.accounts import passkeys, sessions, step_up
from portal.accounts.invitations import tell_of_change
from portal.accounts.models import Person
from portal.accounts.passkeys import LONGEST_NAME, NoPasskey, Passkey
from portal.accounts.single_sign_on import StaffIdentity
from portal.accounts.views import bp
from portal.config import current_hub
from portal.db import session
from portal.web import Form, not_found, render, see_other

_NAMED = [
    InputRequired("Give it a name, such as: my laptop"),
    Length(max=LONGEST_NAME, message="Use a shorter name"),
]


class PasskeyForm(Form):
    """A name for the passkey, and what the device made."""

    name = StringField("What shall it be called?", _NAMED)
    credential = HiddenField()


@bp.route("/your-sign-in", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES)
def your_sign_in() -> ResponseReturnValue:
    """With what one signs in, and where one is signed in now; any of these can be ended at once."""
    who = me()
    if request.method != "POST":
        return render(
            "accounts/your_sign_in.html", here=who.sign_in_id, sittings=sorted(sessions.sittings_of(who.id), key=lambda one: one.id != who.sign_in_id),
            passkeys=session.scalars(Passkey.own(who.id)).all(),
            changed=request.args.get("changed") == "password",
            joined=bool(current_hub().file.single_sign_on) and StaffIdentity.of(who.id) is not None,
        )  # fmt: skip
    if request.form.get("act") == "others":
        sessions.end_others(who.id, but=who.sign_in_id)
    elif not sessions.end_sitting(who.id, an_id("sitting")):
        return see_other("accounts.your_sign_in")  # it is over already
    return see_other("accounts.your_sign_in")


def an_id(name: str) -> UUID:
    """The id in a field of the form; "not found" if it is none."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise not_found() from None


@bp.route("/your-sign-in/new-passkey", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def add_passkey() -> ResponseReturnValue:
    """Make a passkey on this device, or on a phone or key beside it; each takes a proof of its own, and is told."""
    form = PasskeyForm()
    if form.is_submitted() and not step_up.proved_for("accounts.add_passkey"):
        return step_up.ask()
    if form.validate_on_submit():
        try:
            made = Passkey.add(me(), form.credential.data or "", form.name.data or "")
            step_up.use_up()
            tell_of_change(me().id, made.id)
            return see_other("accounts.your_sign_in")
        except NoPasskey as refused:
            form.form_errors.append(f"{refused}.")
    status = 422 if form.errors else 200
    email = session.get_one(Person, me().id).email or ""
    return render("accounts/add_passkey.html", status=status, form=form, options=passkeys.to_add(me(), email))


@bp.route("/your-sign-in/passkeys/change", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def change_passkey() -> ResponseReturnValue:
    """Call one's own passkey something else, or remove it."""
    typed = request.values.get("passkey", "")
    one = next((one for one in session.scalars(Passkey.own(me().id)) if str(one.id) == typed), None)
    if one is None:
        return see_other("accounts.your_sign_in")
    form = PasskeyForm(name=one.name)
    if request.form.get("act") == "remove":
        one.remove()
        return see_other("accounts.your_sign_in")
    if form.validate_on_submit():
        one.rename(form.name.data or "")
        return see_other("accounts.your_sign_in")
    return render("accounts/change_passkey.html", status=422 if form.errors else 200, form=form, passkey=one)
