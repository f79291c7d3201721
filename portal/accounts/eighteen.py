"""Turning 18: at midnight in London on the birthday whoever looked after the young person is let go of, and the worker told.

Days of birth lie sealed. Those who turn 18 are found by the keyed hash of the day, so nobody else's is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from portal import outbox
from portal.accounts.holders import duty_workers, holder_and_cover
from portal.accounts.models import Link, Person, runs_at
from portal.config import LONDON, Hub, current_hub, midnight
from portal.crypto import lookup_hash
from portal.db import reading, session, step
from portal.outbox import OutboxMessage

ADULT = 18
LOOKS_AHEAD = timedelta(days=2)  # an end is set so long before, so that it comes to the minute
LOOKS_BACK = timedelta(days=400)  # a worker process that was away, or a birthday that was learnt late
AT_ONCE = 50  # links in one commit
BECAUSE = "eighteen"


def eighteenth(born_on: date) -> date:
    """The day on which somebody turns 18; born on 29 February, on 1 March of a year without one."""
    try:
        return born_on.replace(year=born_on.year + ADULT)
    except ValueError:
        return date(born_on.year + ADULT, 3, 1)


def is_adult_at(born_on: date) -> datetime:
    """The instant from which somebody is 18: midnight in London (Family Law Reform Act 1969, section 9)."""
    return midnight(eighteenth(born_on))


def told_from(born_on: date) -> date:
    """The day on which somebody is sixteen and a half, and a page begins to say what will change."""
    month = born_on.month + 6
    year, month = born_on.year + 16 + (month > 12), (month - 1) % 12 + 1
    for day in (born_on.day, 30, 29, 28):
        try:
            return date(year, month, min(born_on.day, day))
        except ValueError:
            continue
    raise AssertionError(born_on)


def born(person: Person) -> date | None:
    """The day of birth, where it is known."""
    return date.fromisoformat(person.born_on) if person.born_on else None


def is_told(born_on: date | None) -> bool:
    """Whether somebody is old enough to be told what will change, and not yet 18."""
    if born_on is None:
        return False
    today = current_hub().today()
    return told_from(born_on) <= today < eighteenth(born_on)


def end_links(hub: Hub) -> None:
    """Set the end of every link of those who turn 18 about now, and have the workers told; done twice, it is done once."""
    while True:
        with hub.entered():
            waiting = _waiting()
        if not waiting:
            return
        with step(Hub(hub.file, clock=hub.clock)):
            for link_id in waiting:
                _end(session.get_one(Link, link_id, with_for_update=True))


def birthday_learnt(child: Person) -> None:
    """Let go at once of those who look after *child*, if their birthday, only known now, says that they are 18."""
    born_on, now = born(child), current_hub().now()
    if born_on is None or is_adult_at(born_on) > now:
        return  # the chore comes to whoever is younger
    running = select(Link).where(Link.child_id == child.id, runs_at(Link, now)).order_by(Link.id)
    for link in session.scalars(running.with_for_update()).all():
        _end(link)


def _waiting() -> list[UUID]:
    """A few links that run, or run later, beyond the eighteenth birthday of their young person."""
    now = current_hub().now()
    hashes = [lookup_hash("day", day.isoformat()) for day in _birthdays(now.astimezone(LONDON).date())]
    with reading() as look:
        found = (
            select(Link.id)
            .join(Person, Person.id == Link.child_id)
            .where(
                Person.birthday_hash.in_(hashes), Person.kind == "child", runs_at(Link, now),
                or_(Link.ended_because.is_(None), Link.ended_because != BECAUSE),
            )
            .order_by(Link.id)
            .limit(AT_ONCE)
        )  # fmt: skip
        return list(look.scalars(found))


def _birthdays(today: date) -> Iterator[date]:
    """The days of birth of those who turn 18 in the days that are looked at."""
    first = today - LOOKS_BACK
    for ahead in range((LOOKS_BACK + LOOKS_AHEAD).days + 1):
        turns = first + timedelta(days=ahead)
        for born_on in (date(turns.year - ADULT, turns.month, 1), date(turns.year - ADULT, 2, 1)):
            for day in (turns.day, 29):
                try:
                    found = born_on.replace(day=day)
                except ValueError:
                    continue
                if eighteenth(found) == turns:
                    yield found


def _end(link: Link) -> None:
    child, now = session.get_one(Person, link.child_id), current_hub().now()
    born_on = born(child)
    if born_on is None or link.ended_because == BECAUSE:
        return
    at = max(is_adult_at(born_on), now)
    if link.ends_at is None or link.ends_at > at:
        link.end(at, BECAUSE)
    else:
        link.ended_because = BECAUSE  # it ends before by itself
    for worker_id in holder_and_cover(child.id) or duty_workers():
        key = f"eighteen:{child.id}:{worker_id}"
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
            outbox.put("person.eighteen", object_id=child.id, recipient=worker_id, key=key, due_at=at)
            session.flush()
