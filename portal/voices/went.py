"""What happened to what somebody said, at their own door: on a phone that they called private, and on no other.

A PIN can be forced (`product.md`, rule 11): every other phone says the same to everybody, whether there is
anything or not. What is in person only never shows here, and neither does anything that names the police.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from portal import audit, paging
from portal.access import YOUNG, Can, allow, me
from portal.accounts import private_phone
from portal.accounts.staff_names import names_of
from portal.contact.incoming import IncomingText
from portal.contact.models import Ask
from portal.db import session
from portal.i18n import _
from portal.questionnaires.models import Given, Submission
from portal.questionnaires.questions import SHARING, Question
from portal.trail import shares, translations
from portal.trail.beside import VoiceReply
from portal.trail.in_person import names_police
from portal.trail.models import ASK, TEXT_MESSAGE, Voice
from portal.trail.shares import TrailWish
from portal.trail.way import on_a_phone, way_of
from portal.voices.opened import who_opened
from portal.voices.room import bp
from portal.web import not_found, render, see_other

ON_A_PAGE = 20


def on_my_phone() -> Select[Voice]:
    """Of what whoever is signed in has said, what a phone of theirs may show; in person only is nothing of it."""
    return Voice.visible_to(me(), Can.SEE_TRAIL).where(Voice.in_person_only.is_(False))


def get_mine(voice_id: UUID) -> Voice:
    """One thing that whoever is signed in has said, if a phone may show it; else "not found"."""
    voice = session.scalar(on_my_phone().where(Voice.id == voice_id))
    if voice is None:
        raise not_found()
    return voice


@bp.get("/went")
@allow(YOUNG, Can.SEE_TRAIL)
def went() -> ResponseReturnValue:
    """Everything they said, the last first; on a phone that is not private, how to see it otherwise."""
    if not private_phone.shows_old_things(me()):
        return render("voices/went.html", private=False)
    return render("voices/went.html", private=True, **everything_mine())


@bp.get("/went/<uuid:voice_id>")
@allow(YOUNG, Can.SEE_TRAIL, of="voice")
def went_one(voice_id: UUID) -> ResponseReturnValue:
    """One thing they said: their own words, what came back, where it went."""
    voice = get_mine(voice_id)
    if not private_phone.shows_old_things(me()):
        return see_other("voices.went")
    return render("voices/went_one.html", **what_became_of(voice))


@bp.get("/went/opened")
@allow(YOUNG, Can.SEE_TRAIL)
def went_opened() -> ResponseReturnValue:
    """Who opened their record."""
    if not private_phone.shows_old_things(me()):
        return see_other("voices.went")
    lines, onward = who_opened(me().id, request.args.get("after", ""))
    _note_reading()
    return render("voices/went_opened.html", lines=lines, onward=onward)


@bp.get("/asked/<uuid:voice_id>")
@allow(YOUNG, Can.SEE_TRAIL, of="voice")
def asked(voice_id: UUID) -> ResponseReturnValue:
    """May somebody have what they said? Asked by their worker; none of the words stand here."""
    voice = get_mine(voice_id)
    waiting = list(session.scalars(asks_for_me().where(TrailWish.voice_id == voice.id)))
    if not waiting:
        return see_other("voices.young_front")
    return render("voices/asked.html", voice=voice, ask=waiting[0], whom=shares.WHOM)


@bp.post("/asked/<uuid:voice_id>")
@allow(YOUNG, Can.SEE_TRAIL, of="voice")
def answer_asked(voice_id: UUID) -> ResponseReturnValue:
    """One press answers one question; pressed once more it changes nothing."""
    voice = get_mine(voice_id)
    whom, wish = request.form.get("whom", ""), request.form.get("wish", "")
    waiting = {ask.whom for ask in session.scalars(asks_for_me().where(TrailWish.voice_id == voice.id))}
    if whom in waiting and wish in shares.WISHES:
        shares.wish(voice, whom, wish)
    return see_other("voices.asked", voice_id=voice.id)


@bp.post("/private")
@allow(YOUNG, Can.SEE_TRAIL)
def say_private() -> ResponseReturnValue:
    """Say whether only they can open this phone, while the worker who asked is with them."""
    said, who = request.form.get("private", ""), me()
    # It is asked of their own phone, not of the worker's tablet.
    if said in ("yes", "no") and not who.in_room:
        private_phone.answer_on_it(who.id, said == "yes")
    return see_other("voices.young_front")


def everything_mine() -> dict[str, Any]:
    """A page of what whoever is signed in has said, the last first, as the pages of both doors take it."""
    found = on_my_phone().where(paging.before(request.args.get("after", ""), Voice.said_at, Voice.id))
    voices = list(session.scalars(found.order_by(Voice.said_at.desc(), Voice.id.desc()).limit(ON_A_PAGE + 1)))
    last = voices[ON_A_PAGE - 1 : ON_A_PAGE]
    onward = paging.place(last[0].said_at, last[0].id) if len(voices) > ON_A_PAGE else None
    _note_reading()
    return {"voices": voices[:ON_A_PAGE], "onward": onward}


def what_became_of(voice: Voice) -> dict[str, Any]:
    """Their own words, what came back, where it went, as the pages of both doors take it."""
    way = on_a_phone(way_of(voice))
    replies = [reply for reply in voice.replies() if shows_on_a_phone(reply)]
    _note_reading()
    return {
        "voice": voice, "words": own_words(voice), "way": way, "whom": shares.WHOM, "wishes": shares.WISHES,
        "must": shares.MUST, "names": names_of({line.by_id for line in way}), "replies": replies,
        "beside": translations.about(reply.id for reply in replies),
    }  # fmt: skip


def asks_for_me() -> Select[TrailWish]:
    """What whoever is signed in was asked on their phone and has not answered yet."""
    mine = on_my_phone().with_only_columns(Voice.id)
    return (
        select(TrailWish)
        .where(TrailWish.voice_id.in_(mine), TrailWish.wish.is_(None))
        .order_by(TrailWish.asked_at, TrailWish.id)
    )


def shows_on_a_phone(reply: VoiceReply) -> bool:
    """Whether a private phone, or paper, may show this answer: it reached them, and is not told in person only."""
    reached = reply.opened_at is not None or reply.told_on is not None
    return reached and not reply.in_person_only and reply.taken_back_at is None


@dataclass(frozen=True)
class OwnWords:
    """One question in the reader's language, and what they said to it: ticks, then their own words as typed."""

    question: str
    ticks: str
    words: str


