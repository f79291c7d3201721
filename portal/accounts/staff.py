"""Staff: signing in and out, and giving young people, parents and carers their ways in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired

from portal import audit
from portal.access import STAFF, Can, allow, everyone, me, person_now
from portal.accounts import in_room, passkeys, throttle
from portal.accounts import sign_in as sign_ins
from portal.accounts.custody import Custody, custody_of
from portal.accounts.draw import Draw
from portal.accounts.holders import adults_of
from portal.accounts.links import tell_elsewhere
from portal.accounts.models import Organisation, Person
from portal.accounts.qr import qr
from portal.accounts.staff_secret import who_signs_in
from portal.accounts.views import bp, client, gone_to, too_many
from portal.accounts.ways_in import (
    InCustody,
    NewPin,
    WayIn,
    end_way_in,
    give,
    given_by_form,
    holder_of,
    last_way_in,
    lock_person,
    new_pin,
)
from portal.config import current_hub
from portal.crypto import lookup_hash
from portal.db import kept, new_id, session, undo
from portal.web import Form, comes_from_here, error_page, not_found, render, see_other


class SignInForm(Form):
    """E-mail, password and the authenticator's code, all at once. A password manager may fill in all three."""

    email = EmailField("E-mail", [InputRequired("Enter your e-mail address")])
    password = PasswordField("Password", [InputRequired("Enter your password")])
    code = StringField("Code", [InputRequired("Enter the code from your authenticator")])


@bp.route("/sign-in", methods=["GET", "POST"])
@everyone(STAFF)
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail, password and code; which of them was wrong is not said."""
    form = SignInForm()
    if in_room.locked_here() is not None:
        return see_other("accounts.unlock")
    if request.method != "POST":
        return see_other("voices.staff_front") if person_now() else _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form, 422)
    email = form.email.data or ""
    if wait := throttle.seconds_to_wait(lookup_hash("email", email), client()):
        return too_many(wait)
    person = who_signs_in(email, form.password.data or "", form.code.data or "")
    roles = sign_ins.roles_at(person.id, STAFF) if person else frozenset()
    if person is None or not roles:
        if person is not None:
            audit.record("sign_in.refused", object_kind="person", object_id=person.id)
        kept()
        form.form_errors.append("Check the e-mail, the password and the code. A code works once.")
        return _sign_in_page(form, 422)
    return _in(person, roles)


@bp.post("/sign-in/passkey")
@everyone(STAFF)
def sign_in_with_passkey() -> ResponseReturnValue:
    """Sign in with a passkey alone: it is the device, and who holds it."""
    if in_room.locked_here() is not None:
        return see_other("accounts.unlock")
    sent = request.form.get("credential", "")
    if wait := throttle.seconds_to_wait(passkeys.tried(sent), client()):
        return too_many(wait)
    holder = passkeys.who_holds(sent)
    person = session.get(Person, holder) if holder else None
    roles = sign_ins.roles_at(person.id, STAFF) if person and person.ended_at is None else frozenset()
    if person is None or not roles:
        audit.record("sign_in.refused", object_kind="person", object_id=holder)
        kept()
        form = SignInForm(formdata=None)
        form.form_errors = ["This passkey opens nothing here. Use your e-mail, password and code."]
        return _sign_in_page(form, 422)
    return _in(person, roles)


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    return render("accounts/sign_in.html", status=status, form=form, passkey=passkeys.to_sign_in())


def _in(person: Person, roles: frozenset[str]) -> Response:
    in_room.end_sittings_of(person.id)
    sign_ins.begin(person, STAFF, roles)
    return see_other("voices.staff_front")


@bp.post("/sign-out")
@everyone(STAFF, own_proof=True)
def sign_out() -> ResponseReturnValue:
    """Sign out: like leaving, it works with an old page and an old session."""
    if not comes_from_here():
        return error_page(400)
    sign_ins.leave()
    return gone_to("/sign-in")


@dataclass(frozen=True)
class LastWayIn:
    """The last way in somebody was given, and by whom, in words for the worker who looks."""

    way_in: WayIn
    by: str


@bp.route("/young-people/<uuid:child_id>/way-in", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def give_way_in(child_id: UUID) -> ResponseReturnValue:
    """A young person's way in: whether there is one; give one, end it, open what they have put away."""
    pin = pin_beforehand("give")
    child = get_child(child_id, Can.GIVE_WAY_IN)
    return _way_in_page(child, child, pin)


