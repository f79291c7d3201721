"""The alarm where something never comes on the record: it is not removed, and somebody is told until it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import holder_and_cover, ids_with
from portal.accounts.models import Person
from portal.admin.retention import NOT_FOR_THE_RECORD, keeping
from portal.config import Hub, current_hub
from portal.db import session, step
from portal.outbox import OutboxMessage
from portal.trail.models import Voice

KIND = "kept.not_on_record"
_AT_ONCE = 50
_AGAIN_AFTER = timedelta(days=7)


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
    """Tell whoever holds the young person and the managers, each once a week while it lasts; how many messages."""
    with step(hub):
        demonstration = select(Person.id).where(Person.held_because == "demonstration")
        told = exists().where(
            OutboxMessage.object_id == Voice.id, OutboxMessage.kind == KIND,
            OutboxMessage.created_at > hub.now() - _AGAIN_AFTER,
        )  # fmt: skip
        late = session.scalars(
            select(Voice)
            .where(overdue(), ~told, Voice.about_id.not_in(demonstration))
            .order_by(Voice.said_at, Voice.id)
            .limit(_AT_ONCE)
        ).all()
        week = f"{hub.now():%G-%V}"
        managers, sent = ids_with("manager"), 0
        for voice in late:
            for reader in dict.fromkeys([*holder_and_cover(voice.about_id), *managers]):
                # One a week for each who is told, however much is overdue: the page says what.
                sent += _tell(voice, reader, week)
        return sent


def _tell(voice: Voice, reader: UUID, week: str) -> int:
    key = f"record:{reader}:{week}"
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return 0
    outbox.put(KIND, object_id=voice.id, recipient=reader, key=key)
    session.flush()
    audit.record("kept.alarm", object_kind="voice", object_id=voice.id, subject=voice.person_id)
    return 1