def own_words(voice: Voice) -> list[OwnWords]:
    """What was said in one form, or asked for; without what was skipped, and without what names the police."""
    if voice.kind == ASK:
        return [_asked_for(ask)] if (ask := session.get(Ask, voice.source_id)) else []
    if voice.kind == TEXT_MESSAGE:
        sent = session.get(IncomingText, voice.source_id)
        return [OwnWords(_("Your text"), "", sent.words)] if sent else []
    submission = session.get(Submission, voice.source_id)
    if submission is None:
        return []
    answers = {name: answer.given for name, answer in submission.answers().items()}
    said = [
        _line(question, answers[question.name])
        for question in submission.form.every
        if question.name in answers and not answers[question.name].empty
    ]
    return [line for line in said if line is not None]


def _asked_for(ask: Ask) -> OwnWords:
    return OwnWords(_("What would you like to ask for?"), _(ask.what), ask.words)


def _line(question: Question, given: Given) -> OwnWords | None:
    """One answer, if nothing of it names the police; looked for in English, and as typed.

    Of wishes only the one about them is left out: the others say nothing of it.
    """
    ticks = [question.tick_words(value) for value in given.choices]
    if question.kind == SHARING:
        ticks = [tick for tick in ticks if not names_police(" ".join(tick))]
    told = " ".join([question.words, question.hint, given.words, *(part for tick in ticks for part in tick)])
    if names_police(told) or not (ticks or given.words):
        return None
    said = [": ".join(_(part) for part in tick) for tick in ticks]
    return OwnWords(_(question.words), " · ".join(said), given.words)


def _note_reading() -> None:
    audit.read("trail.opened", object_kind="person", object_id=me().id, subject=me().id)
