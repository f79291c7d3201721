"""A list worked out in a process of its own, so that nobody who presses "not safe" meanwhile waits for it.

The page stores the file sealed and starts this process; the process says how far it has come in the list's
own row. It reads and judges outside of any writing transaction and commits a few rows at a time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from portal import audit, crypto
from portal.config import Hub, HubFile, Settings, load_hubs
from portal.crypto import sealed_values
from portal.db import session, step
from portal.episodes.column_match import ColumnMatch
from portal.episodes.columns import signature
from portal.episodes.daily_list import DailyList, rows_of, sheet_of
from portal.episodes.imports import AT_ONCE, ListImport
from portal.episodes.known import Known
from portal.episodes.list_row import ListRow, hash_of
from portal.episodes.matching import Found, judge
from portal.episodes.reading import NotAList
from portal.episodes.rows import ReadRow
from portal.episodes.taking import Next, take_next
from portal.episodes.words import DROPPED, READY, TAKING, WORKING

ROOT = Path(__file__).resolve().parents[2]
_GIVE_WAY = threading.Event()  # never set


@contextmanager
def reading_of(hub: Hub) -> Iterator[None]:
    """A look at the database that locks nothing."""
    hub.writer = False
    with hub.entered():
        try:
            yield
        finally:
            session.remove()


@contextmanager
def _turn(hub: Hub, import_id: UUID) -> Iterator[int]:
    """The turn of this process to work on a list; if it fails, whoever waits may start another one at once."""
    with step(hub):
        turn = ListImport.locked(import_id).begin_turn()
    try:
        yield turn
    except Exception:
        with step(hub):
            if (brought := ListImport.at_turn(import_id, turn)) is not None:
                brought.stumble()
        raise


def work_out(hub: Hub, import_id: UUID) -> None:
    """Read the list, judge each row beside what the hub knows, and keep the rows sealed until somebody takes them."""
    with _turn(hub, import_id) as turn:
        _work_out(hub, import_id, turn)


def _work_out(hub: Hub, import_id: UUID, turn: int) -> None:
    if not _clear(hub, import_id, turn):
        return
    with reading_of(hub):
        content = session.get_one(ListImport, import_id).file_bytes
    try:
        listed = listed_in(hub, content)
    except NotAList as refusal:
        with step(hub):
            if (brought := ListImport.at_turn(import_id, turn)) is not None:
                brought.fail(str(refusal))
        return
    with step(hub):
        if (brought := ListImport.at_turn(import_id, turn)) is not None:
            brought.understand(listed.columns, len(listed.rows))
    if listed.columns.wanted:
        return
    for done, rows, found in judged(hub, listed, import_id):
        if not keep(hub, import_id, turn, rows, found, done, len(listed.rows)):
            return
    with step(hub):
        if (brought := ListImport.at_turn(import_id, turn)) is not None:
            brought.state = READY
            audit.record("list.ready", object_kind="list", object_id=import_id, rows=len(listed.rows))


def _clear(hub: Hub, import_id: UUID, turn: int) -> bool:
    """Let go, a few at a time, of what an earlier process made of the list; False if it is not to be worked out."""
    while True:
        with step(hub):
            brought = ListImport.at_turn(import_id, turn)
            if brought is None or brought.state != WORKING:
                return False
            if brought.clear_some():
                return True


def keep(
    hub: Hub, import_id: UUID, turn: int, rows: list[ReadRow], found: list[Found], done: int, total: int
) -> bool:
    """Keep some rows, in one commit; False if somebody dropped the list meanwhile, or another process has it."""
    # Sealed before the commit begins, and written as they are: whoever says "not safe" waits for its end.
    with hub.entered():
        kept = [_kept(row, what, import_id) for row, what in zip(rows, found, strict=True)]
    with step(hub):
        brought = ListImport.at_turn(import_id, turn)
        if brought is None:
            return False
        session.execute(insert(ListRow).execution_options(render_nulls=True), kept)
        brought.beat(done, total)
        return True


def listed_in(hub: Hub, content: bytes) -> DailyList:
    """What a file says, its columns matched as somebody once said; raises `NotAList` with a sentence."""
    sheet = sheet_of(content)
    with reading_of(hub):
        matches = ColumnMatch.remembered(signature(sheet.headings))
    return rows_of(sheet, now=hub.now(), authority=hub.file.authority, matches=matches)


def judged(hub: Hub, listed: DailyList, import_id: UUID) -> Iterator[tuple[int, list[ReadRow], list[Found]]]:
    """How many rows are done, the next few, and what each is beside what the hub knows; nothing is locked."""
    for at in range(0, len(listed.rows), AT_ONCE):
        rows = list(listed.rows[at : at + AT_ONCE])
        with reading_of(hub):
            known = Known.about(rows, beside=import_id)
            found = [judge(row, known) for row in rows]
        yield at + len(rows), rows, found


def _kept(row: ReadRow, found: Found, import_id: UUID) -> dict[str, Any]:
    kept = ListRow(
        import_id=import_id, line=row.line, state=found.state, row_hash=hash_of(row),
        child_id=found.child_id, episode_id=found.episode_id,
    )  # fmt: skip
    kept.write(row.texts, found.problems, found.changes)
    return sealed_values(kept)


def take_all(hub: Hub, import_id: UUID) -> None:
    """Take the new and changed rows of a list, a few in each commit, until none is left; then put it away."""
    with _turn(hub, import_id) as turn:
        while _take_some(hub, import_id, turn):
            pass


def _take_some(hub: Hub, import_id: UUID, turn: int) -> bool:
    """One short commit of it; whether there is more to do."""
    with reading_of(hub):
        brought = session.get_one(ListImport, import_id)
        if brought.state != TAKING:
            return False
        some = Next.of(brought)
    began = time.monotonic()
    with step(hub):
        mine = ListImport.at_turn(import_id, turn)
        if mine is None:
            return False
        if some.rows:
            take_next(mine, some)
        elif mine.put_away_some():
            return False
    # SQLite's writers do not queue, they look again now and then: leave them as much time as was taken.
    _GIVE_WAY.wait(time.monotonic() - began)
    return True


def clear_away(hub: Hub, import_id: UUID) -> None:
    """Let go of the rows of a list that was dropped, a few in each commit."""
    gone = False
    with step(hub):
        ListImport.locked(import_id).begin_turn()
    while not gone:
        with step(hub):
            brought = ListImport.locked(import_id)
            gone = brought.state != DROPPED or brought.clear_some()


def start(file: HubFile, settings: Settings, import_id: UUID, now: datetime) -> subprocess.Popen[bytes]:
    """Start the process that works on a list; it judges by the time *now* of whoever asked for it."""
    asked = [file.name, str(import_id), now.isoformat()]
    # In the folder of whoever starts it: the paths of the settings and of the hub file may begin there.
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(  # noqa: S603 - our own program with arguments of our own making
        [sys.executable, "-P", "-m", "portal.episodes.preview", *asked],
        env=os.environ | settings.as_environment() | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    # Somebody has to wait for it, or it stays in the process table when it is done.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def main(arguments: list[str] | None = None) -> int:
    """Work on one list, whatever is to be done with it; the exit status is 0 only on success."""
    parser = argparse.ArgumentParser(prog="preview", description="Works out one list that somebody brought.")
    parser.add_argument("hub")
    parser.add_argument("list", type=UUID)
    parser.add_argument("now", type=datetime.fromisoformat)
    asked = parser.parse_args(arguments)
    # Whoever answers pages goes first.
    os.nice(5)
    settings = Settings.from_environment()
    file = next(hub for hub in load_hubs(settings) if hub.name == asked.hub)
    crypto.open_ring(file, settings.keys)
    began = time.monotonic()
    hub = Hub(file, clock=lambda: asked.now + timedelta(seconds=time.monotonic() - began))
    try:
        return _work(hub, asked.list)
    except Exception as fault:  # noqa: BLE001 - whatever it was, its words may be a child's
        print(f"list {asked.list}: {type(fault).__name__}", file=sys.stderr)  # noqa: T201
        return 1


def _work(hub: Hub, import_id: UUID) -> int:
    with reading_of(hub):
        brought = session.get_one(ListImport, import_id)
        hub.actor, state = brought.by_id, brought.state
    if state == TAKING:
        take_all(hub, import_id)
    elif state == DROPPED:
        clear_away(hub, import_id)
    else:
        work_out(hub, import_id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
