"""The steps that an alert has taken on its ladder, as rows: which rung, when it was due, who was told.

A row per person and rung, with a message of the same key: a worker that dies, or two that run at once, tell nobody
twice and forget nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import outbox
from portal.accounts.rota import covered_at
from portal.alerts.flags import AT_ONCE, Flag
from portal.alerts.ladder import NIGHT, OFFICE, WAKES, next_opening, next_step, office_open
from portal.config import HubFile
from portal.db import Row, session

if TYPE_CHECKING:
    from portal.alerts.models import Alert


class AlertStep(Row):
    """Somebody was to be told of an alert on one rung of its ladder; or nobody was there to be told."""

    __tablename__ = "alert_step"

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alert.id"))
    child_id: Mapped[UUID]
    ladder: Mapped[int] = mapped_column(Integer)  # how often it had begun anew
    rung: Mapped[int] = mapped_column(Integer)
    hours: Mapped[str] = mapped_column(String(15))  # office hours, or night
    due_at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(String(120), unique=True)

    __table_args__ = (Index("ix_alert_step_alert_id_ladder", "alert_id", "ladder"),)


@dataclass(frozen=True)
class Beginning:
    """How an alert begins: in which column, from when its ladder counts, when its next rung is due."""

    hours: str
    since: datetime
    queued: bool  # nobody is there: it waits for the opening
    opens_at: datetime | None  # at night with somebody on duty: when the day's people come

    def values(self, flag: Flag, due_at: datetime) -> dict[str, object]:
        """What the alert's row says of it."""
        return {
            "ladder": 0, "rung": 1, "climbs_from": self.since, "queued": self.queued,
            "next_step_at": next_step(1, self.since, due_at, flag.within, self.opens_at),
            "bar_from": self.since if self.queued and flag.within in WAKES else None,
        }  # fmt: skip


def beginning(flag: Flag, file: HubFile, now: datetime) -> Beginning:
    """How an alert that is raised or opened again *now* begins."""
    hours, opening = hours_now(flag, file, now), next_opening(file, now)
    if hours is None:
        return Beginning(OFFICE, opening, queued=True, opens_at=None)
    return Beginning(hours, now, queued=False, opens_at=opening if hours == NIGHT else None)


def hours_now(flag: Flag, file: HubFile, now: datetime) -> str | None:
    """In which column of the ladder an alert stands *now*; None: in none, so that it waits for the opening."""
    if office_open(file, now):
        return OFFICE
    return NIGHT if flag.within in WAKES and covered_at(now) else None


def tell(alert: Alert, people: Iterable[UUID], rung: int, hours: str, at: datetime) -> None:
    """Put down who is told on this rung and have a message leave for each, at *at*."""
    told: list[UUID | None] = [*people]
    # Alerting again asks for a look now, however much time its rule left at first.
    kind = f"alert {alert.flag.within if rung == 0 else AT_ONCE}"
    for person_id in told or [None]:
        key = f"alert:{alert.id}:{alert.ladder}:{rung}:{'nobody' if person_id is None else person_id}"
        session.add(AlertStep(
            alert_id=alert.id, child_id=alert.child_id, ladder=alert.ladder, rung=rung, hours=hours, due_at=at,
            person_id=person_id, key=key,
        ))  # fmt: skip
        if person_id is not None:
            outbox.put(kind, object_id=alert.id, recipient=person_id, key=key, due_at=at)


def told_on(alert: Alert) -> set[UUID]:
    """Whoever was told since its ladder last began."""
    same = (AlertStep.alert_id == alert.id) & (AlertStep.ladder == alert.ladder)
    found = session.scalars(select(AlertStep.person_id).where(same, AlertStep.person_id.is_not(None)))
    return {one for one in found if one is not None}
