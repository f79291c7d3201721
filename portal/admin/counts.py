"""Counts without a person: what a published figure needs of a time missing stays when everything about it goes.

The count is written in the very commit in which the rows go, so what is here and what was counted of what has gone are
together always the same: corrected until its last day, an episode is counted as it then stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import LONDON
from portal.db import Base, insert_into, session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.episodes.words import DECLINED, FORM_ONLY, HELD

EPISODES, CHILDREN, OFFERED, INTERVIEWED, IN_TIME = "episodes", "children", "offered", "held", "in time"
FIGURES = (EPISODES, CHILDREN, OFFERED, INTERVIEWED, IN_TIME)


class KeptCount(Base):
    """How many of one figure have gone, in one month or (children) one year from April, of those who lived so."""

    __tablename__ = "kept_count"

    figure: Mapped[str] = mapped_column(String(30), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True)
class Year:
    """The figures of one year from April."""

    episodes: int
    children: int
    offered: int
    held: int
    in_time: int


def year_of(at: datetime) -> int:
    """The year, from April to March in London, by the calendar year in which it begins."""
    day = at.astimezone(LONDON)
    return day.year if day.month >= 4 else day.year - 1


def keep(episode_ids: Collection[UUID]) -> None:
    """Count these episodes, which go in the commit under way; not those that went in another's meanwhile."""
    here = session.scalars(select(Episode.id).where(Episode.id.in_(episode_ids)).with_for_update()).all()
    rows = _told(Episode.id.in_(here))
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        month, living = f"{row.missing_at.astimezone(LONDON):%Y-%m}", row.living or ""
        for figure in _figures(row):
            counts[figure, month, living] += 1
    for child_id in {row.child_id for row in rows}:
        stays = {
            year_of(row.missing_at)
            for row in _told((Episode.child_id == child_id) & Episode.id.not_in(episode_ids))
        }
        for year in {year_of(row.missing_at) for row in rows if row.child_id == child_id} - stays:
            counts[CHILDREN, str(year), ""] += 1
    for (figure, period, part), number in sorted(counts.items()):
        insert = insert_into(KeptCount).values(figure=figure, period=period, part=part, number=number)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["figure", "period", "part"],
                set_={"number": KeptCount.number + insert.excluded.number},
            )
        )


def _told(condition: Any) -> list[Any]:
    return list(session.execute(
        select(Episode.child_id, Episode.missing_at, Episode.living, InterviewTask.state, InterviewTask.held_at,
               InterviewTask.due_at)
        .outerjoin(InterviewTask, InterviewTask.id == Episode.task_id)
        .where(condition)
    ))  # fmt: skip


def _figures(row: Any) -> list[str]:
    found = [EPISODES]
    if row.state in (HELD, FORM_ONLY, DECLINED):
        found.append(OFFERED)
    if row.state == HELD:
        found.append(INTERVIEWED)
        if row.held_at is not None and row.held_at <= row.due_at:
            found.append(IN_TIME)
    return found


def figures(year: int) -> Year:
    """The figures of the year that begins in April *year*: what is here, and what was kept of what has gone."""
    first, end = (datetime(one, 4, 1, tzinfo=LONDON) for one in (year, year + 1))
    here = _told((Episode.missing_at >= first) & (Episode.missing_at < end))
    counts = Counter(figure for row in here for figure in _figures(row))
    counts[CHILDREN] = len({row.child_id for row in here})
    months = [f"{year + (month > 12)}-{(month - 1) % 12 + 1:02}" for month in range(4, 16)]
    gone = session.execute(
        select(KeptCount.figure, func.sum(KeptCount.number))
        .where(KeptCount.period.in_([*months, str(year)]))
        .group_by(KeptCount.figure)
    )
    for figure, number in gone:
        counts[figure] += int(number)
    return Year(*(counts[figure] for figure in FIGURES))
