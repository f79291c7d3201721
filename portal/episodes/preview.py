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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal import audit, crypto
from portal.config import Hub, HubFile, Settings, load_hubs
from portal.db import session, step
from portal.episodes.column_match import ColumnMatch
from portal.episodes.columns import FIELDS, signature
from portal.episodes.daily_list import DailyList, rows_of, sheet_of
from portal.episodes.imports import AT_ONCE, KEPT, ListImport
from portal.episodes.known import Known
from portal.episodes.list_row import ListRow, hash_of
from portal.episodes.matching import Found, judge
from portal.episodes.reading import NotAList
from portal.episodes.rows import ReadRow
from portal.episodes.taking import Next, take_next
from portal.episodes.words import COLUMNS, READY, STATES, TAKING, TO_SETTLE, WORKING

ROOT = Path(__file__).resolve().parents[2]
_GIVE_WAY = threading.Event()  # never set
NOWHERE = UUID(int=0)  # the list of a dry run, which is kept nowhere


@contextmanager
def _reading(hub: Hub) -> Iterator[None]:
    """A look at the database that locks nothing."""
    hub.writer = False
    with hub.entered():
        try:
            yield
        finally:
            session.remove()


def work_out(hub: Hub, import_id: UUID) -> None:
    """Read the list, judge each row beside what the hub knows, and keep the rows sealed until somebody takes them."""
    with _reading(hub):
        brought = session.get_one(ListImport, import_id)
        content, state = brought.file_bytes, brought.state
    if state != WORKING:
        return
    try:
        listed = _listed(hub, content)
    except NotAList as refusal:
        with step(hub):
            session.get_one(ListImport, import_id).fail(str(refusal))
        return
    with step(hub):
        session.get_one(ListImport, import_id).understand(listed.columns, len(listed.rows))
    if listed.columns.wanted:
        return
    for done, rows, found in _judged(hub, listed, import_id):
        if not _keep(hub, import_id, rows, found, done, len(listed.rows)):
            return
    with step(hub):
        session.get_one(ListImport, import_id).state = READY
        audit.record("list.ready", object_kind="list", object_id=import_id, rows=len(listed.rows))


def _keep(hub: Hub, import_id: UUID, rows: list[ReadRow], found: list[Found], done: int, total: int) -> bool:
    """Keep some rows, in one commit; False if somebody dropped the list meanwhile."""
    with step(hub):
        brought = session.get_one(ListImport, import_id)
        if brought.state != WORKING:
            return False
        session.add_all(_kept(row, what, import_id) for row, what in zip(rows, found, strict=True))
        brought.beat(done, total)
        return True


def _listed(hub: Hub, content: bytes) -> DailyList:
    sheet = sheet_of(content)
    with _reading(hub):
        matches = ColumnMatch.remembered(signature(sheet.headings))
    return rows_of(sheet, now=hub.now(), authority=hub.file.authority, matches=matches)


def _judged(hub: Hub, listed: DailyList, import_id: UUID) -> Iterator[tuple[int, list[ReadRow], list[Found]]]:
    for at in range(0, len(listed.rows), AT_ONCE):
        rows = list(listed.rows[at : at + AT_ONCE])
        with _reading(hub):
            known = Known.about(rows, beside=import_id)
            found = [judge(row, known) for row in rows]
        yield at + len(rows), rows, found


def _kept(row: ReadRow, found: Found, import_id: UUID) -> ListRow:
    kept = ListRow(
        import_id=import_id, line=row.line, state=found.state, row_hash=hash_of(row.texts),
        child_id=found.child_id, episode_id=found.episode_id,
    )  # fmt: skip
    kept.write(row.texts, found.problems, found.changes)
    return kept


def take_all(hub: Hub, import_id: UUID) -> None:
    """Take the new and changed rows of a list, a few in each commit, until none is left."""
    left = 1
    while left:
        with _reading(hub):
            brought = session.get_one(ListImport, import_id)
            if brought.state != TAKING:
                return
            some = Next.of(brought)
        began = time.monotonic()
        with step(hub):
            left = take_next(session.get_one(ListImport, import_id), some)
        # SQLite's writers do not queue, they look again now and then: leave them as much time as was taken.
        _GIVE_WAY.wait(time.monotonic() - began if left else 0)


