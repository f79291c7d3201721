"""Sessions, `Row`, and the one commit per request.

A transaction that will write begins as a writer (`BEGIN IMMEDIATE` on SQLite); one that only reads refuses to
flush. `kept()` lets a refusal be committed; `aside()` is a short transaction of its own. On PostgreSQL the
actor is set in each transaction, and the login role owns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Connection, DateTime, Engine, MetaData, Uuid, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
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
STEP = "step"  # instead of a door: a command or a job, which works behind the second wall


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


def after(row: Row | None) -> datetime:
    """Now, or the first instant after *row* where the clock stands or was put back: of two, the later one stands."""
    now = current_hub().now()
    return now if row is None else max(now, row.created_at + timedelta(microseconds=1))


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


def _only_to_read(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA query_only=on")


def _begin(connection: Any) -> None:
    connection.execute("BEGIN")


def _begin_to_write(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")


def _act(connection: Any) -> None:
    # Without a hub nobody acts, and the database shows nobody's rows. Several settings in one round trip, which only
    # an unprepared statement may hold.
    if (hub := hub_or_none()) is not None:
        at = hub.now().isoformat()
        door = STEP if hub.beyond else hub.door or STEP
        connection.execute(
            f"SET LOCAL rowan.actor = '{hub.actor or NOBODY}'; SET LOCAL rowan.door = '{door}'; "
            f"SET LOCAL rowan.now = '{at}'",
            prepare=False,
        )


class Engines(NamedTuple):
    """A hub's engines: on PostgreSQL one and the same, on SQLite one that can only read and one that begins as a writer."""

    reading: Engine
    writing: Engine

    @classmethod
    def of(cls, url: str) -> Self:
        """Engines for the database at *url*, with Rowan's rules for when a transaction begins."""
        if url.startswith("sqlite"):
            reading, writing = _beginning(url, _begin), _beginning(url, _begin_to_write)
            event.listen(writing, "connect", _on_connect)
            event.listen(reading, "connect", _on_connect)
            event.listen(reading, "connect", _only_to_read)
            return cls(reading, writing)
        engine = _beginning(url, _act, pool_pre_ping=True, pool_size=5)
        return cls(engine, engine)


def _beginning(url: str, begin: Callable[[Any], Any], **options: Any) -> Engine:
    """An engine whose transactions begin so. Said to the dialect: an event would be asked at every statement."""
    engine = create_engine(url, **options)
    engine.dialect.do_begin = lambda dbapi_connection: begin(dbapi_connection.driver_connection)  # type: ignore[method-assign]
    return engine


_engines: dict[str, Engines] = {}


def engines_of(file: HubFile) -> Engines:
    """The engines of *file*'s hub, one pair per process."""
    if (found := _engines.get(file.database)) is None:
        found = _engines[file.database] = Engines.of(file.database)
    return found


def close_engine(file: HubFile) -> None:
    """Close every connection to *file*'s hub."""
    for engine in _engines.pop(file.database, ()):
        engine.dispose()


class HubSession(Session):
    """A session that belongs to one hub context and knows whether it may write."""

    def __init__(self, hub: Hub, writer: bool, on: Connection | None = None) -> None:
        engines = engines_of(hub.file)
        super().__init__(
            on or (engines.writing if writer else engines.reading),
            expire_on_commit=False,
            join_transaction_mode="control_fully",  # a transaction that `core` began is the session's own
        )
        self.hub, self.writer = hub, writer
        self.noted: list[dict[str, Any]] = []  # for the audit trail


def _only_writers_flush(session: Session, _: UOWTransaction, __: Any) -> None:
    if isinstance(session, HubSession) and not session.writer:
        raise ReadOnly("A page that only reads was about to write; a GET changes nothing.")


event.listen(Session, "before_flush", _only_writers_flush)


def _for_current_hub() -> HubSession:
    hub = current_hub()
    made = HubSession(hub, hub.writer, on=hub.on)
    made.noted = hub.noted
    return made


session: scoped_session[HubSession] = scoped_session(_for_current_hub, scopefunc=lambda: id(current_hub()))  # type: ignore[arg-type]


