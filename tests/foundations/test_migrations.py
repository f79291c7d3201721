"""Each migration goes up and down on both databases, and the schema is what the models say."""

import importlib
import re
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine

from portal import migrations
from portal.db import Base
from tests.conftest import HUB, on_postgresql, write_hub
from tests.machine.postgres import fresh_database


@pytest.fixture
def empty_hub(tmp_path, database):
    """A hub whose database is still without a table."""
    for part in ("data", "keys", "hubs"):
        (tmp_path / part).mkdir()
    if database == "sqlite":
        yield write_hub(tmp_path)
        return
    with fresh_database() as made:
        yield write_hub(tmp_path, on_postgresql(HUB, made))


def _tables(file):
    engine = create_engine(file.owner_database or file.database)
    found = MetaData()
    found.reflect(engine)
    engine.dispose()
    return set(found.tables) - {"alembic_version"}


def test_the_newest_schema_is_what_the_models_say(empty_hub):
    migrations.upgrade(empty_hub)
    assert migrations.difference(empty_hub, Base.metadata) == []


def test_up_down_and_up_again_leaves_the_same_schema(empty_hub):
    migrations.upgrade(empty_hub)
    there = _tables(empty_hub)
    migrations.downgrade(empty_hub)
    assert _tables(empty_hub) == set()
    migrations.upgrade(empty_hub)
    assert _tables(empty_hub) == there == set(Base.metadata.tables)


def test_going_up_twice_changes_nothing(empty_hub):
    migrations.upgrade(empty_hub)
    migrations.upgrade(empty_hub)
    assert migrations.difference(empty_hub, Base.metadata) == []


def test_no_migration_imports_a_model():
    for path in Path(migrations.__file__).parent.glob("versions/*.py"):
        # What a migration needs beside itself is named for the one that it is frozen with.
        text = re.sub(r"from portal\.migrations\.\w+_\d{4} import", "", path.read_text())
        assert "import portal" not in text
        assert "from portal" not in text


def test_every_table_stands_in_the_second_wall():
    # Whoever adds a table adds a line to WALL, in versions/0020_second_wall.py or in a migration of their own.
    names = sorted(path.stem for path in Path(migrations.__file__).parent.glob("versions/0*.py"))
    modules = [importlib.import_module(f"portal.migrations.versions.{name}") for name in names]
    walled = {line.table for module in modules for line in getattr(module, "WALL", ())}
    assert walled == set(Base.metadata.tables)
