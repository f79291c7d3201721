"""Each migration goes down and up again on both databases, empty and full: the schema is equal, and no row is changed.

The hub is full of two young people's things in every sealed column. From the newest revision it goes down one step at
a time and up again; after each step every table that both ends of it have holds the same rows, in the columns that
both have, and on the way up each revision has the schema that it had on the way down. Seen red with a migration that
emptied a column on its way, and with one that did not drop its index.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, inspect, select

from portal import crypto, db, migrations
from portal.config import Hub, HubFile
from tests.conftest import HUB, on_postgresql, write_hub
from tests.machine.postgres import Database, fresh_database
from tests.proofs.filled import FIRST, SECOND, fill
from tests.proofs.ground import make_folders

Rows = dict[str, list[dict[str, Any]]]
Schema = dict[str, tuple[Any, ...]]
NOT_OURS = "alembic_version"


@contextmanager
def a_hub_at_head(database: Database | None = None, *, full: bool) -> Iterator[HubFile]:
    """A migrated hub in a folder of its own, empty or full; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="migrated-"))
    make_folders(folder)
    file = write_hub(folder, on_postgresql(HUB, database) if database else HUB)
    migrations.upgrade(file)
    crypto.open_ring(file, folder / "wrapping.json")
    try:
        if full:
            with db.step(Hub(file)):
                fill(FIRST)
                fill(SECOND)
        db.close_engine(file)
        yield file
    finally:
        db.close_engine(file)
        crypto.close_ring(file)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def owner_of(file: HubFile) -> Iterator[Engine]:
    """Whoever owns the tables; on PostgreSQL the policies show them no row."""
    engine = create_engine(file.owner_database or file.database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def step_of(file: HubFile) -> Iterator[Engine]:
    """Whoever signs in to the database, as a step of the hub: every row shows itself."""
    acting = {"options": "-c rowan.actor=nobody -c rowan.door=step"} if file.owner_database else {}
    engine = create_engine(file.database, connect_args=acting)
    try:
        yield engine
    finally:
        engine.dispose()


def rows_of(file: HubFile) -> Rows:
    """Every row of every table, as the database has it."""
    tables = MetaData()
    with owner_of(file) as owner:
        tables.reflect(owner)
    with step_of(file) as engine, engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.tables.items()
            if name != NOT_OURS
        }


def schema_of(file: HubFile) -> Schema:
    """Of every table its columns, keys and indexes, in an order of their own."""
    with owner_of(file) as engine:
        look = inspect(engine)
        return {
            name: (
                sorted((one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)),
                _in_words(look.get_indexes(name)),
                _in_words(look.get_unique_constraints(name)),
                _in_words(look.get_foreign_keys(name)),
            )
            for name in look.get_table_names()
            if name != NOT_OURS
        }


def _in_words(found: Iterable[Any]) -> list[str]:
    """What a database says of its indexes and keys; a condition by its text."""
    return sorted(str(sorted((key, _words(value)) for key, value in one.items())) for one in found)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(sorted((key, str(one)) for key, one in value.items()))
    return str(value)


def changed(before: Rows, after: Rows) -> list[str]:
    """The tables that have other rows than before, in the columns that both have."""
    found = []
    for name in sorted(before.keys() & after.keys()):
        columns = [column for column in _columns(before[name]) if column in _columns(after[name])]
        if bool(before[name]) != bool(after[name]) or _only(columns, before[name]) != _only(
            columns, after[name]
        ):
            found.append(name)
    return found


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    return list(rows[0]) if rows else []


def _only(columns: list[str], rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str([row[column] for column in columns]) for row in rows)


def walk(file: HubFile, newest: int | None = None) -> Iterator[tuple[str, list[str]]]:
    """Go down one revision at a time, and up again: each step by name, and what is wrong after it.

    With *newest* only so many of the newest revisions, and not down to nothing.
    """
    steps = migrations.revisions()[-newest - 1 :] if newest else migrations.revisions()
    rows, schemas = rows_of(file), {}
    for lower, upper in reversed(list(pairwise(steps))):
        schemas[upper] = schema_of(file)
        migrations.downgrade(file, lower)
        now = rows_of(file)
        yield f"{upper} down", changed(rows, now)
        rows = now
    for upper in steps[1:]:
        migrations.upgrade(file, upper)
        now, schema = rows_of(file), schema_of(file)
        other = [f"schema of {name}" for name in schemas[upper] if schemas[upper][name] != schema.get(name)]
        yield f"{upper} up", changed(rows, now) + other
        rows = now
    if newest:
        return
    migrations.downgrade(file)
    yield f"{steps[0]} down", sorted(rows_of(file))
    migrations.upgrade(file)


def prove() -> Iterator[str]:
    """Walk down and up on both databases, empty and full."""
    wrong = []
    for full in (False, True):
        with fresh_database() as made:
            for name, database in (("SQLite", None), ("PostgreSQL", made)):
                with a_hub_at_head(database, full=full) as file:
                    rows = sum(len(one) for one in rows_of(file).values())
                    steps = list(walk(file))
                found = [f"{name} {step}: {', '.join(what)}" for step, what in steps if what]
                yield f"{name}, {rows} rows: {len(steps)} steps, {len(found)} changed something"
                wrong += found
    assert not wrong, wrong[:5]
