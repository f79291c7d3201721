"""What a young person is told about who knows: only what is true that second.

One function for every page, so that no page promises more: no cover at night, nobody "watching", nobody who
"has it" before a named person has pressed so, no message that "was sent" before a gateway took it. A message
that left is not a message that was read, and the words say so. That somebody is on duty at night is said only while
the rota has somebody, and only to whoever said what wakes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select

from portal import crypto
from portal.accounts.models import Person
from portal.accounts.rota import covered_at
from portal.alerts.flags import AT_ONCE, FLAGS, WITHIN_THE_HOUR, WORKER_AND_DUTY, every_flag
from portal.alerts.models import CLOSED, Alert
from portal.alerts.office import office_days
from portal.config import LONDON, HubFile, current_hub
from portal.db import session
from portal.help.numbers import CHILDLINE, EMERGENCY
from portal.i18n import _, at_time, on_day
from portal.notify.models import Waiting, how_it_stands
from portal.outbox import OutboxMessage

# The longest that a young person stays signed in: what was said before midnight is still true after it.
_A_SITTING = timedelta(hours=4)
_SAID_BY_ADULTS = tuple(flag.rule for flag in FLAGS.values() if flag.said_by != "young person")


def _wakes(file: HubFile) -> frozenset[str]:
    """What does not wait for the morning where somebody is on duty, and goes to whoever that is."""
    soon = (AT_ONCE, WITHIN_THE_HOUR)
    return frozenset(
        flag.rule for flag in every_flag(file) if flag.tells == WORKER_AND_DUTY and flag.within in soon
    )


@dataclass(frozen=True)
class Told:
    """One thing that needs a person: who has taken it, whether it is over, which messages about it left."""

    held_by: str | None = None
    over: bool = False
    left: int = 0
    not_left: int = 0
    wakes: bool = False  # whoever is on duty at night hears of it then


def what_is_true(child_id: UUID) -> list[str]:
    """What is true now of what a young person said in this sitting, in sentences of their language."""
    hub = current_hub()
    now, file = hub.now(), hub.file
    covered = not _is_open(file, now) and covered_at(now)
    return true_words(_told_today(child_id), how_it_stands(), now, file, covered=covered)


def true_words(
    told: Iterable[Told], stands: Waiting, now: datetime, file: HubFile, *, covered: bool = False
) -> list[str]:
    """The sentences for a state of things; pure, so that every state can be tried. *covered*: the rota of this
    second has somebody for the time in which the office is closed."""
    told = tuple(told)
    waiting = [one for one in told if one.held_by is None]
    said = [_("What you said is saved.")] if told else []
    said += _who_has_it(told, waiting)
    said += _how_messages_go(waiting, stands, now)
    somebody_up = covered and bool(waiting) and all(one.wakes for one in waiting)
    said += _office(file, now, nobody_yet=bool(waiting) or not told, somebody_up=somebody_up)
    return [*said, _("Day and night you can ring %(emergency)s, or Childline on %(childline)s.",
                     emergency=EMERGENCY.digits, childline=CHILDLINE.digits)]  # fmt: skip


def _who_has_it(told: tuple[Told, ...], waiting: list[Told]) -> list[str]:
    now_with = sorted({one.held_by for one in told if one.held_by and not one.over})
    seen_to = sorted({one.held_by for one in told if one.held_by and one.over} - set(now_with))
    if waiting and len(waiting) < len(told):
        said = [_("%(name)s has part of it.", name=name) for name in now_with]
        said += [_("%(name)s had part of it, and wrote down what happened.", name=name) for name in seen_to]
        return [*said, _("Nobody has said yet that they have the rest.")]
    if waiting:
        return [_("Nobody has said yet that they have it.")]
    said = [_("%(name)s has it.", name=name) for name in now_with]
    return said + [_("%(name)s had it, and wrote down what happened.", name=name) for name in seen_to]


def _how_messages_go(waiting: list[Told], stands: Waiting, now: datetime) -> list[str]:
    if not waiting:
        return []
    # Of several things the one that fared worst: a message about another one is no comfort.
    worst = min(waiting, key=lambda one: (one.left > 0, one.not_left == 0))
    if worst.left == 0:
        said = [_("The message about it has not left yet.")]
        late = stands.stuck(now) or stands.silent(now)
        return [*said, _("Do not wait for it. Please ring somebody.")] if late else said
    if worst.not_left:
        return [_("One message about it has left. Another has not left yet.")]
    return [_("A message about it has left. That does not mean that somebody has read it.")]


def _is_open(file: HubFile, now: datetime) -> bool:
    day = next(office_days(file, now), None)
    return day is not None and day.opens <= now


def _office(file: HubFile, now: datetime, *, nobody_yet: bool, somebody_up: bool) -> list[str]:
    day = next(office_days(file, now), None)
    if day is not None and day.opens <= now:
        return [_("The office is open now, until %(time)s.", time=at_time(day.closes))]
    said = [_("The office is closed now.")]
    if day is not None:
        said += [_("It opens on %(day)s at %(time)s.", day=on_day(day.opens), time=at_time(day.opens))]
    if somebody_up:
        said += [
            _("Somebody is on duty now, while it is closed. That does not mean that they have seen this.")
        ]
    elif nobody_yet:
        said += [_("Until it opens, do not count on anybody here to see this.")]
    night = file.numbers.emergency_duty_team
    return [*said, f"{night.name}: {night.number}. {night.hours}."]


def _told_today(child_id: UUID) -> list[Told]:
    """What the young person said today, in this sitting, that needs a person.

    A PIN can be forced: what was said in an earlier sitting of the same day is read with the worker, not here.
    """
    now = current_hub().now()
    today = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    unsent = func.sum(case((OutboxMessage.delivered_at.is_(None), 1), else_=0))
    rows = session.execute(
        select(
            Alert.state, Alert.held_by_id, Alert.rule,
            func.count(OutboxMessage.id).label("messages"), func.coalesce(unsent, 0).label("unsent"),
        )
        .outerjoin(OutboxMessage, OutboxMessage.object_id == Alert.id)
        .where(
            Alert.child_id == child_id,
            Alert.rule.not_in(_SAID_BY_ADULTS),
            Alert.raised_at >= min(today, now - _A_SITTING),
            Alert.sitting == current_hub().sitting,
        )
        .group_by(Alert.id, Alert.state, Alert.held_by_id, Alert.rule)
    ).all()  # fmt: skip
    names = _names({row.held_by_id for row in rows if row.held_by_id})
    return [
        Told(
            held_by=names.get(row.held_by_id) if row.held_by_id else None, over=row.state == CLOSED,
            left=row.messages - row.unsent if row.messages else 0, not_left=row.unsent if row.messages else 0,
            wakes=row.rule in _wakes(current_hub().file),
        )
        for row in rows
    ]  # fmt: skip


def _names(people: set[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.known_as).where(Person.id.in_(people))).all()
    crypto.fetch_keys(people)
    return {row.id: crypto.open_sealed(row.known_as, "person", "known_as", row.id, row.id) for row in rows}
