"""The first sign-in: somebody of the staff opens their invitation, chooses a password and sets up an authenticator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pyotp
from flask import Response, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.access import STAFF, Can, allow, everyone, me
from portal.accounts import sessions, slow_hash, throttle
from portal.accounts import sign_in as sign_ins
from portal.accounts.draw import Draw
from portal.accounts.invitations import Invitation, authenticator_of, tell_of_change, typed
from portal.accounts.models import Person
from portal.accounts.passwords import LONGEST, weakness
from portal.accounts.qr import qr
from portal.accounts.staff_secret import is_password_of, keep_secret, secret_of, step_of
from portal.accounts.views import bp, client, too_many
from portal.audit import record
from portal.crypto import lookup_hash
from portal.db import new_id, session, undo
from portal.web import Form, render, see_other

_NOT_THIS_CODE = "This code does not fit. Is it the one that stands in your authenticator now?"
_OPENS_NOTHING = "This code opens nothing. It works once, for three days. Ask your administrator for another."


class CodeForm(Form):
    """The invitation's code, typed, or taken out of the link by the script."""

    code = StringField("Code from your invitation")
    token = HiddenField()


class _NewPassword(PasswordField):
    """A password that somebody chooses; what is known of them may not make it up."""

    known: tuple[str, ...] = ()

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse one that is easily guessed, with what to do instead."""
        if not validation_stopped and (words := weakness(self.data or "", self.known)):
            raise ValidationError(words)


class FirstForm(Form):
    """A password, and a code that shows that the authenticator is set up."""

    form_key = HiddenField()
    password = _NewPassword("Choose a password", [InputRequired("Choose a password")])
    code = StringField(
        "Code from your authenticator", [InputRequired("Enter the code from your authenticator")]
    )


class PasswordForm(Form):
    """The password of now, and the next one."""

    now = PasswordField("Your password now", [InputRequired("Enter your password")])
    password = _NewPassword("Your new password", [InputRequired("Choose a password")])


class AuthenticatorForm(Form):
    """A code of the new authenticator."""

    form_key = HiddenField()
    code = StringField(
        "Code from the new authenticator", [InputRequired("Enter the code from the new authenticator")]
    )


@bp.route("/welcome", methods=["GET", "POST"])
@everyone(STAFF)
def welcome() -> ResponseReturnValue:
    """Open an invitation. Looking at it uses nothing up: only the password and the authenticator's code do."""
    opened = CodeForm(prefix="invitation")
    code = opened.token.data or opened.code.data or ""
    if not code:
        status = 422 if opened.is_submitted() else 200
        return _code_page(opened, status, "Enter the code from your invitation." if status == 422 else "")
    if wait := throttle.seconds_to_wait(lookup_hash("invitation", typed(code)), client()):
        return too_many(wait)
    found = Invitation.of(code)
    if found is None:
        return _code_page(opened, 422, _OPENS_NOTHING)
    whose = session.get_one(Person, found.person_id)
    form = _known(FirstForm() if "password" in request.form else FirstForm(formdata=None), whose)
    if not form.is_submitted() or "password" not in request.form:
        return _first_page(form, code, whose)
    if not form.validate():
        return _first_page(form, code, whose, 422)
    return _begin(form, code, whose)


def _begin(form: FirstForm, code: str, whose: Person) -> ResponseReturnValue:
    totp = authenticator_of(whose.id, code, form.form_key.data or "")
    step = step_of(totp, form.code.data or "")
    if not step or not form.form_key.data:
        form.form_errors.append(_NOT_THIS_CODE)
        return _first_page(form, code, whose, 422)
    undo()  # while the slow hash is made, nobody may wait for this request
    hashed = slow_hash.hashed(form.password.data or "")
    found = Invitation.of(code)
    if found is None:  # used meanwhile
        return _code_page(CodeForm(formdata=None), 422, _OPENS_NOTHING)
    found.use()
    sign_ins.end_all(found.person_id)
    keep_secret(found.person_id, hashed, totp, step)
    person = session.get_one(Person, found.person_id)
    sign_ins.begin(person, STAFF, sign_ins.roles_at(person.id, STAFF))
    return see_other("voices.staff_front")


@bp.route("/your-sign-in/password", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def change_password() -> ResponseReturnValue:
    """Choose another password; every other sign-in of theirs ends."""
    who, form = me(), PasswordForm()
    form = _known(form, session.get_one(Person, who.id))
    if not form.validate_on_submit():
        return render("accounts/change_password.html", status=422 if form.errors else 200, form=form)
    undo()
    right = is_password_of(who.id, form.now.data or "")
    hashed = slow_hash.hashed(form.password.data or "") if right else ""
    secret = secret_of(who.id)
    if not right or secret is None:
        form.now.errors = ["This is not your password"]
        return render("accounts/change_password.html", status=422, form=form)
    keep_secret(who.id, hashed, secret.totp, secret.last_step)
    _changed(who.id, who.sign_in_id)
    return see_other("accounts.your_sign_in", changed="password")


@bp.route("/your-sign-in/authenticator", methods=["GET", "POST"])
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def change_authenticator() -> ResponseReturnValue:
    """Set up another authenticator; the earlier one's codes open nothing any more."""
    who, form = me(), AuthenticatorForm()
    secret = secret_of(who.id) if form.is_submitted() else None
    if form.validate_on_submit() and secret is not None:
        totp = Draw.of(who.id, f"authenticator {form.form_key.data}").authenticator()
        if step := step_of(totp, form.code.data or ""):
            keep_secret(who.id, secret.password_hash, totp, step)
            _changed(who.id, who.sign_in_id)
            return see_other("accounts.your_sign_in")
        form.form_errors.append(_NOT_THIS_CODE)
    form.form_key.data = form.form_key.data or new_id().hex
    totp = Draw.of(who.id, f"authenticator {form.form_key.data}").authenticator()
    status = 422 if form.errors else 200
    email = session.get_one(Person, who.id).email or who.name
    return render("accounts/change_authenticator.html", status=status, form=form, **_shown(totp, email))


def _changed(person_id: UUID, here: UUID) -> None:
    sessions.end_others(person_id, but=here)
    tell_of_change(person_id, new_id())
    record("staff_secret.changed", object_kind="person", object_id=person_id, subject=person_id)


def _known(form: Any, whose: Person) -> Any:
    form.password.known = (whose.name, whose.email or "")
    return form


def _shown(totp: str, email: str) -> dict[str, Any]:
    """The authenticator's secret as a picture and as words to type."""
    link = pyotp.TOTP(totp).provisioning_uri(name=email, issuer_name="Rowan")
    return {"picture": qr(link), "secret": " ".join(totp[n : n + 4] for n in range(0, len(totp), 4))}


def _code_page(form: CodeForm, status: int, words: str) -> Response:
    form.form_errors = [words] if words else []
    return render("accounts/welcome.html", status=status, form=form)


def _first_page(form: FirstForm, code: str, whose: Person, status: int = 200) -> Response:
    form.code.data = ""
    form.form_key.data = form.form_key.data or new_id().hex
    return render(
        "accounts/welcome_first.html", status=status, form=form, invitation=code, whose=whose, longest=LONGEST,
        **_shown(authenticator_of(whose.id, code, form.form_key.data), whose.email or whose.name),
    )  # fmt: skip
