"""The front page of the young people's door, and what came back to whoever spoke.

A PIN can be forced (`product.md`, rule 11): of itself a phone shows only what is new today. The families' door has
pages of its own (`family`).
"""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal import i18n
from portal.access import YOUNG, Can, allow, me
from portal.accounts import private_phone
from portal.accounts.eighteen_views import may_look_ahead
from portal.accounts.holders import worker_id_of
from portal.accounts.models import Person
from portal.accounts.sign_in import end_here
from portal.accounts.views import gone_to
from portal.config import current_hub
from portal.db import new_id, session
from portal.episodes.models import waiting_for
from portal.returns.write_up import WriteUp
from portal.trail import translations
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from portal.trail.new_today import answers_new_for
from portal.trail.shares import TrailWish
from portal.voices.room import bp
from portal.voices.went import asks_for_me
from portal.web import not_found, render, see_other


def get_answers(voice_id: UUID) -> list[VoiceReply]:
    """What may be shown today of the answers to one voice of whoever is signed in; else "not found"."""
    found = list(session.scalars(answers_new_for(me()).where(VoiceReply.voice_id == voice_id)))
    if not found:
        raise not_found()
    return found


@bp.get("/")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME, while_put_away=True)
def young_front() -> ResponseReturnValue:
    """What is new today and what can be done; an empty page after everything was put away."""
    who = me()
    if who.put_away:
        return render("voices/young_front.html")
    return render(
        "voices/young_front.html", answers=list(session.scalars(answers_new_for(who))),
        asks=_one_for_each_voice(), say_private=not who.in_room and private_phone.may_say_now(who.id),
        write_ups=[one for one in session.scalars(WriteUp.new_for(who)) if one.said_at is None],
        look_ahead=may_look_ahead(who.id), side=waiting_for(who.id) is not None, form_key=new_id().hex, languages=other_languages(),
    )  # fmt: skip


@bp.get("/answer/<uuid:voice_id>")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME, of="voice")
def answer_to_me(voice_id: UUID) -> ResponseReturnValue:
    """What came back, on the day it was opened; never the young person's own words again."""
    opened = [answer for answer in get_answers(voice_id) if answer.opened_at is not None]
    if not opened:
        return see_other("voices.young_front")
    theirs = translations.about(answer.id for answer in opened)
    return render("voices/answer_to_me.html", answers=opened, theirs=theirs, worker_id=worker_id_of(me().id))


@bp.post("/answer/<uuid:voice_id>")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME, of="voice")
def open_answer(voice_id: UUID) -> ResponseReturnValue:
    """Open it: now it has reached them."""
    session.get(Voice, voice_id, with_for_update=True)  # whoever takes it back meanwhile waits, or was first
    for answer in get_answers(voice_id):
        session.get_one(Voice, answer.voice_id).opens(answer)
    return see_other("voices.answer_to_me", voice_id=voice_id)


@bp.post("/away")
@allow(YOUNG, Can.PUT_ALL_AWAY)
def put_away() -> ResponseReturnValue:
    """Put everything away: from now on the PIN opens an empty page, until the worker opens it again."""
    who = me()
    session.get_one(Person, who.id).put_all_away()
    private_phone.end(who.id)
    if who.in_room:  # the tablet goes back to the worker, with nothing left on it
        end_here(who)
        return gone_to(url_for("accounts.give_back"))
    return see_other("voices.young_front")


def _one_for_each_voice() -> list[TrailWish]:
    """The questions that wait for whoever is signed in: one press leads to all of one voice."""
    return list({ask.voice_id: ask for ask in session.scalars(asks_for_me())}.values())


def other_languages() -> list[i18n.Language]:
    """The hub's languages besides the one that this page is in."""
    return [i18n.LANGUAGES[code] for code in current_hub().file.languages if code != i18n.language().code]