@bp.route("/young-people/<uuid:child_id>/way-in/<uuid:adult_id>", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def give_way_in_to_adult(child_id: UUID, adult_id: UUID) -> ResponseReturnValue:
    """The way in of a parent or carer who is linked to the young person; apart from the young person's own."""
    pin = pin_beforehand("give")
    child = get_child(child_id, Can.GIVE_WAY_IN)
    if adult_id not in {adult.id for adult, _ in adults_of(child_id)}:
        raise not_found()
    return _way_in_page(child, session.get_one(Person, adult_id), pin)


@bp.post("/young-people/<uuid:child_id>/way-in/card")
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def card(child_id: UUID) -> ResponseReturnValue:
    """A card to print: address, words and numbers of a way in that was just given; no name and no PIN.

    What is on it is kept nowhere, so the page that showed it once sends it here, and it is looked up.
    """
    child = get_child(child_id, Can.GIVE_WAY_IN)
    held = holder_of(request.form.get("digits", ""))
    if held is None or held.person_id not in {child.id, *(adult.id for adult, _ in adults_of(child_id))}:
        raise not_found()
    return render("accounts/card.html", card=held, address=current_hub().file.host(held.door) + "/in")


def get_child(child_id: UUID, can: Can) -> Person:
    """The young person, if whoever is signed in may reach them with the ability *can*; else "not found"."""
    child = session.scalar(Person.visible_to(me(), can).where(Person.id == child_id))
    if child is None:
        raise not_found()
    return child


def child_or_adult(child: Person, person_id: UUID) -> Person:
    """The young person, or a parent or carer who is linked to them today; else "not found"."""
    if person_id == child.id:
        return child
    if person_id not in {adult.id for adult, _ in adults_of(child.id)}:
        raise not_found()
    return session.get_one(Person, person_id)


def draw_of_form() -> Draw:
    """What the form that came in draws its secrets from; the same key at another address is another form."""
    typed = request.form.get("form_key", "")
    return Draw.of(me().id, typed and f"{request.path} {typed}")


def pin_beforehand(act: str) -> NewPin | None:
    """The PIN of a way in that is about to be given: while its slow hash is made, nobody may wait for this request."""
    if request.form.get("act") != act:
        return None
    undo()  # it has only looked up who is signed in
    return new_pin(draw_of_form())


def _way_in_page(child: Person, whose: Person, pin: NewPin | None) -> ResponseReturnValue:
    acts: dict[str, Callable[[], object]] = {
        "end": lambda: end_way_in(whose.id),
        "reopen": lambda: whose.reopen(me().id),
    }
    if request.method == "POST":
        if pin is not None:
            return _give(child, whose, pin)
        act = acts.get(request.form.get("act", ""))
        if act is None:
            raise not_found()
        act()
        return see_other(request.endpoint or "", **(request.view_args or {}))
    audit.read("way_in.read", object_kind="person", object_id=whose.id, subject=whose.id)
    return _page_of(child, whose)


def _give(child: Person, whose: Person, pin: NewPin) -> ResponseReturnValue:
    """Give one, and show it; or say that another was given since this page was made, which must go on working."""
    seen = request.form.get("last")
    lock_person(whose.id)
    last = last_way_in(whose.id)
    meanwhile = seen is not None and seen != (str(last.id) if last else "")
    if meanwhile and given_by_form(whose.id, pin) is None:
        return _page_of(child, whose, status=422, meanwhile=True)
    again = given_by_form(whose.id, pin) is not None
    try:
        given = give(whose.id, me().id, pin)
    except InCustody:
        return _page_of(child, whose, status=422)
    if whose is not child and not again and (made := last_way_in(whose.id)) is not None:
        tell_elsewhere(whose.id, child.id, made.id, me().id)
    return render("accounts/new_way_in.html", child=child, whose=whose, given=given, qr=qr(given.link))


def _page_of(child: Person, whose: Person, status: int = 200, *, meanwhile: bool = False) -> Response:
    custody: Custody | None = custody_of(whose.id) if whose is child else None
    return render(
        "accounts/give_way_in.html", status=status,
        child=child, whose=whose, last=_last(whose, child), adults=adults_of(child.id) if whose is child else [],
        form_key=new_id().hex, meanwhile=meanwhile, custody=custody,
    )  # fmt: skip


def _last(whose: Person, child: Person) -> LastWayIn | None:
    row = session.execute(
        select(WayIn, Person, Organisation.name)
        .join(Person, Person.id == WayIn.given_by)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(WayIn.person_id == whose.id)
        .order_by(WayIn.created_at.desc(), WayIn.ended_at.is_(None).desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    way_in, giver, organisation = row
    if giver.id == me().id:
        return LastWayIn(way_in, "you")
    # An adult may be linked to another child, too: a colleague's name would say whose.
    return LastWayIn(way_in, f"{giver.name}, {organisation}" if whose is child else "a colleague")
