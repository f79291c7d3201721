"""A voice's way as one list: its steps, what was wished for it, who got it; what of that a phone may show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from portal.config import LONDON
from portal.db import session
from portal.trail.beside import steps_of
from portal.trail.models import Voice
from portal.trail.shares import POLICE, TrailShare, TrailWish

# What no phone shows of a way: why nothing could be sent to that phone, and what was kept off it.
_NEVER_ON_A_PHONE = frozenset({"no safe answer", "taken back", "in person only", "on a phone again"})


@dataclass(frozen=True)
class WayLine:
    """One thing that happened to something that was said."""

    at: datetime
    kind: str  # of a step; or "wished", "asked", "shared"
    by_id: UUID
    whom: str = ""
    wish: str = ""
    must: str = ""  # which of the three things
    words: str = ""
    told: bool = True  # the young person knows of it
    on_phone: bool = True

    @property
    def on(self) -> date:
        """The day on which it was, in Europe/London."""
        return self.at.astimezone(LONDON).date()


def way_of(voice: Voice) -> list[WayLine]:
    """Everything that happened to it, the first first. Three statements."""
    return ways_of([voice.id])[voice.id]


def ways_of(voice_ids: Sequence[UUID]) -> dict[UUID, list[WayLine]]:
    """The ways of several voices, in the same three statements."""
    lines: dict[UUID, list[WayLine]] = {voice_id: [] for voice_id in voice_ids}
    for step in steps_of(voice_ids):
        on_phone = step.kind not in _NEVER_ON_A_PHONE
        lines[step.voice_id].append(WayLine(step.at, step.kind, step.by_id, on_phone=on_phone))
    for wished in session.scalars(select(TrailWish).where(TrailWish.voice_id.in_(voice_ids))):
        lines[wished.voice_id] += _of_wish(wished)
    for shared in session.scalars(select(TrailShare).where(TrailShare.voice_id.in_(voice_ids))):
        lines[shared.voice_id].append(_of_share(shared))
    return {voice_id: sorted(way, key=lambda line: line.at) for voice_id, way in lines.items()}


def on_a_phone(lines: list[WayLine]) -> list[WayLine]:
    """What of them a phone that was called private may show, and paper: nothing that is told in person only."""
    return [line for line in lines if line.on_phone]


def _of_wish(row: TrailWish) -> list[WayLine]:
    on_phone = row.whom != POLICE
    found = []
    if row.asked_at is not None and row.asked_by_id is not None:
        found.append(WayLine(row.asked_at, "asked", row.asked_by_id, row.whom, on_phone=on_phone))
    if row.said_at is not None and row.put_in_by_id is not None:
        wish = row.wish or ""
        found.append(WayLine(row.said_at, "wished", row.put_in_by_id, row.whom, wish, on_phone=on_phone))
    return found


def _of_share(row: TrailShare) -> WayLine:
    told = row.told_child_at is not None
    return WayLine(row.shared_at, "shared", row.by_id, row.whom, must=row.must or "", words=row.reason,
                   told=told, on_phone=not row.in_person_only)  # fmt: skip
