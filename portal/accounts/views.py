"""How families come in, choose a language, and leave. Staff's pages are in `staff`."""

from __future__ import annotations

import re

from flask import Response, current_app, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from wtforms import StringField

from portal import i18n
from portal.access import FAMILY, PUBLIC, YOUNG, Room, SignedIn, everyone
from portal.accounts import sign_in, throttle, ways_in
from portal.config import current_hub
from portal.db import kept
from portal.web import IN_ROOM, Form, comes_from_here, error_page, not_found, render, see_other

bp = Room("accounts", __name__)


class EnterForm(Form):
    """Words or digits, or the token that the script took out of a link; and the PIN. One refusal for all of them."""

    words = StringField()
    pin = StringField()
    token = StringField()


@bp.route("/in", methods=["GET", "POST"])
@everyone(YOUNG, FAMILY)
def enter() -> ResponseReturnValue:
    """The way in. Looking at it, or following a link to it, uses nothing up."""
    form, door = EnterForm(), current_hub().door or ""
    if request.method != "POST":  # HEAD too: a scanner uses nothing up
        return _enter_page(form)
    key = ways_in.key_of(form.words.data or "", form.token.data or "")
    if wait := throttle.seconds_to_wait(key, client()):
        return too_many(wait)
    person = ways_in.who_comes_in(key, form.pin.data or "", door)
    if person is None:
        kept()
        return _enter_page(form, status=422)
    return see_other(first_page(sign_in.begin(person, door, sign_in.roles_at(person.id, door))))


def first_page(who: SignedIn) -> str:
    """Where somebody comes to first: for a young person whether they are safe, or nothing, where all is put away."""
    if who.door == YOUNG:
        return "voices.young_front" if who.put_away else "returns.now"
    return "voices.family_front" if who.door == FAMILY else "voices.staff_front"


def _enter_page(form: EnterForm, status: int = 200) -> Response:
    others = [i18n.LANGUAGES[code] for code in current_hub().file.languages if code != i18n.language().code]
    return render("accounts/enter.html", status=status, form=form, refused=status != 200, languages=others)


def client() -> str:
    """Where the request comes from, for counting tries; a whole home may sit behind one address."""
    return request.remote_addr or ""


def too_many(seconds: int) -> Response:
    """Somebody guesses, or mistypes very often: the page that asks to wait, and for how long."""
    response = error_page(429)
    response.headers["Retry-After"] = str(seconds)
    return response


@bp.post("/language")
@everyone(YOUNG, FAMILY, PUBLIC, own_proof=True)
def language() -> ResponseReturnValue:
    """Speak another of the hub's languages to this browser until it is closed.

    Help pages are made beforehand and carry no token, so this asks only that the form be one of ours.
    """
    chosen = request.form.get("l", "")
    if chosen not in current_hub().file.languages:
        raise not_found()
    if not comes_from_here():
        return error_page(400)
    token = request.form.get("token")
    # The token of a link goes back to where the script found it, so that the link need not be opened again.
    fragment = f"#{token}" if token and re.fullmatch(r"[0-9a-f]{32}", token) else ""
    response = _to("/" if token is None else f"/in{fragment}")
    response.set_cookie(
        "l", chosen, httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return response


@bp.route("/leave", methods=["GET", "POST"])
@everyone(YOUNG, FAMILY, PUBLIC, own_proof=True)
def leave() -> ResponseReturnValue:
    """Leave now: works for everybody, always, and leaves nothing behind. An address typed in ends nothing."""
    if request.method != "POST":
        return _to("/" if current_hub().door == PUBLIC else "/in")
    if not comes_from_here():
        return error_page(400)
    sign_in.leave()
    # In the room nobody has to be sent away from the tablet: it is given back.
    return gone_to(url_for("accounts.give_back") if IN_ROOM in cookie else current_hub().file.exit_url)


def gone_to(address: str) -> Response:
    """Away from here, with nothing kept. Never `"cookies"` or `"storage"`: those are not this page's alone to clear."""
    response = _to(address)
    response.delete_cookie("l")
    response.delete_cookie(sign_in.WAS_LEFT)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _to(address: str) -> Response:
    return Response(status=303, headers={"Location": address})
