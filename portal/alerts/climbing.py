"""Alerting again, rung by rung, until a named person says "I have it"; and opening again what came to no outcome.

A chore of the worker process. What is due stands in the alert's own row, so that a worker that was away goes on
where the ladder stands by the clock, and two that run at once climb no rung twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select

from portal import audit, outbox
from portal.accounts.rota import covered_at
from portal.alerts.book import OPENED_AGAIN, AlertEntry
from portal.alerts.flags import every_flag
from portal.alerts.ladder import (
    LADDER,
    LAST,
    NIGHT,
    OFFICE,
    WAKES,
    highest_due,
    next_opening,
    next_step,
    office_open,
    planned,
)
from portal.alerts.models import CLOSED, HELD, OPEN, Alert
from portal.alerts.steps import hours_now, tell, told_on
from portal.alerts.whom import kept_from, on_rung
from portal.config import Hub, current_hub
from portal.db import reading, session, step

MOST_AT_ONCE = 50
EVERY = timedelta(seconds=10)


def climb_what_is_due(hub: Hub) -> int:
    """Climb every ladder whose next rung is due, and open again what has no outcome; how many alerts moved."""
    moved = 0
    while _something_is_due(Hub(hub.file, clock=hub.clock)):
        with step(Hub(hub.file, clock=hub.clock)):
            found = session.scalars(_due().limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
            for alert in found:
                open_again(alert) if alert.state == HELD else climb(alert)
        if not found:  # another worker has them
            break
        moved += len(found)
    return moved


def _something_is_due(hub: Hub) -> bool:
    """Asked first, as a writer keeps others waiting."""
    with hub.entered(), reading() as look:
        try:
            return look.scalar(_due().with_only_columns(Alert.id).limit(1)) is not None
        finally:
            session.remove()


def _due() -> Select[Alert]:
    """The alerts whose next step is due; and those that wait for the opening, once somebody is on duty before it."""
    now, file = current_hub().now(), current_hub().file
    is_due = Alert.next_step_at <= now
    if not office_open(file, now) and covered_at(now):
        waking = [flag.rule for flag in every_flag(file) if flag.within in WAKES]
        is_due = or_(
            is_due, Alert.queued & (Alert.state == OPEN) & (Alert.climbs_from > now) & Alert.rule.in_(waking)
        )
    return select(Alert).where(Alert.state != CLOSED, is_due).order_by(Alert.next_step_at, Alert.id)


def climb(alert: Alert, *, anyway: bool = False) -> None:
    """Alert again: the rung whose time has come, and whoever of the lower ones has not heard of it yet.

    Where the next rung's time has not come, the opening has: those lower ones alone, or that rung too if *anyway*.
    """
    now, file = current_hub().now(), current_hub().file
    hours = hours_now(alert.flag, file, now)
    kept = kept_from(alert.id, alert.child_id, alert.kept_from_id)
    if hours is None:
        _wait_for_opening(alert, next_opening(file, now), kept)
        return
    if alert.queued and hours == NIGHT:  # somebody came on duty before the opening
        outbox.withdraw(alert.id)  # the new ladder tells those of the day, too, and nobody is told twice
        _begin_anew(alert, now, rung=0)
    alert.queued = False
    if anyway or planned(alert.rung, *_counts(alert)) <= now:
        _climb_to(highest_due(alert.rung, *_counts(alert), now), alert, hours, kept)
    else:
        _tell_below(alert, hours, kept)
    opens_at = next_opening(file, now) if hours == NIGHT else None
    alert.next_step_at = next_step(alert.rung, *_counts(alert), opens_at)


def _counts(alert: Alert) -> tuple[datetime, datetime, str]:
    """What the times of its rungs count from: when its ladder began, when it is due, what its rule leaves."""
    return alert.climbs_from or alert.raised_at, alert.due_at, alert.flag.within


def _climb_to(rung: int, alert: Alert, hours: str, kept: set[UUID]) -> None:
    now = current_hub().now()
    people = on_rung(rung, hours, alert.flag, alert.child_id, kept)
    people += _not_heard(alert, min(rung, LAST), hours, kept, besides=people)
    tell(alert, people, rung, hours, now)
    alert.rung = rung + 1
    if rung >= LAST:
        alert.bar_from = alert.bar_from or now
    _note(alert, "alert.climbed", rung=rung, hours=hours, told=len(people))


def _tell_below(alert: Alert, hours: str, kept: set[UUID]) -> None:
    """The office has opened before the next rung's time: those of the day on the rungs behind it hear of it, once."""
    people = _not_heard(alert, min(alert.rung, LAST + 1), hours, kept)
    if people:
        tell(alert, people, alert.rung - 1, hours, current_hub().now())
    _note(alert, "alert.told_at_opening", hours=hours, told=len(people))


def _not_heard(
    alert: Alert, below: int, hours: str, kept: set[UUID], besides: Iterable[UUID] = ()
) -> list[UUID]:
    """Who stands on the rungs *below* and has not heard of it since its ladder began."""
    heard, people = {*told_on(alert), *besides}, list[UUID]()
    for rung in range(below):
        found = [one for one in on_rung(rung, hours, alert.flag, alert.child_id, kept) if one not in heard]
        people += found
        heard.update(found)
    return people


def open_again(alert: Alert) -> None:
    """Nobody has written down what came of it: it is open, its ladder begins anew, and the next are told."""
    now = current_hub().now()
    session.add(AlertEntry(
        alert_id=alert.id, child_id=alert.child_id, kind=OPENED_AGAIN, at=now, by_id=None, to_id=alert.held_by_id,
    ))  # fmt: skip
    _note(alert, "alert.opened_again", held_by=str(alert.held_by_id))
    alert.state, alert.held_by_id, alert.held_at = OPEN, None, None
    _begin_anew(alert, now - timedelta(minutes=LADDER[1].minutes), rung=1)
    climb(alert, anyway=True)


def _begin_anew(alert: Alert, since: datetime, rung: int) -> None:
    alert.ladder += 1
    alert.rung, alert.climbs_from, alert.queued = rung, since, False


def _wait_for_opening(alert: Alert, opening: datetime, kept: set[UUID]) -> None:
    """The office is closed and nobody is on duty: it climbs from the opening as in office hours."""
    _begin_anew(alert, opening, rung=1)
    people = on_rung(0, OFFICE, alert.flag, alert.child_id, kept)
    tell(alert, people, 0, OFFICE, opening)
    alert.queued = True
    alert.next_step_at = planned(1, opening, alert.due_at, alert.flag.within)
    if alert.flag.within in WAKES or alert.due_at <= current_hub().now():
        alert.bar_from = opening
    _note(alert, "alert.waits_for_opening", told=len(people))


def _note(alert: Alert, act: str, **detail: object) -> None:
    audit.record(act, object_kind="alert", object_id=alert.id, subject=alert.child_id, **detail)
