"""Break-glass: somebody reads a young person whom they do not hold, for a day, and says why.

It opens only what can be read, and nothing in a request that may write. Two people are told at once, a manager looks
at it on the next working day, and the young person sees that it happened.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.config import LONDON, current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

LASTS = timedelta(hours=24)
LEAST_TOLD = 2


class TooFewToTell(Exception):
    """There are not two people who could be told of it, so it does not open."""


class NotTheirOwn(Exception):
    """Nobody looks over what they have opened themselves."""


class BreakGlass(Row):
    """Somebody of the staff opened somebody else's young person, from `created_at` until a day later."""

    __tablename__ = "break_glass"
    __subject__ = "child_id"

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(EncryptedText)
    ends_at: Mapped[datetime]
    review_due_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    fitting: Mapped[bool | None]  # what the manager found: it was right to open it
    review: Mapped[str | None] = mapped_column(EncryptedText)
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @classmethod
    def begin(
        cls, worker_id: UUID, child_id: UUID, reason: str, *, told: list[UUID], managers: list[UUID],
        key: UUID | None = None,
    ) -> BreakGlass:  # fmt: skip
        """Open *child_id* to *worker_id* for a day; the same form sent twice, or one that runs, opens it once.

        Raises `TooFewToTell`.
        """
        if (running := opened_now(worker_id, child_id, key)) is not None:
            return running
        if len(set(told)) < LEAST_TOLD:
            raise TooFewToTell
        now = current_hub().now()
        made = cls(
            worker_id=worker_id, child_id=child_id, reason=reason, ends_at=now + LASTS,
            review_due_at=next_opening(now), form_key=key,
        )  # fmt: skip
        session.add(made)
        session.flush()
        audit.record(
            "break_glass.opened", object_kind="break-glass", object_id=made.id, subject=child_id,
            told=len(told), ends_at=made.ends_at,
        )  # fmt: skip
        for person_id in told:
            outbox.put(
                "break_glass.opened",
                object_id=made.id,
                recipient=person_id,
                key=f"glass:{made.id}:{person_id}",
            )
        for person_id in managers:
            outbox.put(
                "break_glass.review", object_id=_review_of(made.id), recipient=person_id,
                key=f"glass review:{made.id}:{person_id}", due_at=made.review_due_at,
            )  # fmt: skip
        return made

    def look_over(self, by: UUID, words: str, *, fitting: bool) -> None:
        """*by*, a manager, says whether it was right; said twice, the first time counts. Raises `NotTheirOwn`."""
        if by == self.worker_id:
            raise NotTheirOwn
        if self.reviewed_at is not None:
            return
        now = current_hub().now()
        self.reviewed_at, self.reviewed_by_id, self.review, self.fitting = now, by, words, fitting
        if not fitting:
            self.ends_at = min(self.ends_at, now)
        outbox.withdraw(_review_of(self.id))
        audit.record(
            "break_glass.reviewed", object_kind="break-glass", object_id=self.id, subject=self.child_id,
            fitting=fitting,
        )  # fmt: skip


def _review_of(glass_id: UUID) -> UUID:
    """What the messages about the review are about: who was told of the opening itself still hears of that."""
    return uuid5(glass_id, "review")


def opened_now(worker_id: UUID, child_id: UUID, key: UUID | None = None) -> BreakGlass | None:
    """What *worker_id* has opened of *child_id*, by this form or still running; or None."""
    found = session.scalar(select(BreakGlass).where(BreakGlass.form_key == key)) if key else None
    if found is not None and (found.worker_id, found.child_id) == (worker_id, child_id):
        return found
    running = select(BreakGlass).where(BreakGlass.worker_id == worker_id, BreakGlass.child_id == child_id)
    return session.scalar(running.where(BreakGlass.ends_at > current_hub().now()).limit(1))


def opened_by(worker_id: UUID) -> Select[UUID]:
    """The ids of the young people whom *worker_id* has opened and may read now."""
    now = current_hub().now()
    return select(BreakGlass.child_id).where(BreakGlass.worker_id == worker_id, BreakGlass.ends_at > now)


def next_opening(after: datetime) -> datetime:
    """When the hub opens on the next working day after that instant (UTC)."""
    day: date = after.astimezone(LONDON).date()
    for _ in range(30):
        day += timedelta(days=1)
        if (office := current_hub().file.office_day(day)) is not None:
            return office.opens
    return after + timedelta(days=1)
