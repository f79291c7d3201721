"""The tablet in the room: a worker hands it over, a young person has it, a code takes it back."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from portal import audit, i18n
from portal.access import STAFF, YOUNG, Can, allow, everyone, me, person_now
from portal.accounts import in_room as room
from portal.accounts import throttle
from portal.accounts.custody import custody_of
from portal.accounts.models import Person
from portal.accounts.staff import get_child
from portal.accounts.views import bp, client, first_page, too_many
from portal.accounts.ways_in import InCustody
from portal.config import current_hub
from portal.crypto import lookup_hash
from portal.db import kept, new_id
from portal.web import IN_ROOM, Form, render, see_other


class UnlockForm(Form):
    """The authenticator's code alone: who it is was said when they signed in."""

    code = StringField("Code", [InputRequired("Enter the code from your authenticator")])


@bp.route("/young-people/<uuid:child_id>/in-room", methods=["GET", "POST"])
@allow(STAFF, Can.SIT_IN_ROOM, of="young person")
def in_room(child_id: UUID) -> ResponseReturnValue:
    """Hand the tablet over: this sign-in locks, and the browser goes to the young person's door, not signed in here."""
    child = get_child(child_id, Can.SIT_IN_ROOM)
    if request.method != "POST":
        audit.read("in_room.read", object_kind="person", object_id=child.id, subject=child.id)
        return _before(child)
    token = request.form.get("token", "")
    try:
        begun = room.HandOver.begin(child.id, me(), token)
    except InCustody:
        begun = None
    return _over_to_them() if begun is not None else see_other("accounts.in_room", child_id=child.id)


def _before(child: Person) -> Response:
    g.doors_in_policy = (YOUNG,)  # where this page's form ends up
    return render(
        "accounts/in_room.html",
        child=child, token=new_id().hex, last=room.HandOver.last_of(child.id), custody=custody_of(child.id),
    )  # fmt: skip


def _over_to_them() -> Response:
    """The browser sends the same form on to the young person's door (307), so that its token is in no address.

    What it kept of the staff's pages goes: Back must ask the server, which knows nobody here now.
    """
    there = f"{current_hub().file.origin(YOUNG)}/begin"
    response = Response(status=307, headers={"Location": there})
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/begin")
@everyone(YOUNG, own_proof=True)
def hand_over() -> ResponseReturnValue:
    """Begin on a worker's tablet. The token is the proof: made by a worker seconds ago, and used up with this."""
    who = room.take_over(request.form.get("token", ""))
    if who is None:
        kept()
        return render("accounts/hand_over.html", status=422)
    return see_other(first_page(who))


@bp.get("/done")
@everyone(YOUNG)
def give_back() -> ResponseReturnValue:
    """Give the tablet back. Only a tablet that was handed over comes here; it alone is shown the way to its worker."""
    if IN_ROOM not in cookie:
        return see_other("accounts.enter")
    if cookie[IN_ROOM] in current_hub().file.languages:
        i18n.speak(cookie[IN_ROOM])
    return render("accounts/give_back.html", onward=f"{current_hub().file.origin(STAFF)}/locked")


@bp.route("/locked", methods=["GET", "POST"])
@everyone(STAFF)
def unlock() -> ResponseReturnValue:
    """The locked tablet: a code of the worker's opens it. It names nobody, because anybody may be looking."""
    locked, form = room.locked_here(), UnlockForm()
    if locked is None:
        return see_other("accounts.sign_in")
    if request.method != "POST":
        return _locked_page(form)
    if not form.validate():
        return _locked_page(form, 422)
    if wait := throttle.seconds_to_wait(lookup_hash("locked", str(locked.id)), client()):
        return too_many(wait)
    locked = room.locked_here()  # again, because counting let go of it
    if locked is None:
        return see_other("accounts.sign_in")
    if room.unlock(locked, form.code.data or ""):
        return _away_to(YOUNG, "/closed")
    kept()
    form.form_errors.append("This code does not open it. A code works once: wait for the next one.")
    return _locked_page(form, 422)


@bp.get("/closed")
@everyone(YOUNG)
def closed() -> ResponseReturnValue:
    """On the way from the lock to the worker's page: what this browser kept of the young person's pages goes.

    Without it and without script, Back would show a page that was left open, with what was typed on it. Of a
    sitting that still lives nothing is touched.
    """
    if IN_ROOM not in cookie or person_now() is not None:
        return see_other("accounts.enter")
    cookie.clear()
    response = _away_to(STAFF, "/unlocked")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/unlocked")
@allow(STAFF, Can.USE_STAFF_PAGES)
def unlocked() -> ResponseReturnValue:
    """The tablet is the worker's again: on to the page of the young person who had it."""
    child_id = room.whose_turn_it_was(me().sign_in_id)
    return (
        see_other("voices.young_person", child_id=child_id) if child_id else see_other("voices.staff_front")
    )


def _away_to(door: str, path: str) -> Response:
    return Response(status=303, headers={"Location": current_hub().file.origin(door) + path})


def _locked_page(form: UnlockForm, status: int = 200) -> Response:
    g.doors_in_policy = (YOUNG,)  # by which this page's form goes on
    form.code.data = ""  # it works once, so nobody types it again
    there = current_hub().file.origin(YOUNG)
    return render("accounts/unlock.html", status=status, form=form, there=there)
