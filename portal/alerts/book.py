"""An alert's own book: to whom it was handed over and why, how it ended before, why it was opened again. Only added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.staff_names import names_of
from portal.crypto import EncryptedText
from portal.db import Row, session

HANDED_OVER, ENDED, REOPENED, OPENED_AGAIN = "handed over", "ended", "reopened", "opened again"
SHARED = "shared"  # with the daily meeting, and why


class AlertEntry(Row):
    """One line of an alert's book; its words lie under the key of the young person."""

    __tablename__ = "alert_entry"
    __subject__ = "child_id"

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alert.id"), index=True)
    child_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(15))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]  # None: nobody did, the time was over
    to_id: Mapped[UUID | None]
    words: Mapped[str | None] = mapped_column(EncryptedText)
    form_key: Mapped[UUID | None] = mapped_column(unique=True)


@dataclass(frozen=True)
class Entry:
    """One line with the names that belong to it."""

    kind: str
    at: datetime
    by: str
    to: str
    words: str


def book_of(alert_id: UUID) -> list[Entry]:
    """What happened to an alert besides who has it now, the first first."""
    found = select(AlertEntry).where(AlertEntry.alert_id == alert_id)
    rows: Sequence[AlertEntry] = session.scalars(found.order_by(AlertEntry.created_at, AlertEntry.at)).all()
    names = names_of({one for row in rows for one in (row.by_id, row.to_id) if one})
    return [
        Entry(row.kind, row.at, names.get(row.by_id, "") if row.by_id else "",
              names.get(row.to_id, "") if row.to_id else "", row.words or "")
        for row in rows
    ]  # fmt: skip


def written_before(form_key: UUID | None) -> bool:
    """Whether this form was sent already."""
    if form_key is None:
        return False
    return session.scalar(select(AlertEntry.id).where(AlertEntry.form_key == form_key)) is not None
