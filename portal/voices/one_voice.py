"""One voice, for staff: the exact words, notes beside, the answer or why none is safe, the copy for the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.contact_beside import contact_beside
from portal.accounts.models import Person, reads_only
from portal.accounts.staff_names import names_of
from portal.alerts.models import reads_in
from portal.config import LONDON, current_hub
from portal.db import kept, new_id, session
from portal.questionnaires import bank
from portal.returns.family import caution_in
from portal.returns.said import question_names
from portal.trail import translations
from portal.trail.beside import VoiceNote, VoiceReply
from portal.trail.models import InPersonOnly, StillOnItsWay, Voice
from portal.trail.translations import Translation
from portal.trail.way import WayLine, way_of
from portal.voices.exact import exact_words_of
from portal.voices.forms import AnswerForm, NoAnswerForm, NoteForm, ToldForm
from portal.voices.lists import voices_for
from portal.voices.room import bp
from portal.web import form_key, htmx, not_found, render, see_other

# The answer to "How shall we tell you what happens?" after which the phone is the way.
_PARTS = ("read", "notes", "note", "came-back", "answer", "told", "no-answer", "way")
_ON_PHONE = bank.get("quick").by_name["tell-how"].by_value["here"].words


def get_voice(voice_id: UUID, can: Can) -> Voice:
    """The voice, if whoever is signed in may reach it with the ability *can*; else "not found".

    For an act it is locked: two answers at once, or a taking back while the young person opens it, wait in turn.
    """
    wanted = voices_for(me(), can).where(Voice.id == voice_id)
    voice = session.scalar(wanted.with_for_update() if request.method == "POST" else wanted)
    if voice is None:
        raise not_found()
    return voice


@bp.get("/voices/<uuid:voice_id>")
@allow(STAFF, Can.READ_VOICE, of="voice")
def show(voice_id: UUID) -> ResponseReturnValue:
    """The exact words and everything beside them."""
    voice = get_voice(voice_id, Can.READ_VOICE)
    audit.read(voice.opened_as(), object_kind="voice", object_id=voice.id, subject=voice.person_id)
    return _page(voice)


@bp.post("/voices/<uuid:voice_id>/read")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def mark_read(voice_id: UUID) -> ResponseReturnValue:
    """Say "I have read this"."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    voice.mark_read(me().id)
    return _done(voice, "read")


@bp.post("/voices/<uuid:voice_id>/notes")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def note(voice_id: UUID) -> ResponseReturnValue:
    """Write a note beside the exact words."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    form = NoteForm(prefix="note")
    if not form.validate():
        return _again(voice, "note", note_form=form)
    voice.note(form.words.said, me().id, form_key())
    return _done(voice, "note", "The note is kept.")


@bp.post("/voices/<uuid:voice_id>/answer")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def answer(voice_id: UUID) -> ResponseReturnValue:
    """Put an answer at the young person's door."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    form = AnswerForm(prefix="answer")
    if not form.validate():
        return _again(voice, "answer", answer_form=form)
    waits_for = None if form.as_it_is.data else voice.language
    try:
        voice.answer(form.words.said, me().id, form_key(), waits_for)
    except StillOnItsWay:
        form.words.errors = ["An answer waits to be opened. Wait until it is, or tell them in person"]
        return _again(voice, "answer", answer_form=form)
    except InPersonOnly:
        form.words.errors = [
            "This is in person only. Tell them in person, or say first that it is safe on their phone"
        ]
        return _again(voice, "answer", answer_form=form)
    if waits_for:
        return _done(
            voice, "answer", "It is kept, and goes to their door when it is put into their language."
        )
    return _done(voice, "answer", "The answer is at their door. It counts when they have opened it.")


