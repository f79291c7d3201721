"""What is sensitive is sealed in its column: `EncryptedText`, `Sealed`, `LookupHash`, and the key ring.

AES-256-GCM binds each value to its table, column, row and *subject*, the person whose key it is, so that
values cannot be swapped between rows, columns or people. Each person has a key; it is wrapped by a key that
is kept elsewhere and lies in a store of its own that no backup contains. Nothing else touches a key.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import time
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, attributes
from sqlalchemy.types import TypeDecorator

from portal.config import HubFile, SettingsError, current_hub
from portal.db import Base

RESTORING = "restoring"  # the mark in the store that says which backup is being put back
HUB = "hub"  # the subject of what belongs to nobody: the hub itself
_VERSION = b"\x02"
_UNPADDED = b"\x01"  # sealed by an earlier version, and still read
_STEP = 64  # bytes: what is sealed is filled up to whole steps, or its length would tell which box was ticked
_FRESH_SECONDS = 60  # how long an opened key is kept, so that an erased one is gone everywhere in a minute
_MOST_KEPT = 4096


class CannotOpen(Exception):
    """A sealed value that is not what its place says: moved, altered, or its key is gone."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value still under its key. It refuses to become text, so that it can reach no page and no log."""

    token: bytes

    def _refuse(self, *_: object) -> NoReturn:
        raise CannotOpen("A sealed value was about to be written out; open it first.")

    __str__ = __format__ = __html__ = __len__ = __iter__ = __bool__ = _refuse

    def __repr__(self) -> str:
        return "<Sealed>"


