"""What was asked for in a form of one's side, as asks like any other."""

from __future__ import annotations

from uuid import UUID

from portal.contact.models import LONGEST, Ask
from portal.contact.words import ELSE, SOMETHING_TO_TRY, THINGS

_IN_FORM = {thing.value: thing for thing in (*THINGS, SOMETHING_TO_TRY)}


def take(person_id: UUID, value: str, words: str, tell_how: str, form_key: UUID, sitting: UUID) -> None:
    """Ask for what one tick of the form says, with the words beside it."""
    thing = _IN_FORM.get(value, ELSE)
    Ask.ask(person_id, thing, words[:LONGEST], tell_how=tell_how, form_key=form_key, sitting=sitting)
