"""The write-up for whoever held the conversation, and "Is this what you meant?" for who spoke in it.

A PIN can be forced (`product.md`, rule 11): on a phone a write-up is what is new today, and then no more.
"""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Form

from portal.access import STAFF, YOUNG, Can, allow, me
from portal.accounts.staff_names import names_of
from portal.db import new_id, session
from portal.episodes.models import InterviewTask
from portal.i18n import N_, _
from portal.questionnaires.typed import clean
from portal.returns.conversation import Conversation
from portal.returns.conversation_forms import HeardForm, SendForm, write_up_form
from portal.returns.conversation_views import get_held, get_task, page
from portal.returns.copy_order import TALKED, part_of, talked_headings
from portal.returns.models import exact_words
from portal.returns.said import FORM, by_heading, question_names, voices_of
from portal.returns.views import bp
from portal.returns.write_up import (
    ADDS,
    AGREES,
    CORRECTS,
    ON_PHONE,
    SAID,
    WAYS,
    WriteUp,
    last_version,
    versions,
)
from portal.trail import translations
from portal.web import form_key, not_found, render, see_other

LONGEST = 10_000  # characters that a young person may add at once
_TOO_LONG = N_("This is longer than we can keep at once. Make it shorter, or tell us the rest another time.")
_WRITE_IT = N_("Write what you want to say, or press “Yes, that is what I meant”.")


@bp.route("/returns/<uuid:task_id>/write-up", methods=["GET", "POST"])
@allow(STAFF, Can.WRITE_UP, of="return")
def write_up(task_id: UUID) -> ResponseReturnValue:
    """Write down what was said, heading by heading, beside what they wrote themselves."""
    task = get_task(task_id)
    held = get_held(task)
    form = _words_form(held)
    if request.method == "POST" and form.validate():
        WriteUp.write(held, _written(form), me().id, form_key())
        return see_other("returns.write_up", task_id=task.id)
    return _page(task, held, form)


@bp.post("/returns/<uuid:task_id>/write-up/heard")
@allow(STAFF, Can.WRITE_UP, of="return")
def heard_back(task_id: UUID) -> ResponseReturnValue:
    """Keep what the young person said when they heard or read it with their worker."""
    task = get_task(task_id)
    held = get_held(task)
    version, form = _version(held), HeardForm(prefix="heard")
    if not form.validate():
        return _page(task, held, _words_form(held, typed=False), heard_form=form)
    version.say_meant(form.said.data, clean(form.words.data or ""), form.way.data, me().id, form_key())
    return see_other("returns.write_up", task_id=task.id)


@bp.post("/returns/<uuid:task_id>/write-up/send")
@allow(STAFF, Can.WRITE_UP, of="return")
def send_write_up(task_id: UUID) -> ResponseReturnValue:
    """Put it on their phone, to be opened once; or take it back before they have said anything of it."""
    task = get_task(task_id)
    held = get_held(task)
    version, form = _version(held), SendForm(prefix="send")
    if request.form.get("go") == "back":
        version.take_back(me().id)
    elif held.voice().in_person_only or not form.may_send(version.words.values()):
        return _page(task, held, _words_form(held, typed=False), send_form=form)
    else:
        version.send(me().id)
    return see_other("returns.write_up", task_id=task.id)


def _version(held: Conversation) -> WriteUp:
    """The version on the page that was sent, if it still stands; else "not found"."""
    version = last_version(held.id)
    if version is None or str(version.id) != request.form.get("version"):
        raise not_found()
    return version


def _fields(held: Conversation) -> dict[str, str]:
    """The headings to write under, those that were covered first, by the part that a text is kept under."""
    covered, found = set(held.parts), talked_headings()
    order = sorted(found, key=lambda pair: not covered & set(pair[1]))
    return {parts[0]: heading for heading, parts in order}


