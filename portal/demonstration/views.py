"""The demonstration's own pages: a card for everybody with a button to sign in, and every part of a page.

They answer only to this machine, and only where the settings say "demonstration".
"""

from __future__ import annotations

from ipaddress import ip_address
from uuid import UUID

import pyotp
from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.access import FAMILY, PUBLIC, STAFF, YOUNG, Room, everyone
from portal.accounts import sign_in
from portal.accounts.models import Person
from portal.accounts.views import first_page
from portal.config import DOORS, Hub, HubFile, SettingsError, current_hub
from portal.db import session
from portal.demonstration import figures as year_figures
from portal.demonstration.cards import Card, cards_in
from portal.demonstration.folder import is_demonstration
from portal.help.numbers import first_numbers
from portal.web import Form, not_found, render, see_other

bp = Room("demonstration", __name__)
# A proxy says with one of these that the request came from elsewhere.
_FROM_ELSEWHERE = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
_GROUPS = ((YOUNG, "Young people"), (FAMILY, "Parents and carers"), (STAFF, "Staff"))


class Sample(Form):
    """One field of each kind, for the page of components."""

    words = StringField("What would help?")
    more = TextAreaField("Say more, if you like")
    way = RadioField(
        "How shall we tell you?",
        choices=[SelectChoice("here", "Here on these pages"), SelectChoice("call", "Ring me")],
    )
    about = SelectMultipleField(
        "What was going on?", choices=[SelectChoice("home", "Home"), SelectChoice("school", "School")]
    )
    now = RadioField(
        "How are you right now?",
        choices=[SelectChoice(word, word) for word in ("Good", "OK", "In between", "Not great", "Bad")],
    )


def refuse_other_databases(files: tuple[HubFile, ...]) -> None:
    """Raise `SettingsError` for a hub whose database was not made as a demonstration with its keys."""
    for file in files:
        if not is_demonstration(file):
            raise SettingsError(
                f"{file.name}: its database was not made as a demonstration, so none is served from it."
            )


@bp.before_request
def only_this_machine() -> None:
    """Answer nobody but this machine."""
    here = request.remote_addr is not None and ip_address(request.remote_addr).is_loopback
    if not here or any(name in request.headers for name in _FROM_ELSEWHERE):
        raise not_found()


@bp.get("/")
@everyone(PUBLIC)
def front() -> ResponseReturnValue:
    """What this is, and a card for everybody in it."""
    g.doors_in_policy = (YOUNG, FAMILY, STAFF)
    settings, file = current_app.extensions["rowan"], current_hub().file
    cards = cards_in(settings.hubs.parent)
    return render(
        "demonstration/front.html",
        groups=[(door, words, [_shown(card) for card in cards if card.door == door]) for door, words in _GROUPS],
        doors={door: file.origin(door) for door in DOORS}, messages=settings.messages,
    )  # fmt: skip


@bp.get("/figures")
@everyone(PUBLIC)
def figures() -> ResponseReturnValue:
    """The year in numbers: what is published, what is invented to fit it, and what is counted here."""
    return render(
        "demonstration/figures.html",
        returns=year_figures.of_the_returns(),
        counts=year_figures.of_the_case_system(),
    )


def _shown(card: Card) -> dict[str, object]:
    """A card as the page shows it: where its button leads, and the authenticator's code of this half minute."""
    code = pyotp.TOTP(card.totp).at(current_hub().now()) if card.totp else None
    return {"card": card, "action": current_hub().file.origin(card.door) + card.press, "code": code}


@bp.post("/press/<uuid:person_id>")
@everyone(YOUNG, FAMILY, STAFF, own_proof=True)
def press(person_id: UUID) -> ResponseReturnValue:
    """Sign in as somebody, without any proof: the button of a card."""
    hub = current_hub()
    door = hub.door or ""
    if not _comes_from_a_door(hub):
        raise not_found()
    person, roles = session.get(Person, person_id), sign_in.roles_at(person_id, door)
    if person is None or not roles or person.ended_at is not None:
        raise not_found()
    return see_other(first_page(sign_in.begin(person, door, roles)))


def _comes_from_a_door(hub: Hub) -> bool:
    # A page that sends no referrer sends "null" as the origin of its forms: our own front page does.
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin in [hub.file.origin(door) for door in DOORS]


@bp.get("/staff/components")
@everyone(STAFF)
def components() -> ResponseReturnValue:
    """Every part that a page is made of, once."""
    form = Sample(formdata=None)
    form.words.errors = ["Write what would help"]
    return render("demonstration/components.html", form=form, numbers=first_numbers(STAFF))
