"""The figures of the demonstration year: what is published, what is invented to fit it, and what this hub counts.

What a hub's case system sends as counts is not held per child here; it lies in a file as such a system sends it,
for the rooms that will read it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, select

from portal.db import session
from portal.demonstration.year import WHOLE
from portal.episodes.episode import Episode
from portal.episodes.living import HOME, OUR_CHILD
from portal.episodes.models import InterviewTask
from portal.episodes.words import DECLINED, FORM_ONLY, HELD

CASE_SYSTEM = Path(__file__).parent / "case_system_2021_22.csv"
PUBLISHED, FITTED = "published", "fitted"


@dataclass(frozen=True)
class Figure:
    """One figure: what it counts, how many of how many, where it is from, and how many this hub holds."""

    what: str
    count: int
    of: int | None
    source: str
    here: int | None = None

    @property
    def percent(self) -> str:
        """The share, as whole percent."""
        return f"{100 * self.count / self.of:.0f} %" if self.of else ""


def of_the_returns() -> list[Figure]:
    """The year's returns, each figure beside what is counted in this hub now."""
    ends, here = WHOLE.ends, session.execute(_counted()).one()
    held = sum(end.held for end in ends.values())
    home, care = ends[HOME], ends[OUR_CHILD]
    offered = sum(end.offered for end in ends.values())
    return [
        Figure("Times missing", WHOLE.episodes, None, PUBLISHED, here.episodes),
        Figure("Children", WHOLE.children, None, PUBLISHED, here.children),
        Figure("Return interviews held", held, WHOLE.episodes, PUBLISHED, here.held),
        Figure("Returns for which one was offered", offered, WHOLE.episodes, FITTED, here.offered),
        Figure("Held within 72 hours, of those at home", home.in_time, home.held, FITTED, here.home),
        Figure("Held within 72 hours, of our children", care.in_time, care.held, FITTED, here.care),
    ]


def _counted() -> Select[*tuple[Any, ...]]:
    """The same, in one statement over the year's episodes and their interviews."""
    first, end = WHOLE.bounds
    held = InterviewTask.state == HELD
    in_time = held & (InterviewTask.held_at <= InterviewTask.due_at)

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            func.count().label("episodes"),
            func.count(distinct(Episode.child_id)).label("children"),
            how_many(held).label("held"),
            how_many(InterviewTask.state.in_((HELD, FORM_ONLY, DECLINED))).label("offered"),
            how_many(in_time & (Episode.living == HOME)).label("home"),
            how_many(in_time & (Episode.living == OUR_CHILD)).label("care"),
        )
        .select_from(Episode)
        .join(InterviewTask, InterviewTask.id == Episode.task_id)
        .where(Episode.missing_at >= first, Episode.missing_at < end)
    )


def of_the_case_system() -> list[tuple[str, list[Figure]]]:
    """What a case system sends as counts, by measure."""
    with CASE_SYSTEM.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        (measure, [
            Figure(row["group"], int(row["count"]), int(row["of"]) if row["of"] else None, row["source"])
            for row in group
        ])
        for measure, group in groupby(rows, key=lambda row: row["measure"])
    ]  # fmt: skip
