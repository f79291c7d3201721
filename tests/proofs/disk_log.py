"""What SQLite writes and when it asks the disk to keep it: recorded below every connection of this process.

The methods of each file that SQLite opens are put in front of its own (https://www.sqlite.org/c3ref/io_methods.html),
so nothing of Rowan knows of it. From the log come images of a disk whose power failed: what was written before the
last sync of its file is there; of what came after, any part may be, in sectors.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512  # bytes that a disk writes whole or not at all

_FILE = ctypes.c_void_p
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_int)
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, _FILE, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)


class _Methods(ctypes.Structure):
    """The beginning of sqlite3_io_methods, and room for the rest of version 3."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p),
        ("sync", ctypes.c_void_p),
        ("rest", ctypes.c_void_p * 13),
    )


class _Vfs(ctypes.Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
    )


@dataclass(frozen=True)
class Entry:
    """One thing that was done to a file: written at a place, cut to a size, synced, deleted; or *said* to somebody."""

    done: str
    path: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class DiskLog:
    """Everything that was done to the files of a folder, in its order, and what was said to somebody in between."""

    folder: Path
    entries: list[Entry] = field(default_factory=list)
    before: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")  # shared memory does not outlive the power
        }

    def note(self, done: str, path: bytes | None, at: int = 0, data: bytes = b"") -> None:
        """Write down what was done to a file, if it is one of this folder."""
        name = path.decode() if path else ""
        if name.startswith(f"{self.folder}/"):
            self.entries.append(Entry(done, name.removeprefix(f"{self.folder}/"), at, data))

    def said(self, what: str) -> None:
        """Somebody was told that this is saved."""
        self.entries.append(Entry("said", what))

    def image(self, cut: int, to: Path, rng: random.Random) -> list[str]:
        """Lay out in *to* what may be on the disk if the power fails after *cut* entries; what had been said by then."""
        files = {name: bytearray(content) for name, content in self.before.items()}
        loose: dict[str, list[Entry]] = {}  # since the last sync of that file
        said = []
        for entry in self.entries[:cut]:
            if entry.done == "said":
                said.append(entry.path)
            elif entry.done == "deleted":
                files.pop(entry.path, None)
                loose.pop(entry.path, None)
            elif entry.done == "synced":
                for one in loose.pop(entry.path, []):
                    _apply(files, one)
            else:
                loose.setdefault(entry.path, []).append(entry)
        for entries in loose.values():
            _apply_some(files, entries, rng)
        for name, content in files.items():
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return said


def _apply(files: dict[str, bytearray], entry: Entry) -> None:
    file = files.setdefault(entry.path, bytearray())
    if entry.done == "cut":
        del file[entry.at :]
        return
    if len(file) < entry.at:
        file.extend(bytes(entry.at - len(file)))
    file[entry.at : entry.at + len(entry.data)] = entry.data


def _apply_some(files: dict[str, bytearray], entries: list[Entry], rng: random.Random) -> None:
    """Each write that was not synced may be there, or not, or in part, whatever came before or after it."""
    for entry in entries:
        if entry.done == "cut":
            if rng.random() < 0.5:
                _apply(files, entry)
            continue
        share = rng.choice((0.0, 0.5, 1.0))
        for start in range(0, len(entry.data), SECTOR):
            if rng.random() < share:
                part = entry.data[start : start + SECTOR]
                _apply(files, Entry("written", entry.path, entry.at + start, part))


@contextmanager
def recorded(folder: Path) -> Iterator[DiskLog]:
    """While this lasts, what SQLite does to the files in *folder* that it opens from now on is written down."""
    library = ctypes.CDLL(_sqlite3.__file__)  # the one that Python's own module speaks to
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    log, hold = DiskLog(folder), _Hold(vfs.open, vfs.delete)
    opened = _OPEN(lambda *given: hold.opened(log, *given))
    deleted = _DELETE(lambda *given: hold.deleted(log, *given))
    vfs.open, vfs.delete = ctypes.cast(opened, ctypes.c_void_p), ctypes.cast(deleted, ctypes.c_void_p)
    try:
        yield log
    finally:
        vfs.open, vfs.delete = hold.open, hold.delete
        _KEPT.append((opened, deleted, hold))  # files that are still open go on calling them


_KEPT: list[object] = []


class _Hold:
    """SQLite's own functions, and what stands in front of them for as long as a file may be open."""

    def __init__(self, open_: int, delete: int) -> None:
        self.open, self.delete = open_, delete
        self.tables: dict[int, tuple[_Methods, object]] = {}
        self.names: dict[int, bytes] = {}

    def opened(self, log: DiskLog, vfs: int, path: bytes | None, file: int, flags: int, out: object) -> int:
        """Open a file as SQLite does, and put our methods in front of its own."""
        status: int = _OPEN(self.open)(vfs, path, file, flags, out)
        methods = ctypes.cast(file, ctypes.POINTER(ctypes.POINTER(_Methods)))
        if status == 0 and path and methods[0]:
            self.names[file] = path
            before = ctypes.addressof(methods[0].contents)
            methods[0] = ctypes.pointer(self._in_front(log, before))
        return status

    def deleted(self, log: DiskLog, vfs: int, path: bytes | None, sync: int) -> int:
        """Delete a file as SQLite does, and write it down."""
        status: int = _DELETE(self.delete)(vfs, path, sync)
        if status == 0:
            log.note("deleted", path)
        return status

    def _in_front(self, log: DiskLog, before: int) -> _Methods:
        if before in self.tables:
            return self.tables[before][0]
        own = _Methods.from_address(before)
        write, cut, sync = _WRITE(own.write), _TRUNCATE(own.truncate), _SYNC(own.sync)

        def written(file: int, data: int, size: int, at: int) -> int:
            log.note("written", self.names.get(file), at, ctypes.string_at(data, size))
            return int(write(file, data, size, at))

        def truncated(file: int, size: int) -> int:
            log.note("cut", self.names.get(file), size)
            return int(cut(file, size))

        def synced(file: int, flags: int) -> int:
            status = int(sync(file, flags))
            if status == 0:
                log.note("synced", self.names.get(file))
            return status

        ours = _Methods.from_buffer_copy(own)
        calls = (_WRITE(written), _TRUNCATE(truncated), _SYNC(synced))
        ours.write, ours.truncate, ours.sync = (ctypes.cast(one, ctypes.c_void_p) for one in calls)
        self.tables[before] = (ours, calls)
        return ours
