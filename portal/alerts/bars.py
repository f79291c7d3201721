"""The bars on every staff page: an alert waits that nobody has, from the last rung on or since the opening; and below
it that messages do not leave. Both are asked for in one statement, which every page of the staff costs.
"""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy import exists, func, or_, select, true

from portal.access import EVERYBODY, Can, me
from portal.accounts.pauses import Pause
from portal.alerts.flags import ABOUT_A_WORKER
from portal.alerts.models import OPEN, Alert
from portal.config import current_hub
from portal.db import beyond_the_wall
from portal.notify.bars import Bar, bar_of, waited
from portal.notify.models import how_it_stands_and


def bars() -> dict[str, list[Bar]]:
    """What the frame of a staff page is to show of alerts that nobody has taken, and of messages; no name, no rule."""
    now, who = current_hub().now(), me()
    about = Alert.rule == ABOUT_A_WORKER
    # What may be about somebody of the staff is the managers' alone, but for whom it may be about.
    kept = or_(
        Alert.kept_from_id == who.id, exists().where(Pause.alert_id == Alert.id, Pause.staff_id == who.id)
    )
    theirs = true() if who.can(Can.SEE_ALERTS_ABOUT_STAFF) else ~about
    # "Is not null" is what leads SQLite to the small index of the few that have one, also for the first of them.
    barred = (Alert.bar_from.is_not(None), Alert.bar_from <= now)
    waits = (*barred, Alert.state == OPEN, theirs, func.coalesce(~kept, true()))
    count, oldest = (
        select(asked).where(*waits) for asked in (func.count(Alert.id), func.min(Alert.raised_at))
    )
    with beyond_the_wall():  # that one waits is everybody's business; of whom it is stands nowhere here
        stands, found = how_it_stands_and(count.scalar_subquery(), oldest.scalar_subquery())
    return {"bars": _bar_of(*found) + bar_of(stands)}


def _bar_of(count: int, oldest: datetime | None) -> list[Bar]:
    if oldest is None:
        return []
    since = waited((current_hub().now() - oldest).total_seconds())
    words = (
        f"An alert has waited {since} and nobody has it."
        if count == 1
        else f"{count} alerts wait and nobody has them, the first for {since}."
    )
    if me().reach(Can.SEE_ALERTS) >= EVERYBODY:
        return [(words, url_for("alerts.waiting"), "Look at the alerts")]
    duty = current_hub().file.numbers.duty_team
    return [(f"{words} Tell the duty team: {duty.number}.", "", "")]
