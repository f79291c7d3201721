"""How somebody may be reached, on their own phone: what their card says only where they called it private.

Whoever holds a phone may always ask for less: to stop texts and calls is one press, and counts at once. For more a
worker asks them, face to face. On a phone that is not private the page is the same whatever their card says.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from babel.dates import get_day_names
from flask import request
from flask.typing import ResponseReturnValue

from portal import audit, i18n
from portal.access import FAMILY, YOUNG, Can, allow, me
from portal.accounts.contact_times import DAYS, PARTS
from portal.accounts.private_phone import shows_old_things
from portal.accounts.safe_contact import WAYS, Lines, SafeContact, choose_word, stop_phone, words_at
from portal.accounts.views import bp
from portal.config import current_hub
from portal.db import new_id
from portal.i18n import _
from portal.web import render, see_other

STOP, WORD = "stop", "word"


@bp.route("/reach", methods=["GET", "POST"])
@allow(YOUNG, Can.SAY_SAFE_CONTACT)
def own_contact() -> ResponseReturnValue:
    """The young person's own page."""
    return _page()


@bp.route("/reach", methods=["GET", "POST"])
@allow(FAMILY, Can.SAY_SAFE_CONTACT)
def family_contact() -> ResponseReturnValue:
    """The page of a parent or carer; it knows nothing of a young person's card."""
    return _page()


def _page() -> ResponseReturnValue:
    who, door = me(), current_hub().door or ""
    if request.method == "POST":
        do = request.form.get("do", "")
        if do == STOP:
            stop_phone(who.id, _form_key())
        elif do == WORD:
            choose_word(who.id, request.form.get("word", ""), door, _form_key())
        return see_other(request.endpoint or "", saved=do if do in (STOP, WORD) else None)
    private = shows_old_things(who)
    if private:
        audit.read("contact.read", object_kind="person", object_id=who.id, subject=who.id)
    card = SafeContact.standing(who.id) if private else None
    return render(
        "accounts/own_contact.html", private=private, said=_in_own_words(card.lines) if card else [],
        saved=request.args.get("saved", ""), words=words_at(door),
        word=who.door_word or current_hub().file.word(door), form_key=new_id().hex,
    )  # fmt: skip


def _in_own_words(lines: Lines) -> list[tuple[str, str]]:
    """What stands on the card, in their language, as they said it."""
    code = "en_GB" if i18n.language().state == "pseudo" else i18n.language().code
    names = get_day_names("wide", locale=code)
    days = ", ".join(names[number] for number, day in enumerate(DAYS) if day in lines.days)
    days = _("Every day") if set(lines.days) == set(DAYS) else days
    parts = ", ".join(_(part.in_message) for name, part in PARTS.items() if name in lines.parts)
    found = [
        (_("Safe ways"), ", ".join(_(WAYS[way]) for way in WAYS if way in lines.ways) or _("None")),
        (_("Never"), lines.never),
        (_("Your number"), lines.number),
        (_("Days"), days),
        (_("Times"), parts),
        (_("Who else may pick up"), lines.pick_up),
        (_("Your words for a text"), lines.words),
    ]
    return [pair for pair in found if pair[1]]


def _form_key() -> UUID | None:
    typed = request.form.get("form_key", "")[:100]
    return uuid5(me().id, f"{request.endpoint} {typed}") if typed else None
