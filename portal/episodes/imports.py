"""A list that was brought in, and its rows until they are settled.

The rows lie sealed under the hub: before a row is taken nobody knows yet whose it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, Select, String, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.config import current_hub
from portal.crypto import EncryptedText, LookupHash, lookup_hash
from portal.db import Row, session
from portal.episodes.columns import Columns
from portal.episodes.list_row import ListRow
from portal.episodes.words import (
    COLUMNS,
    DROPPED,
    FAILED,
    LIST_WORDS,
    READY,
    SAME,
    STATES,
    TAKEN,
    TAKING,
    TO_SETTLE,
    TO_TAKE,
    WORKING,
)

# Rows in one commit. Whoever says "not safe" meanwhile waits for one commit, not for all. Kept rows were sealed
# before it began; taking one enters a person, an episode and an interview, and so takes many times as long.
AT_ONCE, TAKEN_AT_ONCE = 50, 10
KEPT = timedelta(days=1)  # how long a preview that nobody takes is kept
SILENT = timedelta(seconds=20)  # a process that has not been heard of for so long has stopped
_MOST_PATIENCE = 90  # times as long, half an hour: a list that stops each process is not tried all the time


class ListImport(Row):
    """A list as somebody brought it: worked out in a process of its own, shown, taken or dropped."""

    __tablename__ = "list_import"

    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), index=True)
    digest: Mapped[str] = mapped_column(LookupHash, index=True)
    # base64, until the list is taken or dropped; far larger than the rest, so fetched only when it is worked out
    content: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    file_name: Mapped[str] = mapped_column(EncryptedText)
    about: Mapped[str | None] = mapped_column(
        EncryptedText
    )  # JSON: headings, what is wanted, what is not used
    sentence: Mapped[str | None] = mapped_column(String(300))  # why it failed
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    turn: Mapped[int] = mapped_column(Integer)  # of several processes, the last to begin goes on
    beat_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]

    @classmethod
    def bring(cls, content: bytes, file_name: str, by: UUID | None) -> ListImport:
        """Keep a file that somebody brought, to be worked out."""
        brought = cls(
            by_id=by, state=WORKING, digest=digest_of(content), file_name=file_name[:120] or "list",
            content=base64.b64encode(content).decode(), beat_at=current_hub().now(), done=0, total=0, turn=0,
        )  # fmt: skip
        session.add(brought)
        audit.record("list.brought", object_kind="list", object_id=brought.id, bytes=len(content))
        return brought

    @classmethod
    def refuse(cls, content: bytes, file_name: str, sentence: str, by: UUID | None) -> None:
        """Keep that a file was brought among others and is no list; *sentence* says why. The file itself is not kept."""
        brought = cls.bring(content, file_name, by)
        brought.fail(sentence)

    @classmethod
    def brought_before(cls, content: bytes) -> ListImport | None:
        """The last time that this very file was brought, if it still lies here or was taken."""
        return session.scalar(
            select(cls)
            .where(cls.digest == digest_of(content), cls.state.not_in((DROPPED, FAILED)))
            .order_by(cls.created_at.desc())
            .limit(1)
        )

    @classmethod
    def locked(cls, import_id: UUID) -> ListImport:
        """The list, which nobody else changes until this step is over."""
        return session.get_one(cls, import_id, with_for_update=True)

    @classmethod
    def at_turn(cls, import_id: UUID, turn: int) -> ListImport | None:
        """The list, locked, for the process whose *turn* it is; None if another began since, or somebody dropped it."""
        brought = cls.locked(import_id)
        return brought if brought.turn == turn and brought.state in (WORKING, TAKING) else None

    def begin_turn(self) -> int:
        """A process begins to work on it; one that began before, and was only slow, does no more."""
        self.turn += 1
        self.beat(self.done, self.total)
        return self.turn

    @property
    def file_bytes(self) -> bytes:
        """The file as it was brought."""
        return base64.b64decode(self.content or "")

    @property
    def columns(self) -> dict[str, Any]:
        """What was made of its headings: *headings*, *signature*, *wanted*, *not_used*, *fields*."""
        found: dict[str, Any] = {"headings": [], "signature": "", "wanted": [], "not_used": [], "fields": {}}
        found.update(json.loads(self.about or "{}"))
        return found

    @property
    def silent(self) -> bool:
        """Whether the process that works on it has stopped without a word."""
        return self.state in (WORKING, TAKING) and current_hub().now() - self.beat_at > SILENT

    @property
    def may_be_helped(self) -> bool:
        """Whether the worker starts a process for it by itself: after each that stopped it waits a little longer."""
        return current_hub().now() - self.beat_at > SILENT * min(max(self.turn, 1), _MOST_PATIENCE)

    @property
    def busy(self) -> bool:
        """Whether a process is at work on it."""
        return self.state in (WORKING, TAKING) and not self.silent

    @property
    def state_words(self) -> str:
        """How it stands, for staff."""
        return LIST_WORDS[self.state]

    def beat(self, done: int, total: int) -> None:
        """Note how far the work has come, and that it goes on."""
        self.done, self.total, self.beat_at = done, total, current_hub().now()

    def stumble(self) -> None:
        """The process met a fault: whoever waits for it may start it again at once."""
        self.beat_at = current_hub().now() - 2 * SILENT

    def understand(self, columns: Columns, rows: int) -> None:
        """Note what was made of the headings; where that is not enough, somebody matches them by hand."""
        self.about = json.dumps({
            "headings": columns.headings, "signature": columns.signature, "wanted": columns.wanted,
            "not_used": columns.not_used,
            "fields": {field: columns.headings[at] for field, at in columns.fields.items()},
        })  # fmt: skip
        self.beat(0, rows)
        if columns.wanted:
            self.state = COLUMNS

    def work_again(self) -> None:
        """Start over: after a match by hand, or after a process that stopped. The next one clears the rows away."""
        self.beat(0, 0)
        if self.state != TAKING:
            self.state, self.sentence = WORKING, None

    def fail(self, sentence: str) -> None:
        """It cannot be read; *sentence* tells whoever brought it why."""
        self.state, self.sentence, self.content = FAILED, sentence, None
        audit.record("list.failed", object_kind="list", object_id=self.id)

    def take(self) -> None:
        """Begin to take its new and changed rows; `preview.take_all` does it, a few at a time."""
        self.state = TAKING
        self.beat(0, self.count(TO_TAKE))
        if not self.total:
            self.put_away_some()
        audit.record("list.taken", object_kind="list", object_id=self.id, rows=self.total)

    def put_away_some(self) -> bool:
        """Let go of what the next few rows say that brought nothing new; with the last of them the list is taken.

        What needs a person waits in the tray. False while there are more.
        """
        now = current_hub().now()
        some = session.scalars(
            select(ListRow.id).where(*self._unsettled((SAME,))).order_by(ListRow.line).limit(AT_ONCE)
        ).all()
        session.execute(
            update(ListRow)
            .where(ListRow.id.in_(some))
            .values(settled=SAME, settled_at=now, words=None)
            .execution_options(synchronize_session=False)
        )
        self.beat(self.done, self.total)
        if len(some) == AT_ONCE:
            return False
        self.state, self.taken_at, self.content = TAKEN, now, None
        return True

    def drop(self) -> bool:
        """Let the list go without taking it, and its first rows; whether that were all. `clear_some` goes on."""
        self.state, self.content, self.about = DROPPED, None, None
        audit.record("list.dropped", object_kind="list", object_id=self.id)
        return self.clear_some()

    def clear_some(self) -> bool:
        """Let the next few rows go, and say whether none is left."""
        some = session.scalars(
            select(ListRow.id).where(ListRow.import_id == self.id).order_by(ListRow.line).limit(AT_ONCE)
        ).all()
        session.execute(
            delete(ListRow).where(ListRow.id.in_(some)).execution_options(synchronize_session=False)
        )
        self.beat(self.done, self.total)
        return len(some) < AT_ONCE

    def counts(self) -> dict[str, int]:
        """How many rows there are in each state, and how many are still to be taken and to be settled."""
        found = session.execute(
            select(ListRow.state, ListRow.settled.is_(None), func.count())
            .where(ListRow.import_id == self.id)
            .group_by(ListRow.state, ListRow.settled.is_(None))
        ).all()
        numbers = {state: sum(n for of, _, n in found if of == state) for state in STATES}
        numbers["to take"] = sum(n for of, waits, n in found if waits and of in TO_TAKE)
        numbers["to settle"] = sum(n for of, waits, n in found if waits and of in TO_SETTLE)
        return numbers

    def count(self, states: tuple[str, ...]) -> int:
        """How many rows in *states* are still to be settled."""
        return int(session.scalar(select(func.count()).where(*self._unsettled(states))) or 0)

    def how_many(self, settled: str) -> int:
        """How many rows were settled so: taken, aside, same."""
        rows = select(func.count()).where(ListRow.import_id == self.id, ListRow.settled == settled)
        return int(session.scalar(rows) or 0)

    def rows(self, states: tuple[str, ...], after: int) -> Select[ListRow]:
        """Its rows in *states* below the line *after*, in the order of the file."""
        return (
            select(ListRow)
            .where(ListRow.import_id == self.id, ListRow.state.in_(states), ListRow.line > after)
            .order_by(ListRow.line)
        )

    def unsettled(self, states: tuple[str, ...]) -> Select[ListRow]:
        """Rows in *states* that nobody has settled, in the order of the file."""
        return select(ListRow).where(*self._unsettled(states)).order_by(ListRow.line)

    def _unsettled(self, states: tuple[str, ...]) -> list[Any]:
        return [ListRow.import_id == self.id, ListRow.state.in_(states), ListRow.settled.is_(None)]


def digest_of(content: bytes) -> str:
    """What a file is known by: a keyed hash, since a plain one would tell anybody who holds a copy."""
    return lookup_hash("file", hashlib.sha256(content).hexdigest())


def in_tray() -> Select[ListRow, ListImport]:
    """Every row that waits for a person, with its list; the oldest list first."""
    return (
        select(ListRow, ListImport)
        .join(ListImport, ListImport.id == ListRow.import_id)
        .where(*_waiting())
        .order_by(ListImport.created_at, ListRow.line)
    )


def stopped() -> Select[ListImport]:
    """Every list that was left before it was done: being read, being taken, or let go with rows left."""
    left_over = (ListImport.state == DROPPED) & exists().where(ListRow.import_id == ListImport.id)
    return (
        select(ListImport)
        .where(or_(ListImport.state.in_((WORKING, TAKING)), left_over))
        .where(ListImport.beat_at < current_hub().now() - SILENT)
        .order_by(ListImport.created_at)
    )


def how_many_wait() -> int:
    """How many rows wait for a person."""
    found = select(func.count()).select_from(ListRow).join(ListImport, ListImport.id == ListRow.import_id)
    return int(session.scalar(found.where(*_waiting())) or 0)


def _waiting() -> list[Any]:
    in_sight = ListImport.state.in_((READY, TAKING, TAKEN))
    return [ListRow.settled.is_(None), ListRow.state.in_(TO_SETTLE), in_sight]
