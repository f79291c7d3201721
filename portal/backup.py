"""A hub's whole database in one sealed file, and back again into an empty one.

The rows lie in it as they lie in the database, each sealed under its person's key; around them the file is sealed once
more, for the hub's backup key, chunk by chunk in their order, so that one altered, left out or cut off is noticed
before a single row is written. The key store is never in it: whoever has the file alone has nothing, and whoever was
erased stays so. One way for both databases, through the tables themselves, so a backup of one can be put into another.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Connection, Table, Uuid, bindparam, func, insert, select, update
from sqlalchemy.types import Date, LargeBinary

from portal import crypto, migrations
from portal.config import Hub
from portal.crypto import RESTORING, EncryptedText, Sealed
from portal.db import Base, UTCDateTime, engines_of

MAGIC = b"rowan backup 1\n"
_CHUNK = 1 << 18
_ROWS_AT_ONCE = 500


class Damaged(Exception):
    """A file that is no backup of this hub, or not as it was written; the text is a sentence."""


class NotEmpty(Exception):
    """A place that holds something already; the text is a sentence."""


@dataclass(frozen=True)
class Made:
    """What a backup holds: of which hub, from when, at which schema, how many rows in each table."""

    hub: str
    made_at: str
    schema: str
    counts: dict[str, int]
    salt: str = ""  # no other backup has it
    last: str = ""  # the hash of the last event of its trail

    @property
    def events(self) -> int:
        """How many events its trail has."""
        return self.counts["audit_event"]

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(self.counts.values())


# --- the sealed file ----------------------------------------------------------------------------------------------


def _cipher(salt: bytes) -> AESGCM:
    key = crypto.ring().hub_key("backup")
    return AESGCM(HKDF(SHA256(), 32, salt, b"rowan backup").derive(key))


def _place(header: bytes, number: int, *, last: bool) -> bytes:
    return header + struct.pack(">Q?", number, last)


class _Writer:
    def __init__(self, file: BinaryIO, header: bytes, salt: bytes) -> None:
        self._file, self._header, self._cipher = file, header, _cipher(salt)
        self._packer, self._waiting, self._number = zlib.compressobj(6), b"", 0

    def line(self, value: object) -> None:
        """Write one line."""
        self._waiting += self._packer.compress(json.dumps(value, separators=(",", ":")).encode() + b"\n")
        while len(self._waiting) > _CHUNK:
            self._seal(self._waiting[:_CHUNK], last=False)
            self._waiting = self._waiting[_CHUNK:]

    def close(self) -> None:
        """Write what is left, as the last chunk."""
        self._seal(self._waiting + self._packer.flush(), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = self._number.to_bytes(12, "big")
        sealed = self._cipher.encrypt(nonce, data, _place(self._header, self._number, last=last))
        self._file.write(struct.pack(">I?", len(sealed), last) + sealed)
        self._number += 1


def _opened(file: BinaryIO, header: bytes, salt: bytes) -> Iterator[bytes]:
    cipher, number, last = _cipher(salt), 0, False
    while not last:
        head = file.read(5)
        if len(head) < 5:
            raise Damaged("The file was cut off.")
        length, last = struct.unpack(">I?", head)
        if length > _CHUNK * 4:
            raise Damaged("The file is damaged.")
        try:
            yield cipher.decrypt(
                number.to_bytes(12, "big"), file.read(length), _place(header, number, last=last)
            )
        except (InvalidTag, ValueError):
            raise Damaged("The file is damaged, or it was made with other keys.") from None
        number += 1
    if file.read(1):
        raise Damaged("Something was written behind the end of the file.")


def lines_of(path: Path) -> Iterator[Any]:
    """What stands in a backup, line by line: first its header, then its tables, last its counts."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Damaged("This is no backup of Rowan.")
        header = file.readline(4096)
        try:
            about = json.loads(header)
            salt = base64.b64decode(about["salt"])
        except (ValueError, KeyError, TypeError):
            raise Damaged("The file is damaged: its first lines cannot be read.") from None
        yield about
        unpacker, rest = zlib.decompressobj(), b""
        for chunk in _opened(file, MAGIC + header, salt):
            *whole, rest = (rest + unpacker.decompress(chunk)).split(b"\n")
            yield from map(json.loads, whole)


# --- the values ---------------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    if isinstance(value, Sealed):
        return base64.b64encode(value.token).decode()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _value(column: Column[Any], plain: Any) -> object:
    if plain is None:
        return None
    kind = column.type
    if isinstance(kind, EncryptedText):
        return Sealed(base64.b64decode(plain))
    if isinstance(kind, LargeBinary):
        return base64.b64decode(plain)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(plain)
    if isinstance(kind, Date):
        return date.fromisoformat(plain)
    return UUID(plain) if isinstance(kind, Uuid) else plain


# --- making one ---------------------------------------------------------------------------------------------------


