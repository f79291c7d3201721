"""A text to a parent or carer whose form has come to their door: only to those who turned that on.

It goes by the hour after the return, as the form does, and looks at nothing that a young person did (`product.md`,
rule 6); by which way, when and in which words, their own card says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Link, Person, runs_at
from portal.accounts.no_contact import ordered
from portal.accounts.reminders import tell_of_new
from portal.accounts.safe_contact import SafeContact
from portal.config import Hub, current_hub
from portal.db import session, step
from portal.episodes.episode import Episode
from portal.outbox import OutboxMessage
from portal.returns.family import hour_after

# For so long after the hour somebody is told: a list that came late still tells, an old return does not.
TOLD_WITHIN = timedelta(days=3)
MOST_AT_ONCE = 50  # in one commit; the next round goes on


def tell_who_asked(hub: Hub) -> None:
    """Tell each parent and carer once of each return whose form stands at their door since lately."""
    with step(hub):
        rows = [row for row in session.execute(_lately()) if row.home_safe_at <= hour_after(row.returned_at)]
        before = select(OutboxMessage.object_id, OutboxMessage.recipient_id).where(
            OutboxMessage.object_id.in_({row.episode_id for row in rows})
        )
        told = {(row.object_id, row.recipient_id) for row in session.execute(before)}
        for row in [row for row in rows if (row.episode_id, row.adult_id) not in told][:MOST_AT_ONCE]:
            tell_of_new(row.adult_id, row.episode_id)


def _lately() -> Any:
    """Each safe link of today, of an adult who has a card, with each return whose hour came lately."""
    now = current_hub().now()
    hour_came = now - timedelta(hours=current_hub().file.home_form_hours)
    here = select(Person.id).where(Person.ended_at.is_(None))
    return (
        select(Link.adult_id, Link.home_safe_at, Episode.id.label("episode_id"), Episode.returned_at)
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
