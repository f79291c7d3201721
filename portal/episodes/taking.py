"""Taking rows: a young person the hub did not know, a time missing, a change; one row, or a list's next few."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal import audit, crypto
from portal.accounts.eighteen import birthday_learnt
from portal.accounts.models import Person
from portal.config import current_hub
from portal.db import new_id, session
from portal.episodes.episode import Episode
from portal.episodes.imports import TAKEN_AT_ONCE, ListImport
from portal.episodes.known import Known
from portal.episodes.likeness import sound
from portal.episodes.list_row import ListRow
from portal.episodes.matching import DETAILS, OF_PERSON, Found, judge
from portal.episodes.rows import ReadRow
from portal.episodes.values import Problem, Values
from portal.episodes.words import DOUBTFUL, SAME, TO_TAKE


def takeable(row: ReadRow) -> bool:
    """Whether a doubtful row can become an episode as it stands, if a person says so."""
    values = row.values
    if values.missing_at is None or not (values.surname or values.forenames):
        return False
    if (
        values.missing_at > current_hub().now()
        or (values.returned_at or values.missing_at) < values.missing_at
    ):
        return False
    return values.still_missing or values.returned_at is not None


def who_it_may_be(problems: Iterable[Problem]) -> Problem | None:
    """The question, if there is one, whether this is a young person whom the hub knows."""
    return next((problem for problem in problems if problem.field == "child"), None)


def can_be_taken_as_it_stands(row: ListRow) -> bool:
    """Whether a person may take this doubtful row although it is doubtful."""
    return row.state == DOUBTFUL and not who_it_may_be(row.problems) and takeable(row.read())


def settle_row(row: ListRow, by: UUID, *, although: bool = False) -> Found:
    """Take one row of the tray if it can be taken now; *although* it is doubtful, if a person says so."""
    read = row.read()
    known = Known.about([read], beside=row.import_id)
    found = judge(read, known, row.decided, row.child_id)
    if found.state == SAME:
        row.settle(SAME, by)
    elif found.state in TO_TAKE or (although and takeable(read) and not who_it_may_be(found.problems)):
        brought = session.get_one(ListImport, row.import_id)
        _take(row, read, found, known, by, new_id(), brought.created_at)
    else:
        _keep(row, read, found)
    return found


@dataclass
class Next:
    """The next few rows of a list and what the hub knows about them, fetched while nobody was kept waiting."""

    rows: list[UUID]
    known: Known
    at: datetime

    @classmethod
    def of(cls, brought: ListImport) -> Next:
        """Look at the next rows of a list; changes nothing."""
        rows = session.scalars(brought.unsettled(TO_TAKE).limit(TAKEN_AT_ONCE)).all()
        known = Known.about([row.read() for row in rows], beside=brought.id)
        return cls([row.id for row in rows], known, current_hub().now())

    def overtaken(self, brought: ListImport) -> bool:
        """Whether rows of another list were taken since, so that what was known may have changed."""
        # A minute to spare: other processes, and other machines, have clocks of their own.
        since = ListRow.settled_at >= self.at - timedelta(minutes=1)
        return (
            session.scalar(select(ListRow.id).where(since, ListRow.import_id != brought.id).limit(1))
            is not None
        )


def take_next(brought: ListImport, some: Next) -> int:
    """Take the rows that were looked at, in one short commit; how many are left. Safe to repeat.

    Each row is judged once more: what another list brought meanwhile is not taken twice.
    """
    ids = [new_id() for _ in some.rows]
    # Made together: one durable commit of the key store, not one for each young person.
    crypto.ring().make_many([str(person_id) for person_id in ids])
    rows = session.scalars(brought.unsettled(TO_TAKE).where(ListRow.id.in_(some.rows))).all()
    read = [row.read() for row in rows]
    known = Known.about(read, beside=brought.id) if some.overtaken(brought) else some.known
    for row, said, person_id in zip(rows, read, ids, strict=False):
        found = judge(said, known, row.decided, row.child_id)
        if found.state in TO_TAKE:
            _take(row, said, found, known, brought.by_id, person_id, brought.created_at)
        elif found.state == SAME:
            row.state = SAME
            row.settle(SAME, brought.by_id)
        else:
            _keep(row, said, found)
    session.flush()
    left = brought.count(TO_TAKE)
    brought.beat(max(brought.total - left, 0), brought.total)
    return left


def _keep(row: ListRow, read: ReadRow, found: Found) -> None:
    row.state, row.child_id, row.episode_id = found.state, found.child_id, found.episode_id
    row.write(read.texts, found.problems, found.changes)


def _take(row: ListRow, read: ReadRow, found: Found, known: Known, by: UUID | None, person_id: UUID,
          reached_us_at: datetime) -> None:  # fmt: skip
    """Make of a row what it stands for; *person_id* is who somebody becomes whom the hub did not know.

    A return reached the hub with its list, however long the row waited for somebody after that.
    """
    values, details = read.values, {field: text for field in DETAILS if (text := read.texts.get(field, ""))}
    if values.missing_at is None:
        raise ValueError("a row without a beginning is not taken")
    child = session.get(Person, found.child_id) if found.child_id else None
    if child is None:
        child = _enter_child(values, details, person_id)
    else:
        _learn_about(child, values, details)
    known.learn_child(child)
    said: dict[str, Any] = {
        "number": values.number, "missing_at": values.missing_at, "returned_at": values.returned_at,
        "living": values.living, "details": details, "reached_us_at": reached_us_at,
    }  # fmt: skip
    episode = session.get(Episode, found.episode_id) if found.episode_id else None
    if episode is None:
        episode = Episode.enter(child, **said)
    else:
        episode.change(**said)
    known.learn_episode(episode)
    row.child_id, row.episode_id = child.id, episode.id
    row.settle("taken", by)
    audit.record("row.taken", object_kind="list row", object_id=row.id, subject=child.id, line=row.line)


def _learn_about(child: Person, values: Values, details: dict[str, str]) -> None:
    """What the newest list says about somebody the hub knows already; their name stays as the hub has it."""
    own = {field: text for field, text in details.items() if field in OF_PERSON}
    child.details = json.dumps(json.loads(child.details or "{}") | own)
    child.living = values.living or child.living
    child.ended_at = None
    if child.born_on is None and values.born_on:
        child.birthday(values.born_on)
        birthday_learnt(child)


def _enter_child(values: Values, details: dict[str, str], person_id: UUID) -> Person:
    own = {field: text for field, text in details.items() if field in OF_PERSON}
    own |= {"surname": values.surname, "forenames": values.forenames}
    return Person.enter(
        "child", f"{values.forenames} {values.surname}".strip(), roles=("young person",), born_on=values.born_on,
        known_as=values.forenames or values.surname, surname_sound=sound(values.surname) or None,
        id=person_id, living=values.living or None, details=json.dumps(own),
    )  # fmt: skip
