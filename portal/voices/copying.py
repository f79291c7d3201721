"""What goes into the case record, in the order of the hub's own form: to copy, to print, as a PDF, on the record."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.config import LONDON, current_hub
from portal.db import kept, session
from portal.i18n import staff_datetime
from portal.returns import pdf, record
from portal.returns.said import said_together
from portal.trail.models import Voice
from portal.voices.exact import exact_words_of
from portal.voices.forms import OnRecordForm
from portal.voices.one_voice import get_voice
from portal.voices.room import bp
from portal.web import render, see_other


@bp.get("/voices/<uuid:voice_id>/copy")
@allow(STAFF, Can.PUT_ON_RECORD, of="voice")
def copy_page(voice_id: UUID) -> ResponseReturnValue:
    """Everything about the return, field by field, to be copied into the case record: nobody types twice."""
    voice = get_voice(voice_id, Can.PUT_ON_RECORD)
    audit.read(
        voice.opened_as("voice.copied"), object_kind="voice", object_id=voice.id, subject=voice.person_id
    )
    today = current_hub().today()
    return _page(voice, OnRecordForm(prefix="record", on=today))


@bp.post("/voices/<uuid:voice_id>/copy")
@allow(STAFF, Can.PUT_ON_RECORD, of="voice")
def put_on_record(voice_id: UUID) -> ResponseReturnValue:
    """Say on which day it went into the case record; the clock for removal here starts with it, for all of it."""
    voice = get_voice(voice_id, Can.PUT_ON_RECORD)
    together = said_together(voice)
    first = min(one.said_at for one in together).astimezone(LONDON).date()
    form = OnRecordForm.since(first, prefix="record")
    if not form.validate():
        audit.record(
            voice.opened_as("voice.copied"), object_kind="voice", object_id=voice.id, subject=voice.person_id
        )
        kept()
        return _page(voice, form, 422)
    for one in together:
        one.put_on_record(form.on.data, me().id)
    return see_other("voices.copy_page", voice_id=voice.id)


@bp.get("/voices/<uuid:voice_id>/copy.pdf")
@allow(STAFF, Can.PUT_ON_RECORD, of="voice", step_up=True)
def copy_pdf(voice_id: UUID) -> ResponseReturnValue:
    """The same as a file for the case system. Its name says nothing of whom it is about."""
    voice, now = get_voice(voice_id, Can.PUT_ON_RECORD), current_hub().now()
    audit.read(
        voice.opened_as("voice.made_pdf"), object_kind="voice", object_id=voice.id, subject=voice.person_id
    )
    made = pdf.made(
        f"For the case record of {_whose(voice)}", [f"Made on {staff_datetime(now)} by {me().name}.", _first_line(voice)],
        record.fields_of(voice, exact_words_of(voice)), "Rowan", now,
    )  # fmt: skip
    return Response(
        made, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="record.pdf"'}
    )


def _page(voice: Voice, form: OnRecordForm, status: int = 200) -> ResponseReturnValue:
    fields = record.fields_of(voice, exact_words_of(voice))
    return render(
        "voices/copy_page.html", status=status, voice=voice, form=form, fields=fields, whose=_whose(voice),
        person=session.get_one(Person, voice.person_id), whole=record.as_text(_first_line(voice), fields),
    )  # fmt: skip


def _whose(voice: Voice) -> str:
    """The young person whom it is about, though a parent or carer may have said it."""
    return session.get_one(Person, voice.about_id).name


def _first_line(voice: Voice) -> str:
    """Who said it, when, by whom: a parent's or carer's words never pass for the young person's."""
    said = f"Said on {staff_datetime(voice.said_at)}"
    if voice.about_id == voice.person_id:
        return f"{_whose(voice)}. {said}."
    return (
        f"{_whose(voice)}: what {session.get_one(Person, voice.person_id).name}, {voice.kind}, said. {said}."
    )
