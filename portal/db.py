"""Sessions, `Row`, and the one commit per request.

A transaction that will write begins as a writer (`BEGIN IMMEDIATE` on SQLite); one that only reads refuses to
flush. `kept()` lets a refusal be committed; `aside()` is a short transaction of its own. On PostgreSQL the
actor is set in each transaction, and the login role owns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, DateTime, Engine, MetaData, Uuid, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    UOWTransaction,
    mapped_column,
    scoped_session,
)
from sqlalchemy.types import TypeDecorator

from portal.config import Hub, HubFile, current_hub, hub_or_none

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
NOBODY = "nobody"  # the actor before anybody has signed in; the database answers to it, and to no empty one


class ReadOnly(Exception):
    """Something was about to be written in a transaction that only reads."""


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """A `timestamptz` on PostgreSQL; SQLite has no zones."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("An instant needs a time zone; this one has none.")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Hand out UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Everything that is a table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime, UUID: Uuid(as_uuid=True)}
    __subject__: ClassVar[str | None] = None


def new_id() -> UUID:
    """A random id (UUIDv4): one that told the time would tell a parent when something was written."""
    return UUID(int=current_hub().rng.getrandbits(128), version=4)


class Row(Base):
    """A row with a random id, known from its construction, and the instant it was made."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        values.setdefault("created_at", current_hub().now())
        super().__init__(**values)


# --- engines and sessions ---------------------------------------------------------------------------------------


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = (
        None  # SQLAlchemy's begin event says BEGIN, so that a writer can say IMMEDIATE
    )
    for pragma in ("foreign_keys=on", "journal_mode=wal", "busy_timeout=5000", "synchronous=full"):
        connection.execute(f"PRAGMA {pragma}")
    if (
        connection.execute("PRAGMA synchronous").fetchone()[0],
        connection.execute("PRAGMA foreign_keys").fetchone()[0],
    ) != (2, 1):
        raise RuntimeError("SQLite did not take synchronous=FULL and foreign_keys=on.")


def _begin_sqlite(connection: Any) -> None:
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _begin_postgres(connection: Any) -> None:
    # Without a hub nobody acts, and the database shows nobody's rows.
    if (hub := hub_or_none()) is not None:
        connection.exec_driver_sql(f"SET LOCAL rowan.actor = '{hub.actor or NOBODY}'")


def make_engine(url: str) -> Engine:
    """An engine with Rowan's rules for when a transaction begins."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, pool_pre_ping=True, pool_size=5)
    event.listen(engine, "begin", _begin_postgres)
    return engine


_engines: dict[str, Engine] = {}
_writing: dict[str, Engine] = {}  # the same engines, whose transactions begin as writers


def engine_of(file: HubFile) -> Engine:
    """The engine of *file*'s hub, one per process."""
    if (engine := _engines.get(file.database)) is None:
        engine = _engines[file.database] = make_engine(file.database)
        _writing[file.database] = engine.execution_options(writer=True)
    return engine


def close_engine(file: HubFile) -> None:
    """Close every connection to *file*'s hub."""
    _writing.pop(file.database, None)
    if engine := _engines.pop(file.database, None):
        engine.dispose()


class HubSession(Session):
    """A session that belongs to one hub context and knows whether it may write."""

    def __init__(self, hub: Hub, writer: bool, on: Connection | None = None) -> None:
        engine = engine_of(hub.file)
        super().__init__(on or (_writing[hub.file.database] if writer else engine), expire_on_commit=False)
        self.hub, self.writer = hub, writer


def _only_writers_flush(session: Session, _: UOWTransaction, __: Any) -> None:
    if isinstance(session, HubSession) and not session.writer:
        raise ReadOnly("A page that only reads was about to write; a GET changes nothing.")


event.listen(Session, "before_flush", _only_writers_flush)


def _for_current_hub() -> HubSession:
    hub = current_hub()
    return HubSession(hub, hub.writer, on=hub.reads)


session: scoped_session[HubSession] = scoped_session(_for_current_hub, scopefunc=lambda: id(current_hub()))  # type: ignore[arg-type]


def core() -> Connection:
    """The connection of this request for a prebuilt statement; a page that only reads needs no session for it.

    On the hottest pages the session's own work cost as much as their two statements.
    """
    hub = current_hub()
    if hub.writer or session.registry.has():
        return session.connection()
    if hub.reads is None:
        hub.reads = engine_of(hub.file).connect()
    return hub.reads


def let_go() -> None:
    """Undo and close whatever this request has left open."""
    hub = current_hub()
    if session.registry.has():
        session.remove()
    if hub.reads is not None:
        hub.reads.close()
        hub.reads = None


def insert_into(table: type[Base]) -> sqlite.Insert:
    """An insert into *table* that may say what happens if the row is there: both dialects spell that alike."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)  # type: ignore[return-value]


def act_as(person_id: UUID) -> None:
    """From here on, in this transaction too, it is *person_id* who acts."""
    hub = current_hub()
    hub.actor = person_id
    if engine_of(hub.file).dialect.name == "postgresql":
        core().exec_driver_sql(f"SET LOCAL rowan.actor = '{person_id}'")


def kept() -> None:
    """Commit this request although its answer is a refusal (a wrong PIN, a failed sign-in, a typed draft)."""
    current_hub().keeps = True


@contextmanager
def aside() -> Iterator[HubSession]:
    """A short writing transaction of its own, committed when the block ends (counters, touches, a read's audit)."""
    hub = current_hub()
    with HubSession(hub, writer=True) as own, own.begin():
        yield own


@contextmanager
def reading() -> Iterator[HubSession]:
    """A short transaction of its own that only reads: for a look before slow work that must keep no writer waiting."""
    with HubSession(current_hub(), writer=False) as own, own.begin():
        yield own


@contextmanager
def step(hub: Hub) -> Iterator[Hub]:
    """One commit of a command or a job: *hub* is current and writes until the block ends; an error undoes it."""
    hub.writer = True
    with hub.entered():
        try:
            yield hub
            session.commit()
        finally:
            session.remove()


def writing(hub: Hub, work: Callable[[], Any]) -> Any:
    """Run *work* as one step of *hub* and hand back what it returned."""
    with step(hub):
        return work()