@bp.post("/voices/<uuid:voice_id>/told")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def told(voice_id: UUID) -> ResponseReturnValue:
    """Put down what they were told in person, when and by whom."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    form = ToldForm.since(_said_on(voice), prefix="told")
    if not form.validate():
        return _again(voice, "told", told_form=form)
    by, words = form.told_by.data.strip(), form.words.said
    voice.tell_in_person(form.on.data, by, words, me().id, form_key())
    return _done(voice, "told", "That is kept. It has reached them.")


@bp.post("/voices/<uuid:voice_id>/no-answer")
@allow(STAFF, Can.ANSWER_VOICE, of="voice")
def no_answer(voice_id: UUID) -> ResponseReturnValue:
    """Put down why no answer is safe."""
    voice = get_voice(voice_id, Can.ANSWER_VOICE)
    form = NoAnswerForm(prefix="none")
    if not form.validate():
        return _again(voice, "no-answer", none_form=form)
    voice.no_answer(form.reason.said, me().id, form_key())
    return _done(voice, "no-answer", "The reason is kept.")


# --- what the pages are made of -----------------------------------------------------------------------------------


def _done(voice: Voice, part: str, done: str = "") -> ResponseReturnValue:
    """After the act of a *part* of the page: that part and what else changed, or the whole page anew."""
    if _swaps():
        session.flush()
        return _page(voice, part, done=done)
    return see_other("voices.show", voice_id=voice.id)


def _again(voice: Voice, part: str, **form: Any) -> ResponseReturnValue:
    """The page, or its *part*, with what was typed still in it, and what to do."""
    if not _swaps():
        _note_reading(voice)
    return _page(voice, part, status=422, **form)


def _swaps() -> bool:
    """Whether the browser takes parts of the page."""
    return bool(htmx) and not htmx.boosted


def _note_reading(voice: Voice) -> None:
    """A page that comes back shows the exact words again: that is a reading too, and is kept although it is 422."""
    audit.record(voice.opened_as(), object_kind="voice", object_id=voice.id, subject=voice.person_id)
    kept()


def _page(
    voice: Voice, part: str = "", *, status: int = 200, done: str = "", **forms: Any
) -> ResponseReturnValue:
    """The whole page; for htmx the *part* whose form was sent, and those without a form, which it may have changed."""
    swapped = part if _swaps() else ""
    shown = {swapped, "notes", "came-back", "way"} | _also_changed(part) if swapped else _PARTS
    notes, replies, way = voice.notes(), voice.replies(), way_of(voice)
    person = session.get_one(Person, voice.person_id)
    names, about = _names(notes, replies, way), _about(voice)
    only_read = reads_only(me(), voice.about_id)
    contact = None if swapped else contact_beside(about or person, person)
    return render(
        "voices/show.html", fragment="work", status=status, voice=voice, person=person, about=about, done=done, contact=contact,
        caution=caution_in(voice.source_id) if voice.about_id != voice.person_id else "",
        words=_words_unless_fragment(voice), english=_english(voice), waits_for=_waits_for(voice), notes=notes, replies=replies, way=way, may_share=not only_read and me().can(Can.SHARE_WORDS),
        names=names, swapped=swapped, shown=shown,
        form_key=new_id, waits=voice.waiting_reply() is not None, may_answer=not only_read and me().can(Can.ANSWER_VOICE), on_phone=voice.tell_how.startswith(_ON_PHONE), **_forms(forms, names[me().id]),
    )  # fmt: skip


def _about(voice: Voice) -> Person | None:
    """The young person of whom a parent or carer speaks; None where somebody speaks of themselves."""
    return session.get_one(Person, voice.about_id) if voice.about_id != voice.person_id else None


def _words_unless_fragment(voice: Voice) -> list[tuple[str, str]]:
    return [] if _swaps() else exact_words_of(voice)


def _english(voice: Voice) -> dict[str, Translation]:
    """The English of each answer that has one, by its question's words, and of each reply, by its id."""
    beside = translations.of(voice.id)
    words = {name: question for question, name in question_names(voice).items()} if beside else {}
    return {words.get(part, str(about_id)): row for (about_id, part), row in beside.items()}


def _waits_for(voice: Voice) -> str:
    """What the language of whoever spoke is called in English, where an answer is to be put into it."""
    return reads_in(voice.language)


def _also_changed(part: str) -> set[str]:
    """Whoever answers has read it; a note says nothing about that, and its button stays."""
    return {"read"} if part != "note" else set()


def _forms(given: dict[str, Any], my_name: str) -> dict[str, Any]:
    """Every form of the page: those that came back as they were sent, the others empty."""
    empty = {"formdata": None}
    return {
        "note_form": given.get("note_form") or NoteForm(prefix="note", **empty),
        "answer_form": given.get("answer_form") or AnswerForm(prefix="answer", **empty),
        "told_form": given.get("told_form")
        or ToldForm(prefix="told", on=current_hub().today(), told_by=my_name, **empty),
        "none_form": given.get("none_form") or NoAnswerForm(prefix="none", **empty),
    }


def _names(*written: Sequence[VoiceNote | VoiceReply | WayLine]) -> dict[UUID, str]:
    """Who wrote or did these, and whoever looks at them, by id, in one statement."""
    return names_of({row.by_id for rows in written for row in rows} | {me().id})


def _said_on(voice: Voice) -> Any:
    return voice.said_at.astimezone(LONDON).date()
