"""A young person's trail for reading together with their worker, and on paper for them to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import audit, i18n, paging
from portal.access import STAFF, YOUNG, Can, allow, me
from portal.accounts.private_phone import phone_is_private
from portal.accounts.staff import get_child
from portal.accounts.staff_names import names_of
from portal.config import current_hub
from portal.db import session
from portal.trail import shares, translations
from portal.trail.beside import VoiceReply
from portal.trail.models import TO_MANAGER, Voice
from portal.trail.way import WayLine, on_a_phone, ways_of
from portal.voices.lists import voices_for
from portal.voices.opened import who_opened
from portal.voices.room import bp
from portal.voices.went import shows_on_a_phone
from portal.web import render

ON_A_PAGE = 10
ON_PAPER = 40


@bp.get("/young-people/<uuid:child_id>/trail")
@allow(STAFF, Can.SEE_TRAIL, of="young person")
def trail(child_id: UUID) -> ResponseReturnValue:
    """Where everything went, and who opened the record: what is in person only stands here, too."""
    person = get_child(child_id, Can.SEE_TRAIL)
    voices, onward = _voices(person.id, request.args.get("after", ""), ON_A_PAGE)
    audit.read("trail.opened_by_staff", object_kind="person", object_id=person.id, subject=person.id)
    lines, older = who_opened(person.id, request.args.get("before", ""))
    return render(
        "voices/trail.html", person=person, onward=onward, opened=lines, older=older,
        private=phone_is_private(person.id), **_told(voices, ways_of([voice.id for voice in voices])),
    )  # fmt: skip


@bp.get("/young-people/<uuid:child_id>/trail/paper")
@allow(STAFF, Can.SEE_TRAIL, of="young person")
def trail_paper(child_id: UUID) -> ResponseReturnValue:
    """A sheet to print, in their language, that tells nothing of us: no name of theirs, no organisation."""
    person = get_child(child_id, Can.SEE_TRAIL)
    voices, _ = _voices(person.id, "", ON_PAPER)
    # Anybody may find it: what was said to a manager alone is on no paper, whoever prints it.
    voices = [voice for voice in voices if not voice.in_person_only and voice.kind not in TO_MANAGER]
    ways = {key: on_a_phone(way) for key, way in ways_of([voice.id for voice in voices]).items()}
    audit.read("trail.printed", object_kind="person", object_id=person.id, subject=person.id)
    told = _told(voices, ways, plain=True)
    told["replies"] = {
        key: [one for one in found if shows_on_a_phone(one)] for key, found in told["replies"].items()
    }
    with i18n.speaking(i18n.spoken_here(person.language)):
        return render(
            "voices/trail_paper.html",
            word=current_hub().file.word(YOUNG),
            opened=who_opened(person.id)[0],
            **told,
        )


def _voices(child_id: UUID, after: str, most: int) -> tuple[list[Voice], str | None]:
    found = voices_for(me(), Can.SEE_TRAIL).where(
        Voice.person_id == child_id, paging.before(after, Voice.said_at, Voice.id)
    )
    rows = list(session.scalars(found.order_by(Voice.said_at.desc(), Voice.id.desc()).limit(most + 1)))
    onward = paging.place(rows[most - 1].said_at, rows[most - 1].id) if len(rows) > most else None
    return rows[:most], onward


def _told(voices: Sequence[Voice], ways: dict[UUID, list[WayLine]], *, plain: bool = False) -> dict[str, Any]:
    """What the pages show of these voices; *plain* names people without the organisation they work for."""
    replies = _replies(voices)
    beside = translations.about(reply.id for found in replies.values() for reply in found)
    people = {line.by_id for way in ways.values() for line in way}
    return {
        "voices": voices, "ways": ways, "replies": replies, "whom": shares.WHOM, "wishes": shares.WISHES,
        "must": shares.MUST, "names": names_of(people, plain=plain), "beside": beside,
    }  # fmt: skip


def _replies(voices: Sequence[Voice]) -> dict[UUID, list[VoiceReply]]:
    found: dict[UUID, list[VoiceReply]] = {voice.id: [] for voice in voices}
    rows = select(VoiceReply).where(VoiceReply.voice_id.in_(found), VoiceReply.taken_back_at.is_(None))
    for reply in session.scalars(rows.order_by(VoiceReply.created_at, VoiceReply.id)):
        found[reply.voice_id].append(reply)
    return found
