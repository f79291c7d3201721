"""What the second migration finds in a database in which a line was worked out twice."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from portal import migrations

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def rows(hub_file):
    """`rows(sql, **values)`: a statement of the owner, who for once sees every row; what came of it."""
    engine = create_engine(hub_file.owner_database or hub_file.database)
    on_postgresql = engine.dialect.name == "postgresql"

    def _rows(sql, **values):
        with engine.begin() as connection:
            if on_postgresql:
                connection.execute(text("ALTER TABLE list_row NO FORCE ROW LEVEL SECURITY"))
                connection.execute(text("ALTER TABLE list_import NO FORCE ROW LEVEL SECURITY"))
            done = connection.execute(text(sql), values)
            found = done.all() if done.returns_rows else []
            if on_postgresql:
                connection.execute(text("ALTER TABLE list_row FORCE ROW LEVEL SECURITY"))
                connection.execute(text("ALTER TABLE list_import FORCE ROW LEVEL SECURITY"))
        return found

    yield _rows
    engine.dispose()


@pytest.fixture
def a_row(rows):
    """`a_row(line, settled)`: one row of the one list, as it could be before."""
    of = uuid4()
    rows(
        "INSERT INTO list_import (id, created_at, state, digest, file_name, done, total, beat_at) "
        "VALUES (:of, :at, 'taken', 'x', :name, 0, 0, :at)",
        of=_as_id(of), at=AT.isoformat(), name=b"",
    )  # fmt: skip

    def _a_row(line, settled=None):
        row_id = uuid4()
        rows(
            "INSERT INTO list_row (id, created_at, import_id, line, state, row_hash, settled) "
            "VALUES (:id, :at, :of, :line, 'new', 'x', :settled)",
            id=_as_id(row_id), at=AT.isoformat(), of=_as_id(of), line=line, settled=settled,
        )  # fmt: skip
        return row_id

    return _a_row


def _as_id(value):
    return value.hex


@pytest.fixture
def before(app, hub_file):
    """The hub as it was before the second migration."""
    migrations.downgrade(hub_file, "0001")


@pytest.mark.usefixtures("before")
def test_of_a_line_that_is_there_twice_the_settled_row_is_kept(a_row, rows, hub_file):
    kept = [a_row(2), a_row(3, "taken")]
    a_row(3)
    migrations.upgrade(hub_file)
    assert {UUID(str(found)) for (found,) in rows("SELECT id FROM list_row")} == set(kept)


@pytest.mark.usefixtures("before")
def test_of_two_rows_that_are_alike_one_is_kept(a_row, rows, hub_file):
    for settled in (None, None, "taken", "same"):
        a_row(2 if settled is None else 3, settled)
    migrations.upgrade(hub_file)
    assert sorted(line for (line,) in rows("SELECT line FROM list_row")) == [2, 3]
