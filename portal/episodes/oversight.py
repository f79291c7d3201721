"""What a coordinator looks at, and what a team does: the clocks of every team, how returns are counted, and one's own
organisation's returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import case, func, select

from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Organisation, Person
from portal.config import current_hub
from portal.db import session
from portal.episodes import counting
from portal.episodes.due_list import due_lines
from portal.episodes.imports import how_many_wait
from portal.episodes.models import InterviewTask
from portal.episodes.one_return import my_team
from portal.episodes.room import bp
from portal.episodes.words import (
    CARE_PROVIDER,
    COUNTING_RULE,
    DUTY_TEAM,
    FORM_ONLY,
    HOME_TEAM,
    PLACING_AUTHORITY,
    PROPOSED,
    team_called,
)
from portal.web import render

COUNTED_OVER = timedelta(days=28)
SOON = timedelta(hours=24)
_TEAMS = (HOME_TEAM, CARE_PROVIDER, DUTY_TEAM, PLACING_AUTHORITY)


@dataclass(frozen=True)
class TeamClock:
    """How the conversations of one team stand: how many wait, and of these how many need somebody."""

    team: str
    waiting: int = 0
    late: int = 0
    soon: int = 0
    nobody: int = 0
    form_only: int = 0


@bp.get("/returns/clocks")
@allow(STAFF, Can.SEE_CLOCKS)
def clocks() -> ResponseReturnValue:
    """The clocks of every team, and below them each return that needs somebody, by the time it is due."""
    now, tasks = current_hub().now(), InterviewTask.__table__.c
    needs = (tasks.due_at <= now) | (tasks.state == PROPOSED) | _asks(tasks)
    ours = InterviewTask.left() & (tasks.team != PLACING_AUTHORITY)
    lines, after = due_lines(ours & needs, request.args.get("after", ""))
    return render(
        "episodes/clocks.html", fragment="rows", lines=lines, after=after, teams=_teams(now), waiting=how_many_wait(),
    )  # fmt: skip


@bp.get("/returns/counted")
@allow(STAFF, Can.SEE_CLOCKS)
def counted() -> ResponseReturnValue:
    """How many returns there were lately, and how many were offered and held: apart from what is looked at all day."""
    return render(
        "episodes/counted.html", counted=counting.counted(current_hub().now() - COUNTED_OVER),
        weeks=COUNTED_OVER.days // 7, COUNTING_RULE=COUNTING_RULE,
    )  # fmt: skip


def _asks(tasks: Any) -> Any:
    """The young person asked for somebody who has not got it."""
    given_to_another = tasks.asked_for_id.is_(None) | tasks.asked_for_id.is_distinct_from(tasks.taker_id)
    return tasks.asked_at.is_not(None) & given_to_another


def _teams(now: datetime) -> list[TeamClock]:
    tasks = InterviewTask.__table__.c

    def those(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = session.execute(
        select(
            tasks.team, func.count(), those(tasks.due_at <= now),
            those((tasks.due_at > now) & (tasks.due_at <= now + SOON)), those(tasks.state == PROPOSED),
            those(tasks.state == FORM_ONLY),
        )
        .where(InterviewTask.left())
        .group_by(tasks.team)
    ).all()  # fmt: skip
    found = {team: TeamClock(team_called(team), *numbers) for team, *numbers in rows}
    return [found.get(team, TeamClock(team_called(team))) for team in _TEAMS]


@bp.get("/returns/team")
@allow(STAFF, Can.SEE_TEAM_RETURNS)
def team() -> ResponseReturnValue:
    """The returns of one's own organisation: how many there are and whose; others' young people by their initials.

    Of those nothing is said that hangs on what the young person did: neither a form nor a "no" moves their line.
    """
    organisation = session.get(Organisation, me().organisation_id) if me().organisation_id else None
    tasks = InterviewTask.__table__.c
    colleagues = select(Person.id).where(Person.organisation_id == me().organisation_id)
    theirs = tasks.taker_id.in_(colleagues) | (tasks.taker_id.is_(None) & (tasks.team == my_team()))
    shown = InterviewTask.shown_to_team() & (tasks.due_at > current_hub().now() - COUNTED_OVER)
    lines, after = due_lines(
        theirs & shown & (tasks.team != PLACING_AUTHORITY), request.args.get("after", "")
    )
    return render(
        "episodes/team.html", fragment="rows", lines=lines if organisation else [], after=after, organisation=organisation,
    )  # fmt: skip
