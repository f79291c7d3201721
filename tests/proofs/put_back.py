"""Backup, wipe, restore: equal on both databases; a damaged file is refused before a row is written.

A hub that is full of two young people's things is put into a file, wiped and put back. Then the file is harmed again
and again: bytes changed, its end cut off or lengthened, stretches swapped, chunks left out, doubled, moved, called the
last or taken from another backup of the same hub, its clear first lines altered. Seen red with chunks that were sealed
without their place, and with a file that was not read to its end before the first row.
"""

from __future__ import annotations

import random
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from portal import audit, backup, db, migrations
from portal.config import Hub, HubFile
from portal.db import session
from tests.machine.postgres import fresh_database
from tests.proofs.migrations import a_hub_at_head, rows_of

_SMALL = 4096  # bytes of a chunk, so that a small hub has many
_WAYS = (
    "byte",
    "cut",
    "longer",
    "swapped",
    "header",
    "left out",
    "doubled",
    "moved",
    "ended early",
    "foreign",
)


def wipe(file: HubFile) -> None:
    """Leave nothing of the database but its schema."""
    db.close_engine(file)
    migrations.downgrade(file)
    migrations.upgrade(file)


@contextmanager
def small_chunks() -> Iterator[None]:
    """Backups are made of many small chunks meanwhile."""
    with patch.object(backup, "_CHUNK", _SMALL):
        yield


def _split(whole: bytes) -> tuple[bytes, list[bytes]]:
    """The clear beginning of a backup, and its sealed chunks as they lie there."""
    at = whole.index(b"\n", len(backup.MAGIC)) + 1
    head, chunks = whole[:at], []
    while at < len(whole):
        end = at + 5 + struct.unpack(">I", whole[at : at + 4])[0]
        chunks.append(whole[at:end])
        at = end
    return head, chunks


def harm(rng: random.Random, whole: bytes, other: bytes, way: str) -> bytes:
    """*whole*, harmed in that way; *other* is another backup of the same hub."""
    head, chunks = _split(whole)
    one, two = rng.sample(range(len(chunks) - 1), 2)
    at = rng.randrange(len(whole))
    if way == "byte":
        return whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :]
    if way == "cut":
        return whole[:at]
    if way == "longer":
        return whole + rng.randbytes(rng.randrange(1, 3000))
    if way == "header":
        return whole.replace(b'"made_at": "20', b'"made_at": "19', 1)
    if way == "swapped":
        first, second = sorted((at, rng.randrange(len(whole))))
        return whole[:first] + whole[second:] + whole[first:second]
    if way == "left out":
        del chunks[one]
    elif way == "doubled":
        chunks.insert(two, chunks[one])
    elif way == "moved":
        chunks[one], chunks[two] = chunks[two], chunks[one]
    elif way == "ended early":
        chunks[one:] = [chunks[one][:4] + b"\1" + chunks[one][5:]]
    else:
        chunks[one] = _split(other)[1][one]
    return head + b"".join(chunks)


def equal_again(file: HubFile, path: Path) -> tuple[int, list[str]]:
    """Back the hub up to *path*, wipe it, put it back and follow its trail: its rows, and the tables that differ."""
    backup.make(Hub(file), path)
    before = rows_of(file)
    wipe(file)
    made = backup.put_back(Hub(file), path)
    backup.finished(Hub(file))
    after = rows_of(file)
    with db.step(Hub(file)):
        assert audit.verify(session.connection(), put_back=made.events) == made.events
    same = {
        name for name in before if sorted(map(str, before[name])) == sorted(map(str, after.get(name, [])))
    }
    return made.rows, sorted((before.keys() | after.keys()) - same)


def not_refused(file: HubFile, folder: Path, times: int, seed: int = 7) -> tuple[Counter[str], list[str]]:
    """Harm a backup so many times and put it into the wiped hub: how often in each way, and what was let in."""
    whole, other, harmed = folder / "whole", folder / "other", folder / "harmed"
    for path in (whole, other):
        backup.make(Hub(file), path)
    wipe(file)
    rng, ways, missed = random.Random(seed), Counter[str](), []
    for n in range(times):
        way = _WAYS[n % len(_WAYS)]
        data = harm(rng, whole.read_bytes(), other.read_bytes(), way)
        if data == whole.read_bytes():
            continue  # two empty stretches were swapped
        ways[way] += 1
        harmed.write_bytes(data)
        try:
            backup.put_back(Hub(file), harmed)
        except backup.Damaged:
            continue
        missed.append(way)
        backup.finished(Hub(file))
        wipe(file)
    if left := [name for name, rows in rows_of(file).items() if rows]:
        missed.append(f"rows in {', '.join(left)}")
    return ways, missed


def prove(times: int = 1000) -> Iterator[str]:
    """Put back once and harm a thousand times, on each database."""
    wrong = []
    for name in ("SQLite", "PostgreSQL"):
        with (
            fresh_database() as made,
            tempfile.TemporaryDirectory(prefix="put-back-") as folder,
            small_chunks(),
            a_hub_at_head(None if name == "SQLite" else made, full=True) as file,
        ):
            rows, differ = equal_again(file, Path(folder) / "backup")
            ways, missed = not_refused(file, Path(folder), times)
        yield f"{name}: {rows} rows put back, {len(differ)} tables differ"
        yield f"  harmed {ways.total()} times ({', '.join(ways)}): {len(missed)} not refused"
        wrong += [*differ, *missed]
    assert not wrong, wrong[:5]