def _words_form(held: Conversation, *, typed: bool = True) -> Form:
    version = last_version(held.id)
    kept_words = version.words if version else {}
    # What an order of the hub's has put under another heading since stays where it was written.
    fields = _fields(held) | {
        part: TALKED[part] for part in kept_words if part in TALKED and part not in _fields(held)
    }
    return write_up_form(fields, kept_words, typed=typed)


def _written(form: Form) -> dict[str, str]:
    return {field.short_name: clean(field.data) for field in form if clean(field.data or "")}


def _page(task: InterviewTask, held: Conversation, form: Form, **forms: Form) -> ResponseReturnValue:
    found = versions(held.id)
    meant = {version.id: version.meant() for version in found}
    people = {version.by_id for version in found} | {one.by_id for said in meant.values() for one in said}
    return page(
        task, "returns/write_up.html", held, form, versions=found, meant=meant, names=names_of(people), SAID=SAID,
        WAYS=WAYS | {ON_PHONE: "On their phone"}, by_heading=by_heading, beside=_beside(task),
        heard_form=forms.get("heard_form") or HeardForm(prefix="heard", formdata=None),
        send_form=forms.get("send_form") or SendForm(prefix="send", formdata=None),
        covered=held.parts,
    )  # fmt: skip


def _beside(task: InterviewTask) -> dict[str, list[tuple[str, str]]]:
    """What they wrote in their forms, by part of the record, with its English where there is one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for voice in voices_of(task.id):
        if voice.kind != FORM:
            continue
        names, english = question_names(voice), translations.of(voice.id)
        for question, said in exact_words(voice.source_id):
            name = names.get(question, "")
            if said:
                beside = english.get((voice.source_id, name))
                found.setdefault(part_of(name), []).append((said, beside.words if beside else ""))
    return found


# --- the young person's -------------------------------------------------------------------------------------------


def get_write_up(write_up_id: UUID) -> WriteUp:
    """What may be shown today of a write-up of whoever is signed in; else "not found"."""
    wanted = WriteUp.new_for(me()).where(WriteUp.id == write_up_id)
    version = session.scalar(wanted.with_for_update() if request.method == "POST" else wanted)
    if version is None:
        raise not_found()
    return version


@bp.get("/meant/<uuid:write_up_id>")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME, of="write-up")
def meant(write_up_id: UUID) -> ResponseReturnValue:
    """Is this what you meant? The write-up, on the day it was opened."""
    version = get_write_up(write_up_id)
    if version.opened_at is None:
        return see_other("voices.young_front")
    if version.said_at is not None:
        return render("returns/meant_thanks.html", spoke=any(one.words for one in version.meant()))
    return _ask(version)


@bp.post("/meant/<uuid:write_up_id>")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME, of="write-up")
def say_meant(write_up_id: UUID) -> ResponseReturnValue:
    """Open it; or say that it is what they meant, or what they add to it, or what is not right."""
    version, go = get_write_up(write_up_id), request.form.get("go", "")
    if version.opened_at is None or version.said_at is not None or go not in SAID:
        version.open()
        return see_other("returns.meant", write_up_id=version.id)
    words = clean(request.form.get("words", ""))
    wrong = _(_TOO_LONG) if len(words) > LONGEST else "" if words or go == AGREES else _(_WRITE_IT)
    if wrong:
        return _ask(version, words, wrong)
    # "Yes" with words beside it adds them: nothing that was typed is thrown away.
    said = ADDS if go == AGREES and words else go
    version.say_meant(said, words, ON_PHONE, me().id, form_key())
    return see_other("returns.meant", write_up_id=version.id)


def _ask(version: WriteUp, typed: str = "", wrong: str = "") -> ResponseReturnValue:
    texts = [(_(words), version.words[part]) for part, words in TALKED.items() if version.words.get(part)]
    seen = translations.about([version.id]).get(version.id)
    return render(
        "returns/meant.html", status=422 if wrong else 200, version=version, texts=texts, typed=typed, wrong=wrong,
        theirs=seen.words if seen else "", form_key=new_id().hex, AGREES=AGREES, ADDS=ADDS, CORRECTS=CORRECTS,
    )  # fmt: skip