def make(hub: Hub, path: Path) -> Made:
    """Write a backup of *hub* to *path*, as it stands at one instant, beside whatever runs."""
    if path.exists():
        raise NotEmpty(f"{path} is there already; a backup never writes over another.")
    schema = migrations.current(hub.file) or ""
    salt = os.urandom(16)
    about = {"hub": hub.file.name, "made_at": hub.now().isoformat(), "schema": schema,
             "salt": base64.b64encode(salt).decode()}  # fmt: skip
    header = json.dumps(about).encode() + b"\n"
    unfinished = path.with_name(path.name + ".part")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - only so are its rights right from the first byte
            file.write(MAGIC + header)
            with hub.entered():
                writer = _Writer(file, MAGIC + header, salt)
                counts = _write_tables(hub, writer)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        crypto.keep_names_of(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return Made(hub.file.name, about["made_at"], schema, counts)


def _write_tables(hub: Hub, writer: _Writer) -> dict[str, int]:
    counts: dict[str, int] = {}
    engine = engines_of(hub.file).reading
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            writer.line({"table": table.name, "columns": [column.name for column in table.columns]})
            counts[table.name] = 0
            for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table)):
                writer.line([_plain(value) for value in row])
                counts[table.name] += 1
        writer.line({"counts": counts})
        writer.close()
    return counts


# --- reading one --------------------------------------------------------------------------------------------------


def check(path: Path) -> Made:
    """Read a whole backup without writing anything; raises `Damaged` if it is not as it was made."""
    lines = lines_of(path)
    about = next(lines)
    counts: dict[str, int] = {}
    table, told, end = "", None, (0, "")
    columns: list[str] = []
    for line in lines:
        if isinstance(line, list):
            counts[table] += 1
            if table == "audit_event":
                row = dict(zip(columns, line, strict=True))
                end = max(end, (row["number"], row["hash"]))
        elif "table" in line:
            table, columns = line["table"], line["columns"]
            counts[table] = 0
        else:
            told = line["counts"]
    if told != counts:
        raise Damaged("The file does not hold as many rows as were put into it.")
    return Made(about["hub"], about["made_at"], about["schema"], counts, about["salt"], end[1])


def put_back(hub: Hub, path: Path) -> Made:
    """Put what *path* holds into the empty database of *hub*, all of it or nothing.

    Where a restore of this very file was begun and not `finished`, what it put there is left as it is.
    """
    with hub.entered():
        made = check(path)
        migrations.upgrade(hub.file)
        if made.schema != (here := migrations.current(hub.file)):
            raise Damaged(
                f"The backup was made at schema {made.schema}, and this version is at {here}: restore it with the "
                "version that made it, then run `portal db upgrade`."
            )
        with engines_of(hub.file).writing.begin() as connection:
            if _was_begun(connection, made):
                return made
            if any(_rows_in(connection, table) for table in Base.metadata.sorted_tables):
                raise NotEmpty("The database holds something already; a restore works into an empty one.")
            _read_tables(connection, path)
            counts = {table.name: _rows_in(connection, table) for table in Base.metadata.sorted_tables}
            if counts != made.counts:
                raise Damaged("Not as many rows came back as the backup holds.")
            crypto.ring().set_mark(RESTORING, made.salt)  # beside the keys, as the database is not to know
    return made


def finished(hub: Hub) -> None:
    """A restore has come to its end: from now on no backup is put back over what is there."""
    with hub.entered():
        crypto.ring().set_mark(RESTORING, "")


def _was_begun(connection: Connection, made: Made) -> bool:
    """Whether the machine stopped between putting this very backup back and the end of its restore."""
    if crypto.ring().mark(RESTORING) != made.salt:
        return False
    trail = Base.metadata.tables["audit_event"]
    there = select(trail.c.hash).where(trail.c.number == made.events)
    return bool(made.last) and connection.scalar(there) == made.last


def _rows_in(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _read_tables(connection: Connection, path: Path) -> None:
    lines = lines_of(path)
    next(lines)
    putting: _Putting | None = None
    for line in lines:
        if isinstance(line, list) and putting is not None:
            putting.row(line)
        elif putting is not None:
            putting.close()
        if "table" in line:
            table = Base.metadata.tables[line["table"]]
            putting = _Putting(connection, table, [table.columns[name] for name in line["columns"]])


class _Putting:
    """The rows of one table on their way in; what points at its own table is filled in once all of them are there."""

    def __init__(self, connection: Connection, table: Table, columns: list[Column[Any]]) -> None:
        self._connection, self._table, self._columns = connection, table, columns
        self._own = [c.name for c in columns if any(key.column.table is table for key in c.foreign_keys)]
        self._waiting: list[dict[str, object]] = []
        self._later: list[dict[str, object]] = []

    def row(self, plain: list[Any]) -> None:
        """Take one row."""
        row = {column.name: _value(column, one) for column, one in zip(self._columns, plain, strict=True)}
        if any(row[name] is not None for name in self._own):
            self._later.append({"which": row["id"]} | {f"to_{name}": row[name] for name in self._own})
            row |= dict.fromkeys(self._own)
        self._waiting.append(row)
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._put()

    def close(self) -> None:
        """Put the last of them in, and what points at others of them."""
        self._put()
        if self._later:
            to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in self._own}
            these = self._table.c.id == bindparam("which")
            self._connection.execute(update(self._table).where(these).values(to), self._later)
            self._later = []

    def _put(self) -> None:
        if self._waiting:
            self._connection.execute(insert(self._table), self._waiting)
            self._waiting = []