@dataclass
class Imported:
    """What came of a list from the command line: rows by state, how many were taken, and each line's sentences."""

    counts: dict[str, int]
    not_used: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    taken: int = 0

    def add(self, row: ReadRow, found: Found) -> None:
        """Count one row and keep what is to be known about it."""
        self.counts[found.state] += 1
        said = [{"field": problem.field, "sentence": problem.sentence} for problem in found.problems]
        self.rows.append({"line": row.line, "state": str(found.state), "problems": said})

    def as_json(self) -> dict[str, Any]:
        """Everything, as plain values."""
        return self.counts | {"taken": self.taken, "not_used": self.not_used, "rows": self.rows}

    def as_text(self) -> str:
        """The counts, and a line for each row that waits for somebody."""
        counted = ", ".join(f"{number} {state}" for state, number in self.counts.items())
        waiting = (
            f"line {row['line']}, {row['state']}: {' '.join(p['sentence'] for p in row['problems'])}"
            for row in self.rows
            if row["state"] in TO_SETTLE
        )
        return "\n".join((f"{counted}; {self.taken} taken", *waiting))


def import_file(hub: Hub, content: bytes, *, file_name: str = "list", dry_run: bool = False,
                progress: Callable[[int, int], None] | None = None) -> Imported:  # fmt: skip
    """Bring a list in from the command line and take what can be taken; what needs a person waits in the tray.

    A dry run writes nothing. *progress* is told how many rows are done, and out of how many. Raises
    `NotAList` with a sentence.
    """
    listed = _listed(hub, content)
    if listed.columns.wanted:
        wanted = ", ".join(FIELDS[field] for field in listed.columns.wanted)
        raise NotAList(
            f"These columns are not recognised: {wanted}. Bring this list once on the page “The day's list” and "
            "match them there; from then on they are remembered."
        )
    answer = Imported(dict.fromkeys(STATES, 0), list(listed.columns.not_used))
    import_id = NOWHERE if dry_run else _brought(hub, content, file_name)
    for done, rows, judged in _judged(hub, listed, import_id):
        if not dry_run:
            _keep(hub, import_id, rows, judged, done, len(listed.rows))
        for row, found in zip(rows, judged, strict=True):
            answer.add(row, found)
        if progress:
            progress(done, len(listed.rows))
    if not dry_run:
        answer.taken = _taken(hub, import_id)
    return answer


def _taken(hub: Hub, import_id: UUID) -> int:
    with step(hub):
        session.get_one(ListImport, import_id).take()
    take_all(hub, import_id)
    with _reading(hub):
        return session.get_one(ListImport, import_id).how_many("taken")


def _brought(hub: Hub, content: bytes, file_name: str) -> UUID:
    with step(hub):
        return ListImport.bring(content, file_name, hub.actor).id


def drop_old_previews(hub: Hub) -> int:
    """Let go of every list that nobody took within a day; how many. A nightly step."""
    with step(hub):
        old = session.scalars(
            select(ListImport).where(
                ListImport.state.in_((WORKING, COLUMNS, READY)), ListImport.created_at < hub.now() - KEPT
            )
        ).all()
        for brought in old:
            brought.drop()
    return len(old)


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
    except Exception as fault:  # noqa: BLE001 - whatever it was, the page has to say that it stopped
        with step(hub):
            session.get_one(ListImport, asked.list).stumble()
        print(f"list {asked.list}: {type(fault).__name__}", file=sys.stderr)  # noqa: T201
        return 1


def _work(hub: Hub, import_id: UUID) -> int:
    with _reading(hub):
        brought = session.get_one(ListImport, import_id)
        hub.actor, state = brought.by_id, brought.state
    if state == TAKING:
        take_all(hub, import_id)
    else:
        work_out(hub, import_id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
