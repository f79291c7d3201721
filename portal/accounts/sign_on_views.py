"""The pages of single sign-on: leave for the council's sign-in, come back, join the two accounts and part them."""

from __future__ import annotations

from flask import Response, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import STAFF, Can, allow, everyone, me, person_now
from portal.accounts import in_room, step_up, throttle
from portal.accounts import sign_in as sign_ins
from portal.accounts import single_sign_on as sso
from portal.accounts.invitations import tell_of_change
from portal.accounts.sign_in import SignIn
from portal.accounts.single_sign_on import NotAnew, NotSaid, Said, StaffIdentity
from portal.accounts.views import bp, client, too_many
from portal.crypto import lookup_hash
from portal.db import kept, session
from portal.web import render, see_other

_JOIN = "accounts.join_sign_on"
_KEPT = "o"  # in this browser's cookie, from leaving for the provider until coming back
_NOT_SAID = "did not say who you are. Try once more, or sign in with your e-mail, password and code."
_NOT_ANEW = (
    "did not ask who you are just now, or does not say when it did. Try once more, or sign in with your e-mail, password "
    "and code. If it stays so, tell whoever runs Rowan: it has to send “auth_time”."
)
_NOBODYS = "opens nothing here yet. Sign in with your e-mail, password and code, and join the two on the page of your sign-in."


@bp.get("/sign-on")
@everyone(STAFF)
def sign_on() -> ResponseReturnValue:
    """Leave for the council's sign-in, which lets nobody through who does not prove there who they are."""
    if in_room.locked_here() is not None:
        return see_other("accounts.unlock")
    # Leaving is counted apart from coming back, or else whoever signs on would count twice.
    if wait := throttle.seconds_to_wait(None, f"leaving {client()}"):
        return too_many(wait)
    return _leave("sign in")


@bp.get("/your-sign-in/join")
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def join_sign_on() -> ResponseReturnValue:
    """Leave for the council's sign-in, to join the account there to this one; it takes a proof of its own each time."""
    if sso.settings() is not None and not step_up.proved_for(_JOIN):
        return step_up.ask()
    return _leave(f"join {me().sign_in_id}")


@bp.post("/your-sign-in/part")
@allow(STAFF, Can.USE_STAFF_PAGES, step_up=True)
def part_sign_on() -> ResponseReturnValue:
    """Let the account at the council's sign-in open nothing here any more."""
    if (joined := StaffIdentity.of(me().id)) is not None:
        joined.part()
    return see_other("accounts.your_sign_in")


@bp.route("/signed-on", methods=["GET", "POST"])
@everyone(STAFF)
def signed_on() -> ResponseReturnValue:
    """Back from the council's sign-in. The address alone does nothing: what it brought is sent by the page's button."""
    if sso.settings() is None:
        return see_other("accounts.sign_in")
    if request.method != "POST":
        brought = {name: request.args.get(name, "")[:4000] for name in ("code", "state")}
        return render(
            "accounts/signed_on.html", brought=brought, refused=_KEPT not in cookie or not brought["code"]
        )
    left_with = cookie.get(_KEPT, {}).get("state", "")
    if wait := throttle.seconds_to_wait(lookup_hash("sign on", left_with), client()):
        return too_many(wait)
    left = cookie.pop(_KEPT, {})
    try:
        said = sso.who_comes_back(request.form.get("code", ""), request.form.get("state", ""), left)
    except NotAnew:
        return _refused(_NOT_ANEW)
    except NotSaid:
        return _refused(_NOT_SAID)
    if left["purpose"] == "sign in":
        return _sign_in(said)
    return _join(said, left["purpose"])


def _leave(purpose: str) -> ResponseReturnValue:
    if sso.settings() is None:
        return see_other("accounts.your_sign_in" if person_now() else "accounts.sign_in")
    try:
        address, cookie[_KEPT] = sso.leave_for(purpose)
    except NotSaid:
        return _refused("cannot be reached now. Sign in with your e-mail, password and code.", keep=False)
    return Response(status=303, headers={"Location": address})


def _sign_in(said: Said) -> ResponseReturnValue:
    person = sso.whose(said)
    roles = sign_ins.roles_at(person.id, STAFF) if person else frozenset()
    if person is None or not roles:
        return _refused(_NOBODYS)
    in_room.end_sittings_of(person.id)
    who = sign_ins.begin(person, STAFF, roles)
    session.get_one(SignIn, who.sign_in_id).proved_at = said.proved_at
    return see_other("voices.staff_front")


def _join(said: Said, purpose: str) -> ResponseReturnValue:
    who = person_now()
    if who is None or purpose != f"join {who.sign_in_id}" or not step_up.proved_for(_JOIN, lately=False):
        return _refused(_NOT_SAID)
    if not StaffIdentity.join(who, said):
        return _refused("is joined to somebody else's sign-in already. Ask your administrator.")
    step_up.use_up()
    tell_of_change(who.id, who.id)
    return see_other("accounts.your_sign_in")


def _refused(words: str, *, keep: bool = True) -> Response:
    if keep:
        audit.record("sign_in.refused", object_kind="person", object_id=None)
        kept()
    found = sso.settings()
    return render("accounts/sign_on_refused.html", status=422, words=f"{found.name if found else ''} {words}")
