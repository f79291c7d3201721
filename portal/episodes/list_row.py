"""One row of a list that was brought, until it is settled.

It lies sealed under the hub: before a row is taken nobody knows yet whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText, LookupHash, lookup_hash
from portal.db import Row
from portal.episodes.rows import ReadRow, row_of
from portal.episodes.values import Problem, State
from portal.episodes.words import SAME, TO_SETTLE


class ListRow(Row):
    """One row of a list that was brought, sealed under the hub, and what is to be done with it."""

    __tablename__ = "list_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("list_import.id"))
    line: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(
        EncryptedText
    )  # JSON: texts, problems, changes; None once settled
    row_hash: Mapped[str] = mapped_column(LookupHash, index=True)
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    episode_id: Mapped[UUID | None] = mapped_column(ForeignKey("episode.id"))
    decided: Mapped[str | None] = mapped_column(
        String(10)
    )  # "known" or "other": is it the child_id it may be?
    settled: Mapped[str | None] = mapped_column(String(10))  # taken, aside, same
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)

    __table_args__ = (
        Index("ix_list_row_import_id_line", "import_id", "line", unique=True),
        Index("ix_list_row_settled_state", "settled", "state"),
        Index("ix_list_row_settled_at", "settled_at"),
    )

    @property
    def texts(self) -> dict[str, str]:
        """The row's cells by field, as they came or were mended."""
        return dict(self._said().get("texts", {}))

    @property
    def problems(self) -> list[Problem]:
        """What somebody should know about it."""
        return [
            Problem(field, sentence, State(weight))
            for field, sentence, weight in self._said().get("problems", [])
        ]

    @property
    def changes(self) -> list[str]:
        """The fields in which it differs from what the hub knows."""
        return list(self._said().get("changes", []))

    def _said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.words or "{}")
        return found

    @property
    def waits(self) -> bool:
        """Whether it waits for a person."""
        return self.settled is None and self.state in TO_SETTLE

    @property
    def state_words(self) -> str:
        """What it is, or what became of it, for staff."""
        said = "the same" if self.state == SAME else self.state
        return {"taken": "taken", "aside": "set aside"}.get(self.settled or "", said)

    def write(
        self, texts: Mapping[str, str], problems: tuple[Problem, ...], changes: tuple[str, ...]
    ) -> None:
        """Keep what it says and what is to be known about it."""
        self.words = json.dumps(
            {
                "texts": dict(texts),
                "problems": [list(problem) for problem in problems],
                "changes": list(changes),
            }
        )

    def read(self) -> ReadRow:
        """Its texts, read anew at this moment."""
        hub = current_hub()
        return row_of(self.line, self.texts, now=hub.now(), authority=hub.file.authority)

    def settle(self, how: str, by: UUID | None) -> None:
        """It is done with: what it said is let go."""
        self.settled, self.settled_at, self.settled_by_id, self.words = how, current_hub().now(), by, None

    def set_aside(self, reason: str, by: UUID) -> None:
        """A person decides that nothing comes of this row, and says why."""
        self.reason = reason
        self.settle("aside", by)
        audit.record("row.set_aside", object_kind="list row", object_id=self.id, line=self.line)

    def mend(self, texts: Mapping[str, str]) -> None:
        """Write other values where some were wrong."""
        before = self.texts
        mended = sorted(field for field, text in texts.items() if text != before.get(field))
        self.write(before | dict(texts), tuple(self.problems), tuple(self.changes))
        audit.record("row.mended", object_kind="list row", object_id=self.id, line=self.line, fields=mended)


def hash_of(row: ReadRow) -> str:
    """What a row is known by, white space aside."""
    return lookup_hash("row", row.plain)
