"""Words of a young person that name somebody they trust or a place: handed to the page that keeps people and places."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.access import SignedIn
from portal.accounts.trusted import NOT_SAFE, SAFE, Heard
from portal.db import session
from portal.questionnaires.models import Answer
from portal.trail.models import Voice
from portal.voices.lists import voices_for

# The questions that ask for them, and how the place feels; a person feels no way.
_ASKED = {"trust": "", "safe-places": SAFE, "unsafe-places": NOT_SAFE}
MOST = 20


def named_by(who: SignedIn, child_id: UUID) -> list[Heard]:
    """What a young person wrote where they were asked for it, in forms that *who* may read; the last first."""
    found = (
        voices_for(who)
        .join(Answer, Answer.submission_id == Voice.source_id)
        .where(
            Voice.person_id == child_id, Voice.kind == "return", Answer.person_id == child_id,
            Answer.question.in_(_ASKED), Answer.skipped.is_(False),
        )
        .order_by(Voice.said_at.desc(), Answer.question)
        .limit(MOST)
        .with_only_columns(Answer.id, Voice.said_at)
    )  # fmt: skip
    said_at = {row.id: row.said_at for row in session.execute(found)}
    answers = {one.id: one for one in session.scalars(select(Answer).where(Answer.id.in_(said_at)))}
    heard = ((answers[answer_id], at) for answer_id, at in said_at.items())
    return [
        Heard(f"{one.submission_id}:{one.question}", one.given.words, _ASKED[one.question], at)
        for one, at in heard
        if one.given.words
    ]