def core() -> Connection:
    """The connection of this request or step for a prebuilt statement; it needs no session.

    On the hottest pages the session's own work cost as much as their statements. A session that is asked for later
    goes on in the same transaction.
    """
    hub = current_hub()
    if hub.on is None or hub.on.closed:
        engines = engines_of(hub.file)
        if session.registry.has():
            hub.on = session.connection()
        else:
            hub.on = (engines.writing if hub.writer else engines.reading).connect()
    return hub.on


# What has to stand in a commit of this hub as its last step: `audit` adds itself.
last_steps: list[Callable[[Connection, list[dict[str, Any]]], None]] = []


def commit() -> None:
    """Commit what this request or step has done: the one place where that happens."""
    hub = current_hub()
    if session.registry.has():
        session.commit()
    if hub.noted:
        finish(core(), hub.noted)
    if hub.on is not None and hub.on.in_transaction():
        hub.on.commit()


def finish(connection: Connection, noted: list[dict[str, Any]]) -> None:
    """Take the last steps before a commit."""
    for last_step in last_steps:
        last_step(connection, noted)


def _finish_session(own: Session) -> None:
    if isinstance(own, HubSession) and own.noted:
        own.flush()
        finish(own.connection(), own.noted)


def _forget(own: Session, *_: object) -> None:
    if isinstance(own, HubSession):
        own.noted.clear()


event.listen(Session, "before_commit", _finish_session)
event.listen(Session, "after_soft_rollback", _forget)


def undo() -> None:
    """Undo what this request or step has done so far, and end its transaction."""
    hub = current_hub()
    if session.registry.has():
        session.rollback()
    if hub.on is not None and hub.on.in_transaction():
        hub.on.rollback()
    hub.noted.clear()


def let_go() -> None:
    """Undo and close whatever this request or step has left open."""
    hub = current_hub()
    if session.registry.has():
        session.remove()
    if hub.on is not None:
        hub.on.close()
        hub.on = None
    hub.noted.clear()


def insert_into(table: type[Base]) -> sqlite.Insert:
    """An insert into *table* that may say what happens if the row is there: both dialects spell that alike."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)  # type: ignore[return-value]


def act_as(person_id: UUID) -> None:
    """From here on, in this transaction too, it is *person_id* who acts."""
    hub = current_hub()
    hub.actor = person_id
    if hub.file.database.startswith("postgresql"):
        core().exec_driver_sql(f"SET LOCAL rowan.actor = '{person_id}'")


@contextmanager
def beyond_the_wall() -> Iterator[None]:
    """What a rule makes one person's act do to rows that are not theirs, such as raising an alert with somebody else.

    PostgreSQL shows each row only to those it belongs to; what is asked here is asked as a step of the hub, and what
    the page may show of it is for the code in the block to say. Each use is listed by a test.
    """
    hub = current_hub()
    if hub.beyond or hub.door is None or not hub.file.database.startswith("postgresql"):
        yield
        return
    hub.beyond = True
    _through_door(STEP)
    try:
        yield
        if hub.writer and session.registry.has():
            session.flush()
    finally:
        hub.beyond = False
        with suppress(DBAPIError):  # after a fault of the database the transaction is over anyhow
            _through_door(hub.door)


def _through_door(door: str) -> None:
    core().exec_driver_sql(f"SET LOCAL rowan.door = '{door}'")


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
            commit()
        finally:
            let_go()


@contextmanager
def looking(hub: Hub) -> Iterator[Hub]:
    """A look of a command or a job before its step: it only reads, so it keeps no writer waiting."""
    with Hub(hub.file, clock=hub.clock).entered() as look:
        try:
            yield look
        finally:
            let_go()


def writing(hub: Hub, work: Callable[[], Any]) -> Any:
    """Run *work* as one step of *hub* and hand back what it returned."""
    with step(hub):
        return work()


def count_anew(hub: Hub) -> None:
    """Let SQLite look how large its tables are, or it takes every one for small; PostgreSQL does so by itself."""
    if engines_of(hub.file).writing.dialect.name == "sqlite":
        with step(hub):
            core().exec_driver_sql("PRAGMA analysis_limit=400")  # rows per index: milliseconds at any size
            core().exec_driver_sql("ANALYZE")
