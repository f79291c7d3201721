"""Migrations up and down, and whether the schema is what the models say. Run by the role that owns the tables.

Alembic's own runtime, called with the engine of one hub; one deployment serves many hubs, so there is no ini
file with one address in it. A migration never imports a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, event

from portal.config import HubFile

HEAD, BASE = "heads", "base"
_FOLDER = Path(__file__).parent


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER / "versions")])


@contextmanager
def _as_owner(file: HubFile) -> Iterator[Connection]:
    engine = create_engine(file.owner_database or file.database)
    if engine.dialect.name == "sqlite":
        # A migration reads, then writes: it begins as a writer, or two of them fail each other.
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _run(file: HubFile, steps: Any, to: str) -> None:
    with _as_owner(file) as connection:
        context = MigrationContext.configure(
            connection, opts={"fn": steps, "script": _scripts(), "destination_rev": to}
        )
        with Operations.context(context):
            context.run_migrations()


def upgrade(file: HubFile, to: str = HEAD) -> None:
    """Bring the schema of *file*'s hub up to *to*."""
    scripts = _scripts()
    _run(file, lambda revision, _: scripts._upgrade_revs(to, revision), to)


def downgrade(file: HubFile, to: str = BASE) -> None:
    """Take the schema of *file*'s hub down to *to*."""
    scripts = _scripts()
    _run(file, lambda revision, _: scripts._downgrade_revs(to, revision), to)


def revisions() -> list[str]:
    """Every revision, from the first to the newest."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def difference(file: HubFile, metadata: MetaData) -> list[Any]:
    """What the models have and the schema has not, or the other way round; empty if they are the same."""
    with _as_owner(file) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def current(file: HubFile) -> str | None:
    """The revision that the schema of *file*'s hub is at; None before the first."""
    with _as_owner(file) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_at_head(file: HubFile) -> bool:
    """Whether the schema of *file*'s hub is at this version's last revision."""
    return current(file) == _scripts().get_current_head()
