"""Many rows by few statements: sealed outside any transaction, then inserted table by table, a few to a commit.

The verbs of the models would take minutes for a year. What they write is written here too: every act has its audit
event, at its own time and by whoever did it, so that the chain holds.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from tqdm import tqdm

from portal import crypto, db
from portal.config import Hub, HubFile, current_hub
from portal.db import Row, core, new_id

MOST_ROWS = 50  # in one commit, audit events among them: nobody who writes meanwhile waits long


class Bulk:
    """Rows that wait for their commit, each under its table."""

    def __init__(self) -> None:
        self.waiting: dict[type[Row], list[dict[str, Any]]] = defaultdict(list)

    def add(self, model: type[Row], **values: Any) -> UUID:
        """Seal a new row of *model* and let it wait; its id."""
        optional, sealed = _columns(model)
        row: dict[str, Any] = dict.fromkeys(optional) | values
        row_id: UUID = row.setdefault("id", new_id())
        row.setdefault("created_at", current_hub().now())
        subject = row[model.__subject__] if model.__subject__ else None
        for column in sealed:
            if isinstance(text := row[column], str):
                row[column] = crypto.seal(text, model.__tablename__, column, row_id, subject)
        self.waiting[model].append(row)
        return row_id

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.waiting.values())

    def insert(self) -> None:
        """Insert everything that waits, in the order in which tables refer to each other."""
        order = _order()
        for model in sorted(self.waiting, key=lambda model: order[model.__tablename__]):
            core().execute(model.__table__.insert(), self.waiting[model])  # type: ignore[attr-defined]
        self.waiting.clear()


@cache
def _columns(model: type[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which columns of *model* may be left empty, and which lie sealed."""
    mapper = inspect(model)
    optional = tuple(c.key for c in mapper.columns if c.nullable and c.default is None)
    return optional, crypto.sealed_columns(mapper)


@cache
def _order() -> dict[str, int]:
    """Every table by its place: after those that it refers to."""
    return {table.name: place for place, table in enumerate(db.Base.metadata.sorted_tables)}


@dataclass(frozen=True)
class Deed:
    """One thing that is done: when, by whom, at which door; it writes at most so many rows, audit events too."""

    at: datetime
    do: Callable[[Bulk], object]
    by: UUID | None = None
    door: str | None = None
    most: int = 6


def perform(deeds: Sequence[Deed], file: HubFile, rng: Random, words: str) -> None:
    """Do *deeds* in their order, a few to a commit; *words* say on stderr what goes on."""
    with tqdm(total=len(deeds), desc=words, unit="act", file=sys.stderr, leave=False) as progress:
        done = 0
        while done < len(deeds):
            with db.step(Hub(file, rng=rng)) as hub:
                few = _one_commit(deeds, done, hub)
            done += few
            progress.update(few)


def _one_commit(deeds: Sequence[Deed], start: int, hub: Hub) -> int:
    """Do as many deeds from *start* on as one commit holds; how many."""
    bulk = Bulk()
    for number in range(start, len(deeds)):
        if number > start and len(bulk) + len(hub.noted) + deeds[number].most > MOST_ROWS:
            break
        _do(deeds[number], bulk, hub)
    else:
        number = len(deeds)
    bulk.insert()
    return number - start


def _do(deed: Deed, bulk: Bulk, hub: Hub) -> None:
    hub.clock, hub.actor, hub.door = lambda: deed.at, deed.by, deed.door
    deed.do(bulk)
