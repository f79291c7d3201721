"""Backup, wipe, restore: equal. A damaged file is refused before a row is written; who was erased stays erased.

Seen red with chunks that were sealed without their place, with a `finish` that erased nobody,
and with the folder left out of what is put on disk.
"""

from __future__ import annotations

import os

import pytest
from sqlalchemy import func, select, text

from portal import audit, backup, crypto, db, migrations
from portal.accounts.models import Person
from portal.admin import erased, erasing, retention
from portal.config import Hub
from portal.db import Base, engines_of, session
from tests.factories import everything_about


@pytest.fixture
def here(hub_file, clock, app):
    """`here()`: the hub, afresh."""
    return lambda: Hub(hub_file, clock=clock)


@pytest.fixture
def filled(at_work, cast, tmp_path, here):
    """A backup of a hub in which there is one of everything."""
    with at_work():
        everything_about(cast.amara, cast.sam)
    path = tmp_path / "hub.backup"
    backup.make(here(), path)
    return path


@pytest.fixture
def contents(here):
    """`contents()`: every row of every table, as it lies there."""

    def read():
        with here().entered(), engines_of(here().file).reading.connect() as connection:
            return {
                table.name: sorted(
                    str(tuple(map(backup._plain, row))) for row in connection.execute(select(table))
                )
                for table in Base.metadata.sorted_tables
            }

    return read


@pytest.fixture
def wipe(here, database, request):
    """`wipe()`: nothing is left of the database but its schema."""

    def run():
        file = here().file
        db.close_engine(file)
        migrations.downgrade(file)
        migrations.upgrade(file)

    return run


def test_put_back_it_is_equal_row_by_row(filled, contents, wipe, here):
    before = contents()
    wipe()
    assert sum(map(len, contents().values())) == 0
    made = backup.put_back(here(), filled)
    assert contents() == before
    assert made.rows == sum(map(len, before.values()))


def test_the_trail_is_followed_and_the_words_open_again(filled, wipe, here, at_work, cast):
    wipe()
    made = backup.put_back(here(), filled)
    with at_work():
        assert audit.verify(session.connection(), put_back=made.events) == made.events
        assert session.get_one(Person, cast.amara).name == "Amara Obi"


def test_it_works_into_an_empty_place_only(filled, here):
    with pytest.raises(backup.NotEmpty):
        backup.put_back(here(), filled)


def test_it_never_writes_over_another(filled, here):
    with pytest.raises(backup.NotEmpty):
        backup.make(here(), filled)


@pytest.mark.parametrize(
    "harm", ["one byte", "cut", "longer", "another header", "no backup", "two chunks swapped"]
)
def test_a_damaged_file_is_refused_before_a_row_is_written(filled, wipe, here, contents, harm):
    whole = filled.read_bytes()
    middle = len(whole) // 2
    harmed = {
        "one byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "cut": whole[:-40],
        "longer": whole + b"x",
        "another header": whole.replace(b'"made_at": "2026', b'"made_at": "2025', 1),
        "no backup": b"PK" + whole,
        "two chunks swapped": whole[:200] + whole[300:400] + whole[200:300] + whole[400:],
    }[harm]
    assert harmed != whole
    filled.write_bytes(harmed)
    wipe()
    with pytest.raises(backup.Damaged):
        backup.put_back(here(), filled)
    assert sum(map(len, contents().values())) == 0


def test_the_file_is_on_disk_by_its_name(here, cast, tmp_path, monkeypatch):
    on_disk, path = [], tmp_path / "hub.backup"
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: on_disk.append((os.fstat(descriptor).st_ino, path.exists()))
    )
    backup.make(here(), path)
    assert on_disk == [(path.stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_no_word_and_no_key_stands_in_the_file(filled, at_work, cast):
    with at_work():
        key = crypto.ring().raw(str(cast.amara))
    data = filled.read_bytes()
    assert b"Amara" not in data
    assert key not in data


def test_who_was_erased_since_goes_again_and_cannot_be_read(at_work, cast, here, tmp_path, wipe):
    path = tmp_path / "hub.backup"
    backup.make(here(), path)
    erasing.erase(here(), cast.jo)
    wipe()
    backup.put_back(here(), path)
    with at_work(), pytest.raises(crypto.CannotOpen):
        session.get_one(Person, cast.jo)
    assert erased.finish(here()) == 1
    with at_work():
        assert session.scalar(select(func.count()).where(Person.id == cast.jo)) == 0


def test_who_came_back_goes_with_the_next_that_is_let_go_of(at_work, cast, here, tmp_path, wipe):
    path = tmp_path / "hub.backup"
    backup.make(here(), path)
    erasing.erase(here(), cast.jo)
    wipe()
    backup.put_back(here(), path)
    retention.retain(here())
    with at_work():
        assert session.scalar(select(func.count()).where(Person.id == cast.jo)) == 0


def test_with_other_keys_it_does_not_open(filled, here, wipe, at_work):
    wipe()
    with at_work():
        ring = crypto.ring()
        with ring.engine.begin() as connection:
            connection.execute(text("DELETE FROM kept_key WHERE subject = 'hub:backup'"))
        ring._open.clear()
    with pytest.raises(backup.Damaged):
        backup.put_back(here(), filled)
