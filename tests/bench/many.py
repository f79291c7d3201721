"""One hub's year in bulk, once or a hundred times over: what the staff's lists are measured on.

A year is 4,277 times missing of 1,350 young people, with their interviews, what they said and the alerts it raised;
about one young person in thirteen is open at any one time. It is written table by table and without an audit trail,
which no list reads.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, create_engine, insert

from portal import crypto
from portal.accounts.models import Allocation, Person
from portal.alerts.flags import HURT
from portal.alerts.models import Alert
from portal.config import Hub, HubFile
from portal.db import Base, close_engine, core, count_anew, step
from portal.episodes import clock
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.episodes.words import HELD, HOME_TEAM, OPEN
from portal.trail.models import CLOSED, WAITING, Voice

CHILDREN, EPISODES, VOICES, OPEN_AT_ONCE = 1_350, 4_277, 2_684, 102
ON_A_CASELOAD = 25
AT_ONCE = 500  # young people in one commit


class Year:
    """Rows of one year, *times* over, for a hub that has its staff already."""

    def __init__(self, file: HubFile, worker_id: UUID, times: int) -> None:
        self.file, self.worker_id, self.times = file, worker_id, times
        self.rng = random.Random(times)
        self.now: datetime = Hub(file).now()
        self.rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    def fill(self) -> None:
        """Write everything."""
        children = CHILDREN * self.times
        for first in range(0, children, AT_ONCE):
            some = [self._id() for _ in range(min(AT_ONCE, children - first))]
            with step(Hub(self.file)):
                crypto.ring().make_many([str(child) for child in some])
                crypto.fetch_keys(some)
                for place, child in enumerate(some, first):
                    self._child(child, place)
                self._write()
        self._take_stock()

    def _take_stock(self) -> None:
        """What the worker has SQLite do, and PostgreSQL does by itself some minutes later."""
        count_anew(Hub(self.file))
        if self.file.owner_database:
            owner = create_engine(self.file.owner_database, isolation_level="AUTOCOMMIT")
            with owner.connect() as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
            owner.dispose()
        close_engine(self.file)

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def _row(self, table: type[Base], child: UUID, at: datetime, **values: Any) -> UUID:
        row_id = child if table is Person else self._id()
        sealed = {
            name: crypto.seal(value, table.__tablename__, name, row_id, child)
            for name, value in values.items()
            if name in ("name", "known_as", "details", "tell_how")
        }
        self.rows[table].append({"id": row_id, "created_at": at} | values | sealed)
        return row_id

    def _child(self, child: UUID, place: int) -> None:
        opened = place % CHILDREN < OPEN_AT_ONCE
        began = self.now - timedelta(minutes=self.rng.randrange(60, 500_000))
        name = f"Young Person {place}"
        self._row(Person, child, began, kind="child", name=name, known_as=name, language="en_GB")
        if place < ON_A_CASELOAD:
            self._row(Allocation, child, began, worker_id=self.worker_id, child_id=child, starts_at=began)
        for number in range(self._share(EPISODES, place)):
            self._episode(child, opened and number == 0)
        for number in range(self._share(VOICES, place)):
            self._voice(child, opened and number == 0)

    def _share(self, whole: int, place: int) -> int:
        """How many of *whole* things a year fall to the young person at *place*: as even as whole numbers are."""
        at = place % CHILDREN
        return whole * (at + 1) // CHILDREN - whole * at // CHILDREN

    def _episode(self, child: UUID, opened: bool) -> None:
        back = self.now - timedelta(minutes=self.rng.randrange(60, 4_000 if opened else 500_000))
        task = self._row(
            InterviewTask, child, back, child_id=child, team=HOME_TEAM, reason="home", due_at=clock.due_at(back),
            state=OPEN if opened else HELD, taker_id=self.worker_id,
        )  # fmt: skip
        self._row(
            Episode, child, back, child_id=child, task_id=task, missing_at=back - timedelta(hours=9),
            returned_at=back, reached_us_at=back, living="home", details="{}",
        )  # fmt: skip

    def _voice(self, child: UUID, opened: bool) -> None:
        said = self.now - timedelta(minutes=self.rng.randrange(60, 4_000 if opened else 500_000))
        done = None if opened else said
        voice = self._row(
            Voice, child, said, person_id=child, kind="return", source_id=self._id(), said_at=said,
            promised_by=said + timedelta(days=2), tell_how="", state=WAITING if opened else CLOSED,
            reached_at=done, closed_at=done,
        )  # fmt: skip
        self._row(
            Alert, child, said, child_id=child, rule=HURT, source_kind="answer", source_id=voice, key=str(voice),
            raised_at=said, due_at=said + timedelta(hours=1), state="open" if opened else "closed", closed_at=done,
            owner_id=self.worker_id,
        )  # fmt: skip

    def _write(self) -> None:
        # In the order of their foreign keys.
        for table in (Person, Allocation, InterviewTask, Episode, Voice, Alert):
            if rows := self.rows.pop(table, None):
                made = table.__table__
                assert isinstance(made, Table)
                core().execute(insert(made), rows)
