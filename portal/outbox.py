"""What has to leave: a row in the commit of the act that makes it necessary. `portal worker` sends it.

A row holds ids only: where to, and which words, are looked up when it leaves. No foreign key, so that the
outbox knows no room.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Integer, String, delete, text, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import current_hub
from portal.db import Row, session


class OutboxMessage(Row):
    """One message to one person that has to leave, and how far it got."""

    __tablename__ = "outbox_message"

    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID] = mapped_column(index=True)
    recipient_id: Mapped[UUID]
    link_id: Mapped[UUID | None]  # of a parent's or carer's: the link without which it may not leave
    key: Mapped[str] = mapped_column(String(120), unique=True)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    delivered_at: Mapped[datetime | None]  # since when a gateway has it, on whichever route was first
    also_by: Mapped[str | None] = mapped_column(String(10))  # the other route, which has not taken it yet
    refused: Mapped[str | None] = mapped_column(
        String(20)
    )  # routes whose gateway will never take it as it is

    __table_args__ = (
        Index(
            "ix_outbox_message_also",
            "due_at",
            sqlite_where=text("also_by IS NOT NULL"),
            postgresql_where=text("also_by IS NOT NULL"),
        ),
        Index(
            "ix_outbox_message_waiting",
            "due_at",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )


def put(
    kind: str, *, object_id: UUID, recipient: UUID, key: str, due_at: datetime | None = None,
    link: UUID | None = None,
) -> OutboxMessage:  # fmt: skip
    """Have a message of *kind* about *object_id* leave for *recipient*; *key* makes it leave only once.

    *link* is by what a parent or carer hears of it: it may not leave once that is over. An id, for a message names no
    young person beside whoever it goes to.
    """
    message = OutboxMessage(
        kind=kind,
        object_id=object_id,
        recipient_id=recipient,
        link_id=link,
        key=key,
        due_at=due_at or current_hub().now(),
        attempts=0,
    )
    session.add(message)
    return message


def withdraw(object_id: UUID) -> int:
    """Take back what has not left yet about *object_id*, because somebody has seen to it; how many messages."""
    return _take_back(OutboxMessage.object_id == object_id)


def withdraw_for(recipient: UUID) -> int:
    """Take back what has not left yet for *recipient*, whom nothing reaches any more; how many messages."""
    return _take_back(OutboxMessage.recipient_id == recipient)


def _take_back(which: ColumnElement[bool]) -> int:
    gone = session.execute(delete(OutboxMessage).where(which, OutboxMessage.delivered_at.is_(None)))
    # Nor does the other route go on with what has left by one.
    session.execute(
        update(OutboxMessage).where(which, OutboxMessage.also_by.is_not(None)).values(also_by=None)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def withdraw_by_links(links: Iterable[UUID]) -> None:
    """Take back what has not left yet and leaves only by these links of a parent or carer: they are over."""
    _take_back(OutboxMessage.link_id.in_([*links]))