class EncryptedText(TypeDecorator[Any]):
    """A column of text that lies in the database only sealed. ORM rows hold `str`; Core reads yield `Sealed`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        """Let only what is sealed reach the database."""
        if value is None:
            return None
        if isinstance(value, Sealed):
            return value.token
        raise TypeError(
            "An EncryptedText column takes only sealed values; write through the ORM or seal() first."
        )

    def process_result_value(self, value: Any, dialect: Any) -> Sealed | None:
        """Hand the value out as it lies: sealed."""
        return None if value is None else Sealed(bytes(value))


class LookupHash(TypeDecorator[str]):
    """A column that holds a keyed hash of something sealed, so that it can be found but not read."""

    impl = String(44)
    cache_ok = True


_keys = Table(
    "kept_key",
    MetaData(),
    Column("subject", String(36), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

# What else must not lie with the data: how far the audit chain had come, so that a cut tail is noticed.
_marks = Table(
    "kept_mark",
    _keys.metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

# Who was erased, so that a backup from before is not read again, and what it holds of them goes once more.
_erased = Table(
    "kept_erased",
    _keys.metadata,
    Column("subject", String(36), primary_key=True),
    Column("at", String(32), nullable=False),
)


def new_wrapping_keys() -> str:
    """The text of a fresh file of wrapping keys, to be kept elsewhere than the data."""
    return json.dumps({"current": 1, "keys": {"1": base64.b64encode(os.urandom(32)).decode()}})


def _read_wrapping_keys(path: Path) -> tuple[int, dict[int, AESGCM]]:
    try:
        data = json.loads(path.read_text("utf-8"))
        keys = {int(n): AESGCM(base64.b64decode(k, validate=True)) for n, k in data["keys"].items()}
        current = int(data["current"])
        keys[current]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            "settings: the file of wrapping keys cannot be read; restore it from its copy."
        ) from error
    return current, keys


def add_wrapping_key(path: Path, in_use: set[int]) -> int:
    """Put a new wrapping key into the file and make it the current one; its number.

    The one it follows stays: a process may wrap with it until it reads the file again. Older ones that no store of
    *in_use* needs any more go. Written beside and put in its place at once, so no process reads half a file.
    """
    data = json.loads(path.read_text("utf-8"))
    before = int(data["current"])
    kept = {n: key for n, key in data["keys"].items() if int(n) == before or int(n) in in_use}
    number = max(int(n) for n in data["keys"]) + 1
    kept[str(number)] = base64.b64encode(os.urandom(32)).decode()
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - only so are its rights right from the first byte
        file.write(json.dumps({"current": number, "keys": kept}))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    keep_names_of(path.parent)
    return number


@contextmanager
def rotating(path: Path) -> Iterator[None]:
    """Hold the file of wrapping keys for one rotation; another waits, or both would give one number to two keys."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def keep_names_of(folder: Path) -> None:
    """Have the folder's own list of names on disk too, or a power cut takes a new file back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass
class KeyRing:
    """The keys of one hub: wrapped in their store, opened here for at most a minute."""

    file: HubFile
    path: Path
    engine: Engine
    current: int
    wrapping: dict[int, AESGCM]
    seen: int = 0  # when the file of wrapping keys was last written, as far as this process knows
    _open: dict[str, tuple[AESGCM, bytes, float]] = field(default_factory=dict)

    @classmethod
    def opened(cls, file: HubFile, path: Path) -> KeyRing:
        """The ring of *file*'s hub, its store made ready; raises `SettingsError` if the keys cannot be read."""
        current, wrapping = _read_wrapping_keys(path)
        engine = create_engine(file.key_store, pool_pre_ping=file.key_store.startswith("postgresql"))
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
        _keys.metadata.create_all(engine)
        return cls(file, path, engine, current, wrapping)

    def make(self, subject: str) -> None:
        """Make the key of *subject*, once; committed in the store before any row is sealed with it."""
        with self.engine.begin() as connection:
            self._make_in(connection, subject)

    def _make_in(self, connection: Any, subject: str) -> None:
        if (seen := self.path.stat().st_mtime_ns) != self.seen:
            # Keys were rotated meanwhile: what is made from now on is wrapped by the newest.
            self.current, self.wrapping = _read_wrapping_keys(self.path)
            self.seen = seen
        nonce, key = os.urandom(12), os.urandom(32)
        wrapped = nonce + self.wrapping[self.current].encrypt(nonce, key, subject.encode())
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        connection.execute(
            insert(_keys)
            .values(subject=subject, number=self.current, wrapped=wrapped)
            .on_conflict_do_nothing()
        )

    def make_many(self, subjects: list[str]) -> None:
        """Make the keys of many people in one transaction of the store."""
        with self.engine.begin() as connection:
            for subject in subjects:
                self._make_in(connection, subject)

    def raw(self, subject: str) -> bytes:
        """The opened key of *subject*; raises `CannotOpen` if it was erased or never made."""
        return self._entry(subject)[1]

    def cipher(self, subject: str) -> AESGCM:
        """The cipher of *subject*'s key."""
        return self._entry(subject)[0]

    def _entry(self, subject: str) -> tuple[AESGCM, bytes, float]:
        found = self._open.get(subject)
        if found is not None and time.monotonic() - found[2] < _FRESH_SECONDS:
            return found
        with self.engine.connect() as connection:
            row = connection.execute(select(_keys).filter_by(subject=subject)).first()
        if row is None:
            self._open.pop(subject, None)
            raise CannotOpen("The key is not in the store: it was erased, or never made.")
        return self._keep(row)

    def _unwrapped(self, row: Any) -> bytes:
        if row.number not in self.wrapping:
            self.current, self.wrapping = _read_wrapping_keys(self.path)
        try:
            return self.wrapping[row.number].decrypt(row.wrapped[:12], row.wrapped[12:], row.subject.encode())
        except (KeyError, InvalidTag):
            raise CannotOpen(
                "The key cannot be unwrapped: this is not the file of wrapping keys it was made with."
            ) from None

    def _keep(self, row: Any) -> tuple[AESGCM, bytes, float]:
        key = self._unwrapped(row)
        entry = (AESGCM(key), key, time.monotonic())
        self._open.pop(row.subject, None)  # and to the end again: they stand in the order they were opened in
        self._open[row.subject] = entry
        self._let_go(entry[2])
        return entry

    def _let_go(self, now: float) -> None:
        """Forget the keys that were opened a minute ago, asked for since or not, and the oldest of too many."""
        # Another thread may be doing the same.
        with suppress(StopIteration, RuntimeError, KeyError):
            while now - self._open[oldest := next(iter(self._open))][2] >= _FRESH_SECONDS or (
                len(self._open) > _MOST_KEPT
            ):
                self._open.pop(oldest, None)

    def fetch(self, subjects: Iterable[str]) -> None:
        """Open the keys of many people in one statement; of one who has none, opening says so later."""
        young = time.monotonic() - _FRESH_SECONDS
        wanted = {s for s in subjects if s not in self._open or self._open[s][2] <= young}
        if not wanted:
            return
        with self.engine.connect() as connection:
            for row in connection.execute(select(_keys).where(_keys.c.subject.in_(wanted))):
                self._keep(row)

    def rewrap(self) -> int:
        """Wrap every key anew with the current wrapping key, fifty in a commit, beside whatever runs; how many."""
        self.current, self.wrapping = _read_wrapping_keys(self.path)
        old = select(_keys).where(_keys.c.number != self.current).order_by(_keys.c.subject).limit(50)
        done = 0
        while True:
            with self.engine.begin() as connection:
                rows = connection.execute(old).all()
                for row in rows:
                    key, name = self._unwrapped(row), row.subject.encode()
                    nonce = os.urandom(12)
                    wrapped = nonce + self.wrapping[self.current].encrypt(nonce, key, name)
                    connection.execute(
                        _keys.update()
                        .where(_keys.c.subject == row.subject, _keys.c.wrapped == row.wrapped)
                        .values(number=self.current, wrapped=wrapped)
                    )
                done += len(rows)
            if not rows:
                return done

    def numbers(self) -> set[int]:
        """Which wrapping keys are in use here."""
        with self.engine.connect() as connection:
            return set(connection.execute(select(_keys.c.number).distinct()).scalars())

    def note_erased(self, subject: str) -> None:
        """Note that *subject* goes: from now on a restore takes their rows away again, once their key has gone."""
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        noted = insert(_erased).values(subject=subject, at=current_hub().now().isoformat())
        with self.engine.begin() as connection:
            connection.execute(noted.on_conflict_do_nothing())

    def erase(self, subject: str) -> None:
        """Delete the key of *subject* for good: no backup opens what they said again, however old."""
        self.note_erased(subject)
        with self.engine.begin() as connection:
            connection.execute(_keys.delete().where(_keys.c.subject == subject))
        self._open.pop(subject, None)

    def erased(self) -> list[str]:
        """Everybody who was erased, by their id."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(_erased.c.subject).order_by(_erased.c.subject)).scalars())

    def knows(self, subject: str) -> bool:
        """Whether the store has a key of *subject*."""
        return subject in self.known([subject])

    def known(self, subjects: Collection[str]) -> set[str]:
        """Of whom among *subjects*, a few hundred at most, the store has a key; in one statement."""
        with self.engine.connect() as connection:
            asked = select(_keys.c.subject).where(_keys.c.subject.in_(subjects))
            return set(connection.execute(asked).scalars())

    def mark(self, name: str) -> str | None:
        """What was last noted under *name* in the store, or None."""
        with self.engine.connect() as connection:
            return connection.execute(select(_marks.c.value).filter_by(name=name)).scalar()

    def set_mark(self, name: str, value: str) -> None:
        """Note *value* under *name* in the store, beside the keys and away from the data."""
        insert = postgresql.insert if self.engine.dialect.name == "postgresql" else sqlite.insert
        row = insert(_marks).values(name=name, value=value)
        with self.engine.begin() as connection:
            connection.execute(
                row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value})
            )

    def hub_key(self, purpose: str) -> bytes:
        """A key of the hub's own for *purpose* ("lookup", "audit"), made on first use."""
        try:
            return self.raw(f"{HUB}:{purpose}")
        except CannotOpen:
            self.make(f"{HUB}:{purpose}")
            return self.raw(f"{HUB}:{purpose}")


