"""The audit trail: `record(...)` in the commit of the act itself, hash-chained, never changed.

An event gets its number and its hash in the last step before the commit: a chain whose head is locked any
earlier lets only one writer through at a time. The hash is keyed, so that who can write to the database but
has no key cannot build another chain; how far the chain had come is noted beside the keys, so that a cut
tail is found too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import Connection, Index, Integer, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import crypto
from portal.config import current_hub
from portal.db import Base, HubSession, aside, last_steps, new_id, session

if TYPE_CHECKING:
    from sqlalchemy import Table

BEGINNING = "0" * 64


class Tampered(Exception):
    """The trail is not as it was written; the text says at which number."""


class AuditEvent(Base):
    """One thing that somebody did or read: who, where, what, about whom; never any words."""

    __tablename__ = "audit_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    door: Mapped[str | None] = mapped_column(String(10))
    act: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    detail: Mapped[str] = mapped_column(String(2000))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_audit_event_subject_id_at", "subject_id", "at"),
        Index("ix_audit_event_actor_id_at", "actor_id", "at"),
    )


class AuditTurn(Base):
    """An empty table, locked on PostgreSQL while numbers are given out, so that the chain has one end."""

    __tablename__ = "audit_turn"

    id: Mapped[int] = mapped_column(primary_key=True)


def _event(
    act: str, object_kind: str, object_id: UUID | None, subject: UUID | None, detail: dict[str, Any]
) -> dict[str, Any]:
    hub = current_hub()
    return {
        "id": new_id(),
        "at": hub.now(),
        "actor_id": hub.actor,
        "door": hub.door,
        "act": act,
        "object_kind": object_kind,
        "object_id": object_id,
        "subject_id": subject,
        "detail": json.dumps(detail, sort_keys=True, default=str),
    }


def record(
    act: str, *, object_kind: str, object_id: UUID | None, subject: UUID | None = None, **detail: object
) -> None:
    """Note *act* (such as "voice.answered") in the commit under way. *detail* holds ids, states and numbers only."""
    current_hub().noted.append(_event(act, object_kind, object_id, subject, detail))


def record_in(
    own: HubSession,
    act: str,
    *,
    object_kind: str,
    object_id: UUID | None,
    subject: UUID | None = None,
    **detail: object,
) -> None:
    """Note *act* in the commit of *own*, a transaction beside the request's."""
    own.noted.append(_event(act, object_kind, object_id, subject, detail))


def read(
    act: str, *, object_kind: str, object_id: UUID | None, subject: UUID | None = None, **detail: object
) -> None:
    """Note that something was read, in a transaction of its own, before the page is made."""
    with aside() as own:
        own.noted.append(_event(act, object_kind, object_id, subject, detail))


def _hash(key: bytes, previous: str, number: int, row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    parts = [previous, number, at.astimezone(UTC).isoformat(timespec="microseconds")]
    parts += [
        None if row[k] is None else str(row[k]) for k in ("id", "actor_id", "door", "act", "object_kind")
    ]
    parts += [None if row[k] is None else str(row[k]) for k in ("object_id", "subject_id", "detail")]
    return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def _append(connection: Connection, noted: list[dict[str, Any]]) -> None:
    """Give what was noted its numbers and hashes, in the last step before the commit."""
    if not noted:
        return
    if connection.dialect.name == "postgresql":
        if not connection.in_transaction():
            connection.begin()  # it sets who acts; begun only by the look below, it would undo the setting here
        # The chain goes on from the last event, whosever it is. This is the last step of the transaction.
        dbapi: Any = connection.connection.driver_connection
        dbapi.execute("LOCK TABLE audit_turn IN EXCLUSIVE MODE; SET LOCAL rowan.door = 'step'", prepare=False)
    last = connection.execute(_LAST).first()
    number, previous = (last.number, last.hash) if last else (0, BEGINNING)
    key = crypto.ring().hub_key("audit")
    for row in noted:
        number += 1
        previous = _hash(key, previous, number, row)
        row |= {"number": number, "hash": previous}
    connection.execute(_INSERT, noted)
    noted.clear()


# On the table and the connection: this is in every commit, and the session's own way took twice as long.
_INSERT = insert(cast("Table", AuditEvent.__table__))
_LAST = select(AuditEvent.number, AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)
last_steps.append(_append)


def checkpoint() -> tuple[int, str]:
    """Note beside the keys how far the chain has come; the number and hash that are noted there now.

    Where the event noted before is gone, or is another one, the note stays: moved on, it would hide for ever what
    `verify` finds.
    """
    noted, noted_hash = _marked()
    if noted and session.scalar(select(AuditEvent.hash).where(AuditEvent.number == noted)) != noted_hash:
        return noted, noted_hash
    last = session.execute(_LAST).first()
    number, head = (last.number, last.hash) if last else (0, BEGINNING)
    crypto.ring().set_mark("audit", f"{number}:{head}")
    return number, head


def begin_again(made_at: str, let_nobody_in: int) -> None:
    """Note in the trail that it was put back from a backup of *made_at*, and how far it had come; verify goes by that.

    And how many sign-ins and invitations the backup held, which are over.
    """
    reached, _ = _marked()
    record(
        "hub.restored", object_kind="hub", object_id=None, made_at=made_at, had_reached=reached,
        let_nobody_in=let_nobody_in,
    )  # fmt: skip


def note_the_end() -> None:
    """Note beside the keys how far the chain that was put back has come, whatever was noted before."""
    last = session.execute(_LAST).first()
    number, head = (last.number, last.hash) if last else (0, BEGINNING)
    crypto.ring().set_mark("audit", f"{number}:{head}")


def verify(connection: Connection, *, put_back: int | None = None) -> int:
    """Follow the whole chain; how many events it holds. Raises `Tampered` with the first number that is wrong.

    Of a backup that was put back with so many events the trail ends earlier than was noted beside the keys; where the
    restore was stopped, it goes on otherwise than it once did.
    """
    key = crypto.ring().hub_key("audit")
    marked_number, marked_hash = _marked()
    number, previous = 0, BEGINNING
    rows = connection.execution_options(yield_per=1000).execute(
        select(AuditEvent.__table__).order_by(AuditEvent.number)
    )
    for row in rows.mappings():
        number += 1
        if row["number"] != number:
            raise Tampered(f"Event {number} is gone.")
        if not hmac.compare_digest(row["hash"], previous := _hash(key, previous, number, dict(row))):
            raise Tampered(f"Event {number} is not as it was written.")
        as_noted = number != marked_number or row["hash"] == marked_hash
        if not as_noted and (put_back is None or number <= put_back):
            raise Tampered(f"Event {number} is not the one that was noted beside the keys.")
    if number < marked_number and put_back is None:
        raise Tampered(f"The trail ends at event {number}; it had reached {marked_number}.")
    return number


def _marked() -> tuple[int, str]:
    noted = crypto.ring().mark("audit") or f"0:{BEGINNING}"
    number, _, head = noted.partition(":")
    return int(number), head
