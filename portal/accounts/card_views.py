"""Neutral cards for staff: a list of sheets, a sheet to print, and joining a card to a young person."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal import audit
from portal.access import STAFF, YOUNG, Can, allow, me
from portal.accounts import cards as neutral
from portal.accounts.custody import custody_of
from portal.accounts.holders import names_of
from portal.accounts.models import Person
from portal.accounts.qr import qr
from portal.accounts.staff import draw_of_form, get_child, pin_beforehand
from portal.accounts.views import bp
from portal.accounts.ways_in import InCustody, NewPin, given_by_form, way_in_of
from portal.config import current_hub
from portal.db import kept, new_id
from portal.web import Form, render, see_other


class BindForm(Form):
    """The number of a card, as somebody reads it out."""

    number = StringField(
        "The card's number", [InputRequired("Enter the number on the card"), Length(max=200)],
        description="Seven digits, at the bottom of the card. Its four words or its long number do as well.",
    )  # fmt: skip


@bp.get("/cards")
@allow(STAFF, Can.PRINT_CARDS)
def cards() -> ResponseReturnValue:
    """The sheets that were printed, and what became of their cards. Whose they are now stands with the young person."""
    sheets = neutral.sheets()
    printed_by = names_of({sheet.printed_by for sheet in sheets})
    return render("accounts/cards.html", sheets=sheets, printed_by=printed_by, form_key=new_id().hex)


@bp.post("/cards/print")
@allow(STAFF, Can.PRINT_CARDS)
def sheet() -> ResponseReturnValue:
    """A sheet of new cards to print. It is shown by its own form alone: sent again, it shows the same sheet."""
    try:
        made = neutral.print_sheet(me().id, draw_of_form())
    except neutral.NotThisCard:
        return see_other("accounts.cards")
    address = current_hub().file.host(YOUNG) + "/in"
    return render("accounts/sheet.html", cards=[(card, qr(card.link)) for card in made], address=address)


@bp.post("/cards/end")
@allow(STAFF, Can.PRINT_CARDS)
def end_cards() -> ResponseReturnValue:
    """Take what is left of a sheet out of use: lost, or left lying."""
    with suppress(ValueError):
        neutral.end_sheet(UUID(request.form.get("sheet", "")))
    return see_other("accounts.cards")


@bp.route("/young-people/<uuid:child_id>/card", methods=["GET", "POST"])
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def bind_card(child_id: UUID) -> ResponseReturnValue:
    """Join a card that was handed over to the young person who has it; the PIN is shown once, to be said aloud."""
    pin = pin_beforehand("bind")
    child, form = get_child(child_id, Can.GIVE_WAY_IN), BindForm()
    bound = _bind(child, form, pin) if pin is not None and form.validate() else None
    return bound or _bind_page(child, form)


def _bind(child: Person, form: BindForm, pin: NewPin) -> Response | None:
    if given_by_form(child.id, pin) is None:
        try:
            neutral.find(form.number.data or "").bind(child.id, me().id, pin)
        except neutral.NotThisCard as why:
            form.number.errors = [str(why)]
            return None
        except InCustody:
            return None
    return render("accounts/bind_card.html", child=child, pin=pin.digits)


def _bind_page(child: Person, form: BindForm) -> Response:
    again = request.method == "POST"
    if again:
        kept()
        audit.record("way_in.read", object_kind="person", object_id=child.id, subject=child.id)
    else:
        audit.read("way_in.read", object_kind="person", object_id=child.id, subject=child.id)
    way_in = way_in_of(child.id)
    return render(
        "accounts/bind_card.html", status=422 if again else 200,
        child=child, form=form, pin="", form_key=new_id().hex, custody=custody_of(child.id),
        has_one=way_in is not None and way_in.works,
    )  # fmt: skip
