"""The safe-contact card for staff: fill it with whoever it is about, ask again whether it is still so."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import FAMILY, STAFF, YOUNG, Can, allow, me
from portal.accounts import private_phone
from portal.accounts.contact_beside import contact_of, said_on
from portal.accounts.contact_times import PARTS
from portal.accounts.models import Person
from portal.accounts.reminders import Reminder
from portal.accounts.safe_contact import ON_PHONE, ChangedMeanwhile, Lines, SafeContact, say_still_so
from portal.accounts.safe_contact_form import ReminderForm, SafeContactForm
from portal.accounts.staff import child_or_adult, get_child
from portal.accounts.views import bp
from portal.db import kept, new_id
from portal.web import render, see_other

# Where the button "asked, still so" stands besides the card's own page, and goes back to.
_BACK = re.compile(r"/(?:returns|voices|alerts|young-people)/[0-9a-f-]{36}(?:/home)?")


@bp.route("/young-people/<uuid:child_id>/contact", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_SAFE_CONTACT, of="young person")
def safe_contact(child_id: UUID) -> ResponseReturnValue:
    """The young person's own card."""
    child = get_child(child_id, Can.KEEP_SAFE_CONTACT)
    return _page(child, child)


@bp.route("/young-people/<uuid:child_id>/contact/<uuid:adult_id>", methods=["GET", "POST"])
@allow(STAFF, Can.KEEP_SAFE_CONTACT, of="young person")
def safe_contact_of_adult(child_id: UUID, adult_id: UUID) -> ResponseReturnValue:
    """The card of a parent or carer who is linked to the young person; it knows nothing of the young person's."""
    child = get_child(child_id, Can.KEEP_SAFE_CONTACT)
    return _page(child, child_or_adult(child, adult_id))


@bp.post("/young-people/<uuid:child_id>/contact/asked")
@allow(STAFF, Can.KEEP_SAFE_CONTACT, of="young person")
def still_so(child_id: UUID) -> ResponseReturnValue:
    """One tap: they were asked again, and it is still so."""
    child = get_child(child_id, Can.KEEP_SAFE_CONTACT)
    whose = child_or_adult(child, uuid_in("whose") or child.id)
    card = SafeContact.standing(whose.id)
    # Of another version than the one that stood there nobody was asked.
    if card is not None and card.id == uuid_in("card"):
        say_still_so(card, me().id, form_key(whose.id))
    return onward(child, whose)


def onward(child: Person, whose: Person) -> Response:
    """Back to the page where the button stood; to the card itself, if it says none that it may stand on."""
    back = request.form.get("back", "")
    if _BACK.fullmatch(back):
        return Response(status=303, headers={"Location": back})
    if whose.id == child.id:
        return see_other("accounts.safe_contact", child_id=child.id)
    return see_other("accounts.safe_contact_of_adult", child_id=child.id, adult_id=whose.id)


def _page(child: Person, whose: Person) -> ResponseReturnValue:
    door = door_of(whose)
    if request.method != "POST":
        audit.read("contact.read", object_kind="person", object_id=whose.id, subject=whose.id)
        return card_page(child, whose, card_form(whose))
    form = SafeContactForm.for_door(door)
    if form.validate():
        try:
            SafeContact.fill(
                whose.id, form.lines(door), me().id, key=form_key(whose.id), seen=_number_in("seen")
            )
        except ChangedMeanwhile:
            form.form_errors.append(
                "Somebody else filled it meanwhile: look at what stands there now. What you wrote is still below."
            )
        else:
            return onward(child, whose)
    note_reading_again(whose)
    return card_page(child, whose, form, status=422)


def note_reading_again(whose: Person) -> None:
    """A form that comes back shows the card again: that is a reading too, and is kept although it is 422."""
    kept()
    audit.record("contact.read", object_kind="person", object_id=whose.id, subject=whose.id)


def card_form(whose: Person) -> SafeContactForm:
    """The form with what stands on the card."""
    standing = SafeContact.standing(whose.id)
    return SafeContactForm.for_door(door_of(whose), standing.lines if standing else Lines())


def door_of(whose: Person) -> str:
    """At which door they come in."""
    return YOUNG if whose.kind == "child" else FAMILY


def card_page(
    child: Person, whose: Person, form: SafeContactForm, remind: ReminderForm | None = None, status: int = 200
) -> Response:
    """The card of one person, with a form that may have come back."""
    versions = SafeContact.versions_of(whose.id)
    return render(
        "accounts/safe_contact.html", status=status, child=child, whose=whose, form=form,
        contact=contact_of(whose.id, whose.known_as, child.id),
        seen=versions[0].version if versions else 0, form_key=new_id().hex,
        earlier=[(card, said_on(card.lines)) for card in versions[1:]], ON_PHONE=ON_PHONE,
        private=private_phone.phone_is_private(whose.id), remind=remind or ReminderForm(formdata=None),
        reminders=[(one, one.leaves_at()) for one in Reminder.to_come(whose.id)], PARTS=PARTS,
    )  # fmt: skip


def form_key(person_id: UUID) -> UUID | None:
    """The key of the form that was sent, its own for each person and each act, so that sent twice it is sent once."""
    typed = request.form.get("form_key", "")[:100]
    return uuid5(person_id, f"{me().id} {request.endpoint} {typed}") if typed else None


def uuid_in(name: str) -> UUID | None:
    """The id in a field of the form that was sent, if it is one."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None


def _number_in(name: str) -> int | None:
    typed = request.form.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 6 else None
