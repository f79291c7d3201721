"""The families' door: its front page, and what came back to a parent or carer.

What a parent sees, and when, depends on nothing that a child did (`product.md`, rule 6): the front page knows whom
they look after, the time of a return and the hub's hour, and what is theirs.
"""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from portal.access import FAMILY, Can, allow, me
from portal.accounts.private_phone import may_say_now
from portal.db import session
from portal.help import numbers
from portal.returns.family import offers
from portal.trail import translations
from portal.trail.models import Voice
from portal.trail.new_today import answers_new_for
from portal.voices.room import bp
from portal.voices.views import get_answers, other_languages
from portal.web import render, see_other


@bp.get("/")
@allow(FAMILY, Can.USE_FAMILY_PAGES)
def family_front() -> ResponseReturnValue:
    """For parents and carers: what is new for them, their side after a return, numbers, what this is not for."""
    who = me()
    return render(
        "voices/family_front.html", answers=list(session.scalars(answers_new_for(who))), offers=offers(who),
        say_private=may_say_now(who.id),
        numbers=numbers.first_numbers(FAMILY), languages=other_languages(),
    )  # fmt: skip


@bp.get("/answer/<uuid:family_voice_id>")
@allow(FAMILY, Can.READ_ANSWERS_TO_ME, of="family voice")
def answer_to_adult(family_voice_id: UUID) -> ResponseReturnValue:
    """What came back to a parent or carer, on the day it was opened; never their own words again."""
    opened = [answer for answer in get_answers(family_voice_id) if answer.opened_at is not None]
    if not opened:
        return see_other("voices.family_front")
    theirs = translations.about(answer.id for answer in opened)
    return render("voices/answer_to_adult.html", answers=opened, theirs=theirs)


@bp.post("/answer/<uuid:family_voice_id>")
@allow(FAMILY, Can.READ_ANSWERS_TO_ME, of="family voice")
def open_answer_to_adult(family_voice_id: UUID) -> ResponseReturnValue:
    """Open it: now it has reached them."""
    session.get(
        Voice, family_voice_id, with_for_update=True
    )  # whoever takes it back meanwhile waits, or was first
    for answer in get_answers(family_voice_id):
        session.get_one(Voice, answer.voice_id).opens(answer)
    return see_other("voices.answer_to_adult", family_voice_id=family_voice_id)