def _durable(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


_rings: dict[str, KeyRing] = {}


def open_ring(file: HubFile, path: Path) -> KeyRing:
    """Open *file*'s ring for this process; the hub's own keys are made on the way."""
    ring = _rings[file.key_store] = KeyRing.opened(file, path)
    # Before anything is asked for: a page that only reads makes no key.
    ring.make_many(
        [HUB, *(f"{HUB}:{purpose}" for purpose in ("lookup", "audit", "backup", "draw", "challenge"))]
    )
    return ring


def close_ring(file: HubFile) -> None:
    """Forget *file*'s ring and close its store."""
    if ring := _rings.pop(file.key_store, None):
        ring.engine.dispose()


class HalfPutBack(SettingsError):
    """A hub whose restore stopped on its way; the text is a sentence."""


def check_whole(file: HubFile) -> None:
    """Raise `HalfPutBack` while a restore of this hub has begun and not come to its end; its ring is open.

    What a backup brings back would let in whoever has been shut out since; only the end of a restore ends that.
    """
    if ring_of(file).mark(RESTORING):
        raise HalfPutBack(
            f"{file.name}: a restore was begun and has not come to its end; run the same `portal restore` again."
        )


def ring_of(file: HubFile) -> KeyRing:
    """The open ring of *file*'s hub."""
    return _rings[file.key_store]


def ring() -> KeyRing:
    """The key ring of the current hub."""
    return _rings[current_hub().file.key_store]


def make_key(person_id: UUID) -> None:
    """Make the key of a person, before anything about them is written."""
    ring().make(str(person_id))


def fetch_keys(people: Iterable[UUID | None]) -> None:
    """Open the keys of everybody on a list at once, before it opens their names one by one."""
    ring().fetch({str(person) for person in people if person is not None})


def _place(table: str, column: str, row_id: UUID, subject: str) -> bytes:
    return f"{table}|{column}|{row_id}|{subject}".encode()


def _name(subject: UUID | None) -> str:
    return HUB if subject is None else str(subject)


def _filled_up(data: bytes) -> bytes:
    """*data* with its end marked, in whole steps (ISO/IEC 7816-4)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % _STEP)


def seal(text: str, table: str, column: str, row_id: UUID, subject: UUID | None) -> Sealed:
    """Seal *text* for exactly this place, under the key of *subject* (None: the hub)."""
    nonce, name = os.urandom(12), _name(subject)
    data = _filled_up(text.encode("utf-8", "surrogatepass"))
    sealed = ring().cipher(name).encrypt(nonce, data, _VERSION + _place(table, column, row_id, name))
    return Sealed(_VERSION + nonce + sealed)


def open_sealed(sealed: Sealed, table: str, column: str, row_id: UUID, subject: UUID | None) -> str:
    """Open what `seal` made for this place; raises `CannotOpen` if it is not from here."""
    name, token = _name(subject), sealed.token
    place, padded = _place(table, column, row_id, name), token[:1] == _VERSION
    if not padded and token[:1] != _UNPADDED:
        raise CannotOpen("The value is not sealed in a way this version knows.")
    try:
        data = ring().cipher(name).decrypt(token[1:13], token[13:], _VERSION + place if padded else place)
    except InvalidTag:
        raise CannotOpen("The value does not belong in this place.") from None
    return data[: data.rindex(b"\x80") if padded else None].decode("utf-8", "surrogatepass")


def normalised(kind: str, text: str) -> str:
    """The form of *text* in which two spellings of one thing are alike (`kind`: email, phone, number, name, …)."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    if kind == "phone":
        try:
            parsed = phonenumbers.parse(folded, "GB")
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        except phonenumbers.NumberParseException:
            return re.sub(r"\D", "", folded)
    if kind == "number":
        return re.sub(r"[^a-z0-9]", "", folded)
    if kind == "name":
        bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        return re.sub(r"[^a-z0-9]+", " ", bare).strip()
    return re.sub(r"\s+", " ", folded)


def lookup_hash(kind: str, text: str) -> str:
    """The keyed hash under which *text* can be found again in a `LookupHash` column of that *kind*."""
    message = f"{kind}\0{normalised(kind, text)}".encode("utf-8", "surrogatepass")
    digest = hmac.new(ring().hub_key("lookup"), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()


# --- sealing: before the flush, and opening: after the load -----------------------------------------------------


def sealed_columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The attributes of *mapper*'s class that lie sealed."""
    found: tuple[str, ...] | None = mapper.class_.__dict__.get("_sealed")
    if found is None:
        found = tuple(p.key for p in mapper.column_attrs if isinstance(p.columns[0].type, EncryptedText))
        mapper.class_._sealed = found
    return found


def _whose(target: Any) -> UUID | None:
    subject = type(target).__subject__
    return None if subject is None else getattr(target, subject)


def _open_loaded(target: Any, *_: Any) -> None:
    state = attributes.instance_state(target)
    for key in sealed_columns(state.mapper):
        value = state.dict.get(key)
        if isinstance(value, Sealed):
            text = open_sealed(value, target.__tablename__, key, target.id, _whose(target))
            attributes.set_committed_value(target, key, text)


def _seal_new(mapper: Mapper[Any], _: Any, target: Any) -> None:
    for key in sealed_columns(mapper):
        if isinstance(value := getattr(target, key), str):
            setattr(target, key, seal(value, target.__tablename__, key, target.id, _whose(target)))


def _seal_changed(mapper: Mapper[Any], _: Any, target: Any) -> None:
    state = inspect(target)
    for key in sealed_columns(mapper):
        if state.attrs[key].history.has_changes() and isinstance(value := getattr(target, key), str):
            setattr(target, key, seal(value, target.__tablename__, key, target.id, _whose(target)))


def sealed_values(new: Base) -> dict[str, Any]:
    """The columns of a *new* row that no session holds, sealed: for the insert of many rows in one statement."""
    _seal_new(mapper := inspect(type(new)), None, new)
    return {column.key: getattr(new, column.key) for column in mapper.column_attrs}


def _open_flushed(mapper: Mapper[Any], _: Any, target: Any) -> None:
    _open_loaded(target)


event.listen(Base, "load", _open_loaded, propagate=True)
event.listen(Base, "refresh", _open_loaded, propagate=True)
event.listen(Base, "before_insert", _seal_new, propagate=True)
event.listen(Base, "before_update", _seal_changed, propagate=True)
event.listen(Base, "after_insert", _open_flushed, propagate=True)
event.listen(Base, "after_update", _open_flushed, propagate=True)
