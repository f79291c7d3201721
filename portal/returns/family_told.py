"""A text to a parent or carer whose form has come to their door: only to those who turned that on.

It goes by the hour after the return, as the form does, and looks at nothing that a young person did (`product.md`,
rule 6); by which way, when and in which words, their own card says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal import crypto
from portal.accounts.models import Link, Person, runs_at
from portal.accounts.no_contact import ordered
from portal.accounts.reminders import tell_of_new
from portal.accounts.safe_contact import TEXT, Lines, SafeContact
from portal.config import Hub, current_hub
from portal.crypto import CannotOpen
from portal.db import reading, session, step
from portal.episodes.episode import Episode
from portal.outbox import OutboxMessage
from portal.returns.family import hour_after

# For so long after the hour somebody is told: a list that came late still tells, an old return does not.
TOLD_WITHIN = timedelta(days=3)
MOST_AT_ONCE = 50  # texts in one commit; the next round goes on


def tell_who_asked(hub: Hub) -> None:
    """Tell each parent and carer once of each return whose form stands at their door since lately.

    Who did not turn texts on is left out before anything is counted: they never become told, and would stand in the
    way of everybody after them, round after round.
    """
    with hub.entered():
        waiting = _waiting()
    if not waiting:
        return
    with step(Hub(hub.file, clock=hub.clock)):
        told = 0
        for adult_id, child_id, episode_id in waiting:
            if not _told_before(adult_id, episode_id):
                told += tell_of_new(adult_id, episode_id, child_id)
            if told == MOST_AT_ONCE:
                return


def _waiting() -> list[tuple[UUID, UUID, UUID]]:
    """Which adult is to be told of which young person's return, the oldest return first."""
    with reading() as look:
        rows = [row for row in look.execute(_lately()) if row.home_safe_at <= hour_after(row.returned_at)]
        before = select(OutboxMessage.object_id, OutboxMessage.recipient_id).where(
            OutboxMessage.object_id.in_({row.episode_id for row in rows})
        )
        told = {(row.object_id, row.recipient_id) for row in look.execute(before)}
    left = [row for row in rows if (row.episode_id, row.adult_id) not in told]
    crypto.fetch_keys(row.adult_id for row in left)
    return [(row.adult_id, row.child_id, row.episode_id) for row in left if _turned_on(row)]


def _turned_on(row: Any) -> bool:
    try:
        written = crypto.open_sealed(row.written, "safe_contact", "written", row.card_id, row.adult_id)
    except CannotOpen:  # their key is gone; everybody else is told
        return False
    lines = Lines.read(written)
    return lines.new_here and TEXT in lines.ways


def _told_before(adult_id: UUID, episode_id: UUID) -> bool:
    """Looked at again in the step: another worker process may have told them since."""
    found = select(OutboxMessage.id).where(
        OutboxMessage.object_id == episode_id, OutboxMessage.recipient_id == adult_id
    )
    return session.scalar(found) is not None


def _lately() -> Any:
    """Each safe link of today, of an adult who has a card, with each return whose hour came lately."""
    now = current_hub().now()
    hour_came = now - timedelta(hours=current_hub().file.home_form_hours)
    here = select(Person.id).where(Person.ended_at.is_(None))
    return (
        select(Link.adult_id, Link.child_id, Link.home_safe_at, Episode.id.label("episode_id"), Episode.returned_at,
               SafeContact.id.label("card_id"), SafeContact.written)
        .join(Episode, Episode.child_id == Link.child_id)
        .join(SafeContact, (SafeContact.person_id == Link.adult_id) & SafeContact.replaced_at.is_(None))
        .where(
            ~ordered(Link.adult_id, Link.child_id),
            Link.kind != "residential",  # they are at work, and find it there in their shift
            Link.home_safe_at.is_not(None), runs_at(Link, now), Link.child_id.in_(here), Link.adult_id.in_(here),
            Episode.returned_at <= hour_came, Episode.returned_at > hour_came - TOLD_WITHIN,
        )
        .order_by(Episode.returned_at, Episode.id)
        .distinct()
    )  # fmt: skip
