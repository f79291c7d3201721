"""Once more, who is it: before an export, a role or an address a passkey or a code is asked for (`safety.md`).

A rule with `step_up=True` puts this page before its view. What was typed stays in the page, unseen, and is sent on to
the view as it was once the proof is given, so that nothing is typed twice. What adds a way to sign in takes a proof
of its own each time (`proved_for`), whenever the last one was given.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms import StringField
from wtforms.validators import InputRequired

from portal import audit
from portal.access import STAFF, Can, allow, me, rule_of
from portal.accounts import passkeys, throttle
from portal.accounts.sign_in import SignIn
from portal.accounts.staff_secret import secret_of
from portal.accounts.views import bp, client, too_many
from portal.config import current_hub
from portal.crypto import lookup_hash
from portal.db import kept, session
from portal.web import Form, htmx, not_found, render, see_other

WRONG_CODES = 5  # after which only a whole sign-in helps
_ONWARD, _METHOD, _CODE, _CREDENTIAL = "step-up-onward", "step-up-method", "step-up-code", "step-up-passkey"
_OURS = {_ONWARD, _METHOD, _CODE, _CREDENTIAL, "csrf_token"}
_WRONG = "This code is not right. A code works once: wait for the next one."
_WRONG_PASSKEY = "This passkey is not yours here, or it took too long. Try once more, or use a code."
_LONGEST = 2000  # characters of an address to go on to


class StepUpForm(Form):
    """The code alone; who it should be is known."""

    code = StringField("Code", [InputRequired("Enter the code from your authenticator")], name=_CODE)


def ask() -> Response:
    """The page that asks who it is, before what was asked for; 403, because that has not been done yet."""
    onward = request.full_path if request.query_string else request.path
    return _page(
        StepUpForm(formdata=None), onward, "GET" if request.method == "HEAD" else request.method, 403
    )


@bp.post("/step-up")
@allow(STAFF, Can.USE_STAFF_PAGES)
def step_up() -> ResponseReturnValue:
    """Take the proof, and go on: with a GET to a page, or with everything that was typed to where it was sent."""
    form, onward, method = StepUpForm(), request.form.get(_ONWARD, ""), request.form.get(_METHOD, "GET")
    asking = _asking(onward, method)
    if not asking:
        return see_other("voices.staff_front")
    with_passkey = request.form.get(_CREDENTIAL, "")
    if not with_passkey and not form.validate():
        return _page(form, onward, method, 422)
    if wait := throttle.seconds_to_wait(lookup_hash("step up", str(me().sign_in_id)), client()):
        return too_many(wait)
    if not prove(form.code.data or "", with_passkey, page=asking):
        kept()
        form.code.data = ""
        form.form_errors.append(_WRONG_PASSKEY if with_passkey else _WRONG)
        return _page(form, onward, method, 422)
    return Response(status=303 if method == "GET" else 307, headers={"Location": onward})


def _asking(onward: str, method: str) -> str:
    """The view of this door at this address, if it asks who it is: nowhere else does the page lead; else ""."""
    parts = urlsplit(onward)
    if (
        not onward.startswith("/")
        or parts.netloc
        or len(onward) > _LONGEST
        or request_ctx.url_adapter is None
    ):
        return ""
    try:
        endpoint, _ = request_ctx.url_adapter.match(parts.path, method)
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint) if rule_of(current_app, endpoint).step_up else ""


def proved_for(page: str, *, lately: bool = True) -> bool:
    """Whether the last proof was given for this page, a view by its name, and no act of it has used it up."""
    row = session.get(SignIn, me().sign_in_id)
    return row is not None and row.proved_for == page and (me().fresh(current_hub().now()) or not lately)


def use_up() -> None:
    """The proof has done what it was given for: next time another one is asked for."""
    if (row := session.get(SignIn, me().sign_in_id, with_for_update=True)) is not None:
        row.proved_for = None


def prove(code: str, credential: str = "", page: str = "") -> bool:
    """Use up a code or a passkey's proof of whoever is signed in; a fifth wrong one ends the sign-in."""
    who = me()
    row = session.get(SignIn, who.sign_in_id, with_for_update=True)
    if row is None:
        raise not_found()
    if passkeys.holds(who.id, credential) if credential else _takes(who.id, code):
        proved(row, by="passkey" if credential else "code")
        row.proved_for = page or None
        return True
    row.wrong_codes += 1
    audit.record("sign_in.step_up_refused", object_kind="sign_in", object_id=row.id, subject=who.id)
    if row.wrong_codes >= WRONG_CODES:
        session.delete(row)
    return False


def _takes(person_id: UUID, code: str) -> bool:
    secret = secret_of(person_id)
    return secret is not None and secret.takes(code)


def proved(row: SignIn, by: str) -> None:
    """Note that whoever is signed in there has just proved who they are."""
    row.proved_at, row.wrong_codes = current_hub().now(), 0
    audit.record("sign_in.stepped_up", object_kind="sign_in", object_id=row.id, subject=row.person_id, by=by)


def _page(form: StepUpForm, onward: str, method: str, status: int) -> Response:
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    answer = render(
        "accounts/step_up.html", status=status, form=form, typed=typed, onward=onward, method=method,
        names={"onward": _ONWARD, "method": _METHOD, "credential": _CREDENTIAL}, passkey=passkeys.to_step_up(me().id),
    )  # fmt: skip
    if htmx and not htmx.boosted:  # not into the part of the page that had asked
        answer.status_code = 422
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML"
    return answer
