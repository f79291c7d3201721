"""Erasing one person: their rows, their key and what they could be found by; counts stay, and their id alone is noted.

Refused, with a sentence, while something they said is not on the record, a hold stands, or an order keeps them from a
young person who is still here. Stopped half-way it is run
again. What a backup from before holds of them no key opens any more, and a restore takes it away once more.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, or_, select

from portal import crypto
from portal.accounts.models import Person
from portal.admin.erased import finish, key_goes, rows_go
from portal.admin.letting_go import hanging_on, named_elsewhere
from portal.admin.over import NOT_FOR_THE_RECORD, kept_from_somebody
from portal.alerts.models import CLOSED, Alert
from portal.config import Hub
from portal.db import session, step
from portal.trail.models import Voice


class Refused(Exception):
    """Somebody who may not be erased now; the text is the one sentence that says why."""


def erase(hub: Hub, person_id: UUID) -> int:
    """Erase one person; how many rows went. Raises `Refused` in a sentence."""
    finish(hub)
    with step(hub):
        _may_go(person_id)
        crypto.ring().note_erased(str(person_id))
    rows = rows_go(hub, person_id)
    key_goes(hub, person_id)
    return rows


def _may_go(person_id: UUID) -> None:
    kind = session.scalar(select(Person.kind).where(Person.id == person_id))
    if kind is None:
        raise Refused("There is nobody with this id here.")
    if kind == "staff":
        raise Refused(
            "They are of the staff, and their name stands under what they wrote: end their account instead."
        )
    found = hanging_on({"person": {person_id}})
    if found.held:
        raise Refused("A hold stands on them: nothing is erased until it is ended.")
    theirs = or_(Voice.person_id == person_id, Voice.about_id == person_id)
    said = select(func.count()).select_from(Voice).where(theirs)
    not_recorded = Voice.on_record_on.is_(None) & Voice.kind.not_in(NOT_FOR_THE_RECORD)
    if late := session.scalar(said.where(not_recorded)):
        raise Refused(f"Not everything they said is on the record yet ({late} still to be put there).")
    if late := session.scalar(said.where(Voice.closed_at.is_(None))):
        raise Refused(f"Not everything they said has an answer yet ({late} still to be answered).")
    alerts = select(Alert.id).where(Alert.child_id == person_id, Alert.state != CLOSED).limit(1)
    if session.scalar(alerts) is not None:
        raise Refused("An alert about them is still open.")
    if session.scalar(select(kept_from_somebody(person_id))):
        raise Refused("An order of no contact with a young person still runs: with them, it would go.")
    if named_elsewhere(person_id, found):
        raise Refused("Their name stands under what belongs to somebody else.")
