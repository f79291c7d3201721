"""The alarm where something never comes on the record: it is not removed, and somebody is told until it is."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import holder_and_cover, ids_with
from portal.accounts.models import Person
from portal.admin.over import NOT_FOR_THE_RECORD, keeping
from portal.config import Hub, current_hub
from portal.db import looking, session, step
from portal.outbox import OutboxMessage
from portal.trail.models import Voice

KIND = "kept.not_on_record"
AT_ONCE = 50  # messages in one commit


class Late(NamedTuple):
    """A voice that is overdue: its id, whose it is and about whom."""

    id: UUID
    person_id: UUID
    about_id: UUID


def overdue() -> ColumnElement[bool]:
    """The condition under which a voice ought to have been on the record, and answered, long ago."""
    hub = current_hub()
    until = hub.now() - timedelta(days=keeping().record_alarm_days)
    waits = Voice.on_record_on.is_(None) | Voice.closed_at.is_(None)
    return waits & Voice.kind.not_in(NOT_FOR_THE_RECORD) & (Voice.said_at < until)


def not_on_record(who: SignedIn) -> Select[Voice]:
    """What is overdue for the record of those whom *who* reaches, the oldest first."""
    return Voice.visible_to(who, Can.SEE_NOT_ON_RECORD).where(overdue()).order_by(Voice.said_at, Voice.id)


def raise_alarms(hub: Hub) -> int:
    """Tell whoever holds the young person and the managers, each once a week while it lasts; how many messages.

    Who is still to be told is found out before a writer begins. Whoever was told this week stands in nobody's way.
    """
    with looking(hub) as look:
        week = f"{look.now():%G-%V}"
        waiting = _still_to_tell(week)
    sent = 0
    for start in range(0, len(waiting), AT_ONCE):
        with step(hub):
            sent += sum(_tell(late, reader, week) for reader, late in waiting[start : start + AT_ONCE])
    return sent


def _still_to_tell(week: str) -> list[tuple[UUID, Late]]:
    """Everybody who has something overdue and was not told of it this week, each with the oldest of theirs."""
    told = set(session.scalars(
        select(OutboxMessage.recipient_id).where(OutboxMessage.kind == KIND, OutboxMessage.key.endswith(f":{week}"))
    ))  # fmt: skip
    managers, first = ids_with("manager"), dict[UUID, Late]()
    for late in _oldest_of_each():
        for reader in (*holder_and_cover(late.about_id), *managers):
            if reader not in told:
                first.setdefault(reader, late)
    return list(first.items())


def _oldest_of_each() -> list[Late]:
    """Of each young person the voice that waits longest, the oldest first."""
    demonstration = select(Person.id).where(Person.held_because == "demonstration")
    rows = session.execute(
        select(Voice.id, Voice.person_id, Voice.about_id)
        .where(overdue(), Voice.about_id.not_in(demonstration))
        .order_by(Voice.said_at, Voice.id)
    )
    found = dict[UUID, Late]()
    for row in rows:
        found.setdefault(row.about_id, Late(*row))
    return list(found.values())


def _tell(late: Late, reader: UUID, week: str) -> int:
    # One a week for each who is told, however much is overdue: the page says what.
    key = f"record:{reader}:{week}"
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return 0
    outbox.put(KIND, object_id=late.id, recipient=reader, key=key)
    audit.record("kept.alarm", object_kind="voice", object_id=late.id, subject=late.person_id)
    return 1
