"""Lays the demonstration year into a hub: who was missing when, what was offered, held, said and answered.

Everything of a child hangs on the seed alone, and nothing on the day it is built. No answer in it calls a person:
what an alert is about is told in the present week.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from portal import audit, crypto, db
from portal.access import STAFF
from portal.accounts.models import Allocation, Organisation, Person, PersonRole, name_and_birthday
from portal.config import Hub, HubFile, current_hub
from portal.db import new_id, session
from portal.demonstration import invented
from portal.demonstration.bulk import MOST_ROWS, Bulk, Deed, perform
from portal.demonstration.forms_sent import Form, what_was_said
from portal.demonstration.histories import TimeAway, times_away
from portal.demonstration.year import IN_TIME, LATE, ChildsYear, Year, years_of
from portal.episodes import clock
from portal.episodes.episode import Episode, number_hash
from portal.episodes.likeness import parts_of, sound
from portal.episodes.living import HOME, OTHER_AUTHORITY, OUR_CHILD
from portal.episodes.models import Attempt, InterviewTask
from portal.episodes.words import HELD, HUBS_CHOICE, KNOWN_TO_THEM, KNOWS, TEAM_OF, TOLD

HOLD = "demonstration"  # retention leaves these people alone
_COUNCIL, _PROVIDER = ("Manchester City Council", "council"), ("Harbour Road Project", "provider")
_CLOSED = timedelta(days=183)  # after the year's end, accounts are closed


@dataclass(frozen=True)
class Child:
    """One child of the year, with the worker whom they come to know."""

    id: UUID
    name: str
    born_on: date
    living: str
    placed_by: str  # which other authority, if one did
    worker: UUID
    times: tuple[TimeAway, ...]
    number: int  # of their first incident


@dataclass(frozen=True)
class Staff:
    """Who worked here that year, and has left since; their ids by what they did."""

    home: tuple[UUID, ...]
    care: tuple[UUID, ...]
    duty: tuple[UUID, ...]

    def know(self, living: str) -> tuple[UUID, ...]:
        """Those of whom one comes to know a child who lives so."""
        return {HOME: self.home, OUR_CHILD: self.care}.get(living, self.duty)


def lay(year: Year, file: HubFile, seed: str) -> None:
    """Lay *year* into the hub of *file*, the same for the same *seed*."""
    rng = Random(f"{seed}|ids")  # noqa: S311 - invented people's, and the same each time
    start, end = year.bounds
    with db.step(Hub(file, clock=lambda: start, rng=rng)):
        staff = _enter_staff(end + _CLOSED)
    with Hub(file, rng=rng).entered():
        children = _children(year, staff, Random(f"{seed}|children"))  # noqa: S311
        _make_keys(child.id for child in children)
        forms = _forms(children, year, Random(f"{seed}|forms"))  # noqa: S311
    deeds = [deed for child in children for deed in _deeds(child, staff, forms, end + _CLOSED, file)]
    deeds.sort(key=lambda deed: deed.at)
    perform(deeds, file, rng, f"The year from {year.first:%B %Y}")


def _make_keys(people: Iterator[UUID]) -> None:
    """Make everybody's key before anything about them is written, a few to a commit of the store."""
    names = [str(person) for person in people]
    for start in range(0, len(names), MOST_ROWS):
        crypto.ring().make_many(names[start : start + MOST_ROWS])
    crypto.ring().fetch(names)


# --- who there was ----------------------------------------------------------------------------------------------


def _enter_staff(left: datetime) -> Staff:
    council, provider = (_organisation(*told) for told in (_COUNCIL, _PROVIDER))

    def entered(names: tuple[str, ...], role: str, place: UUID) -> tuple[UUID, ...]:
        people = [
            Person.enter("staff", name, roles=(), organisation_id=place, held_because=HOLD, ended_at=left)
            for name in names
        ]
        for person in people:
            person.take_role(role, until=left)
        return tuple(person.id for person in people)

    return Staff(
        home=entered(invented.HOME_WORKERS, "worker", council),
        care=entered(invented.CARE_WORKERS, "worker", provider),
        duty=entered(invented.DUTY_WORKERS, "duty worker", council),
    )


def _organisation(name: str, kind: str) -> UUID:
    organisation = Organisation(name=name, kind=kind)
    session.add(organisation)
    session.flush()
    return organisation.id


def _children(year: Year, staff: Staff, rng: Random) -> list[Child]:
    found, number = [], 0
    for name, told in zip(invented.names(year.children, rng), years_of(year, rng), strict=True):
        found.append(_child(name, told, year, staff, rng, number))
        number += len(told.ends)
    return found


def _child(name: str, told: ChildsYear, year: Year, staff: Staff, rng: Random, number: int) -> Child:
    elsewhere = told.living == OTHER_AUTHORITY
    age = min(17, max(9, round(rng.gauss(14.8, 1.6))))
    return Child(
        new_id(), name, year.first - timedelta(days=age * 365 + rng.randrange(365)), told.living,
        placed_by=rng.choice(invented.PLACED_BY) if elsewhere else "",
        worker=rng.choice(staff.know(told.living)),
        times=tuple(times_away(told, year, rng, told=elsewhere)),
        number=number,
    )  # fmt: skip


def _forms(children: list[Child], year: Year, rng: Random) -> dict[tuple[UUID, int], Form]:
    """Every form that was sent, by child and time missing: all of those alone, and some before a conversation."""
    alone, talked = [], []
    for child in children:
        for number, away in enumerate(child.times):
            if away.form_at:
                alone.append((child, number, away.form_at))
            elif away.end in (IN_TIME, LATE):
                offered, held = away.tries[-2].at, away.tries[-1].at
                talked.append((child, number, offered + (held - offered) / 2))
    sent = alone + rng.sample(talked, year.forms_with_talk)
    sent.sort(key=lambda one: (one[2], one[0].number, one[1]))
    return {
        (child.id, number): what_was_said(at, which, rng) for which, (child, number, at) in enumerate(sent)
    }


