"""The young people's page on which something is asked for, and by which day it is answered."""

from __future__ import annotations

from uuid import uuid5

from flask import request
from flask.typing import ResponseReturnValue

from portal.access import YOUNG, Can, allow, me
from portal.accounts.ways_in import lock_person
from portal.contact.models import LONGEST, Ask
from portal.contact.room import bp
from portal.contact.words import SOMETHING_ELSE, Thing, things
from portal.db import new_id
from portal.i18n import _, on_day
from portal.questionnaires import bank
from portal.questionnaires.typed import TOO_LONG, clean
from portal.web import render, see_other

MOST_AT_ONCE = 20  # things in one form; there are fewer chips than that
# How to be told is asked in the same words as in the form.
TELL_HOW = bank.get("quick").by_name["tell-how"]


@bp.route("/ask", methods=["GET", "POST"])
@allow(YOUNG, Can.ASK_FOR_SOMETHING)
def ask() -> ResponseReturnValue:
    """Ask for something; afterwards by which day it is answered, and nothing of what it was."""
    if request.method == "POST":
        return _take()
    days = Ask.asked_in(me().sign_in_id)
    if days and "more" not in request.args:
        return render("contact/asked.html", days=[on_day(day) for day in days])
    return _page([], "", "")


def _take() -> ResponseReturnValue:
    form, who = request.form, me()
    ticked, words, tell = form.getlist("what"), clean(form.get("words", "")), form.get("tell", "")
    if len(words) > LONGEST:
        return _page(ticked, words, tell, error=_(TOO_LONG))
    asked = _things(ticked, words)
    if not asked:
        return _page(ticked, words, tell, error=_("Tick what you would like, or write it down."))
    key = uuid5(who.id, form["form_key"][:100]) if form.get("form_key") else new_id()
    how = TELL_HOW.by_value[tell].words if tell in TELL_HOW.by_value else ""
    lock_person(who.id)  # the same form twice at once: the second finds what the first one asked
    for thing in asked:
        Ask.ask(who.id, thing, words, tell_how=how, form_key=key, sitting=who.sign_in_id)
    return see_other("contact.ask")


def _things(ticked: list[str], words: str) -> list[Thing]:
    known = things()
    found = [known[one] for one in dict.fromkeys(ticked) if one in known][:MOST_AT_ONCE]
    return found or ([known[SOMETHING_ELSE]] if words else [])


def _page(ticked: list[str], words: str, tell: str, error: str = "") -> ResponseReturnValue:
    return render(
        "contact/ask.html", status=422 if error else 200, error=error, words=words, ticked=ticked, tell=tell,
        things=[(one.value, _(one.words)) for one in things().values()], form_key=new_id().hex,
        tell_words=_(TELL_HOW.words), ways=[(one.value, _(one.words)) for one in TELL_HOW.choices],
    )  # fmt: skip
