"""A voice's way as one list: its steps, what was wished for it, who got it; what of that a phone may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.trail.models import Voice
from portal.trail.shares import POLICE, TrailShare, TrailWish, said_wishes, shares_of

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


def way_of(voice: Voice) -> list[WayLine]:
    """Everything that happened to it, the first first. Three statements."""
    lines = [
        WayLine(step.at, step.kind, step.by_id, on_phone=step.kind not in _NEVER_ON_A_PHONE)
        for step in voice.steps()
    ]
    lines += [line for row in said_wishes(voice.id) for line in _of_wish(row)]
    lines += [_of_share(row) for row in shares_of(voice.id)]
    return sorted(lines, key=lambda line: line.at)


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