# --- what was done ----------------------------------------------------------------------------------------------


def _deeds(child: Child, staff: Staff, forms: dict[tuple[UUID, int], Form], closed: datetime,
           file: HubFile) -> Iterator[Deed]:  # fmt: skip
    duty = staff.duty[0]
    yield Deed(child.times[0].reached_us_at, partial(_enter, child, closed), duty)
    for number, away in enumerate(child.times):
        task_id, form = _task_id(child, number), forms.get((child.id, number))
        yield Deed(away.reached_us_at, partial(_hear_of, child, number, away, task_id, form), duty)
        if away.authority_told_at:
            yield Deed(
                away.authority_told_at, partial(_note, "task.authority_told", task_id, child), duty, STAFF
            )
        else:
            yield Deed(away.taken_at, partial(_take, child, number, task_id, closed), child.worker, STAFF)
        for tried in away.tries:
            yield Deed(tried.at, partial(_log, tried.way, tried.outcome, task_id, child), child.worker, STAFF)
        if form:
            held_at = away.tries[-1].at if away.tries[-1].outcome == HELD else None
            yield from form.deeds(child.id, task_id, child.worker, held_at, file)
    yield Deed(closed, partial(_close, child), duty)


def _task_id(child: Child, number: int) -> UUID:
    """The id of one interview of *child*: known before the row is written, for others to refer to."""
    return UUID(int=Random(f"{child.id} {number}").getrandbits(128), version=4)  # noqa: S311


def _enter(child: Child, closed: datetime, bulk: Bulk) -> None:
    heard = sound(parts_of(child.name).surname)
    bulk.add(
        Person, id=child.id, kind="child", name=child.name, known_as=child.name.split()[0],
        born_on=child.born_on.isoformat(), birthday_hash=crypto.lookup_hash("day", child.born_on.isoformat()),
        name_birthday_hash=name_and_birthday(child.name, child.born_on),
        surname_sound_hash=crypto.lookup_hash("sound", heard) if heard else None,
        living=child.living, held_because=HOLD, ended_at=closed,
    )  # fmt: skip
    role = "young person"
    bulk.add(PersonRole, person_id=child.id, role=role, ends_at=None)
    audit.record("person.entered", object_kind="person", object_id=child.id, subject=child.id, kind="child")
    audit.record("person.role_given", object_kind="person", object_id=child.id, subject=child.id, role=role)


def _hear_of(child: Child, number: int, away: TimeAway, task_id: UUID, form: Form | None, bulk: Bulk) -> None:
    held = next((tried.at for tried in away.tries if tried.outcome == HELD), None)
    known, elsewhere = number > 0 and not child.placed_by, away.authority_told_at is not None
    team, incident = TEAM_OF[child.living], f"P/21-22/{child.number + number:05}"
    bulk.add(
        InterviewTask, id=task_id, child_id=child.id, taker_id=None if elsewhere else child.worker, team=team,
        reason=KNOWS if known else team, due_at=clock.due_at(away.returned_at),
        state=HELD if held else TOLD if elsewhere else away.end, chosen_by=None if elsewhere else _choice(number),
        of_their_care=None if elsewhere else False, form_at=form.sent_at if form else None, held_at=held,
        told_authority_at=away.authority_told_at,
        interviewer=f"A worker of {child.placed_by}" if elsewhere else None,
    )  # fmt: skip
    texts = {"missing_from": invented.MISSING_FROM[child.living]}
    episode = bulk.add(
        Episode, child_id=child.id, task_id=task_id, police_number=incident, number_hash=number_hash(incident),
        missing_at=away.missing_at, returned_at=away.returned_at, reached_us_at=away.reached_us_at,
        living=child.living,
        details=json.dumps(texts | ({"placing_authority": child.placed_by} if child.placed_by else {})),
    )  # fmt: skip
    audit.record("task.proposed", object_kind="return", object_id=task_id, subject=child.id, team=team)
    audit.record("episode.entered", object_kind="episode", object_id=episode, subject=child.id)


def _take(child: Child, number: int, task_id: UUID, closed: datetime, bulk: Bulk) -> None:
    if number == 0:
        starts_at = child.times[0].taken_at
        bulk.add(Allocation, worker_id=child.worker, child_id=child.id, starts_at=starts_at, ends_at=closed)
        audit.record("allocation.made", object_kind="person", object_id=child.worker, subject=child.id)
    _note(
        "task.taken",
        task_id,
        child,
        bulk,
        worker=child.worker,
        chosen_by=_choice(number),
        of_their_care=False,
    )


def _choice(number: int) -> str:
    """Whose choice the worker was: after the first return they know each other."""
    return KNOWN_TO_THEM if number else HUBS_CHOICE


def _log(way: str, outcome: str, task_id: UUID, child: Child, bulk: Bulk) -> None:
    by = child.worker
    bulk.add(Attempt, task_id=task_id, at=current_hub().now(), by_id=by, way=way, outcome=outcome)
    _note("attempt.logged", task_id, child, bulk, way=way, outcome=outcome)


def _note(act: str, task_id: UUID, child: Child, bulk: Bulk, **detail: object) -> None:
    audit.record(act, object_kind="return", object_id=task_id, subject=child.id, **detail)


def _close(child: Child, bulk: Bulk) -> None:
    if not child.placed_by:
        audit.record("allocation.ended", object_kind="person", object_id=child.worker, subject=child.id)
    audit.record("person.ended", object_kind="person", object_id=child.id, subject=child.id)
