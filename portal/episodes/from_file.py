"""A list brought in from the command line: worked out and taken at once, and what came of it as text or JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portal.config import Hub
from portal.db import session, step
from portal.episodes.columns import FIELDS
from portal.episodes.imports import ListImport
from portal.episodes.matching import Found
from portal.episodes.preview import judged, keep, listed_in, reading_of, take_all
from portal.episodes.reading import NotAList
from portal.episodes.rows import ReadRow
from portal.episodes.words import STATES, TO_SETTLE

_NOT_OURS_ANY_MORE = (
    "Somebody dropped this list meanwhile, or it stood still so long that the worker went on with it: look at it on "
    "the page “The day's list”."
)
NOWHERE = UUID(int=0)  # the list of a dry run, which is kept nowhere


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
    listed = listed_in(hub, content)
    if listed.columns.wanted:
        wanted = ", ".join(FIELDS[field] for field in listed.columns.wanted)
        raise NotAList(
            f"These columns are not recognised: {wanted}. Bring this list once on the page “The day's list” and "
            "match them there; from then on they are remembered."
        )
    answer = Imported(dict.fromkeys(STATES, 0), list(listed.columns.not_used))
    import_id, turn = (NOWHERE, 0) if dry_run else _brought(hub, content, file_name)
    for done, rows, found in judged(hub, listed, import_id):
        if not dry_run and not keep(hub, import_id, turn, rows, found, done, len(listed.rows)):
            raise NotAList(_NOT_OURS_ANY_MORE)
        for row, what in zip(rows, found, strict=True):
            answer.add(row, what)
        if progress:
            progress(done, len(listed.rows))
    if not dry_run:
        answer.taken = _taken(hub, import_id, turn)
    return answer


def _taken(hub: Hub, import_id: UUID, turn: int) -> int:
    with step(hub):
        brought = ListImport.at_turn(import_id, turn)
        if brought is None:
            raise NotAList(_NOT_OURS_ANY_MORE)
        brought.take()
    take_all(hub, import_id)
    with reading_of(hub):
        return session.get_one(ListImport, import_id).how_many("taken")


def _brought(hub: Hub, content: bytes, file_name: str) -> tuple[UUID, int]:
    with step(hub):
        brought = ListImport.bring(content, file_name, hub.actor)
        return brought.id, brought.begin_turn()
