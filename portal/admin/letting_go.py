"""How something goes: with everything that hangs on it, the leaves first, at most fifty rows a commit.

What hangs on what is read from the schema's own foreign keys, so a new table is found without being named here. Who
stands in a row as its young person, parent or carer takes the row along; who only wrote it does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, or_, select, update

from portal.admin import counts
from portal.admin.holds import is_held
from portal.db import Base, session
from portal.outbox import OutboxMessage

AT_MOST = 50  # rows a commit
# By these a row is somebody's own: it goes with them.
OWN_COLUMNS = frozenset({"child_id", "person_id", "adult_id", "about_id"})
# No foreign key, by the rules of the house, but theirs all the same.
_OF_A_PERSON = (("alert", "child_id"),)
# A row of a list stays, so that the same file again changes nothing; what it said of somebody goes.
BLANKED = {"list_row": ("words", "reason", "child_id", "episode_id")}
_CHUNK = 400


@dataclass
class Hanging:
    """Everything that goes with one thing: the ids by table, and whom it touches."""

    ids: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    people: set[UUID] = field(default_factory=set)

    @property
    def rows(self) -> int:
        """How many rows that is."""
        return sum(len(found) for found in self.ids.values())

    @property
    def held(self) -> bool:
        """Whether somebody whom it touches is under a hold."""
        return is_held(self.people)


def hanging_on(roots: Mapping[str, Collection[UUID]]) -> Hanging:
    """What goes with these rows, by table."""
    found, todo = Hanging(), [(table, set(ids)) for table, ids in roots.items() if ids]
    while todo:
        name, ids = todo.pop()
        new = ids - found.ids[name]
        found.ids[name] |= new
        if new:
            todo += [(column.table.name, _ids_where(column, new)) for column in _takes_along(_table(name))]
    for name, ids in found.ids.items():
        found.people |= _people_of(_table(name), ids)
    return found


def locked(table: str, row_id: UUID) -> bool:
    """Whether a row is there and is this commit's alone: two that let go of one thing would count it twice."""
    own = _table(table)
    mine = select(own.c.id).where(own.c.id == row_id).with_for_update(skip_locked=True)
    return session.scalar(mine) is not None


def let_go_some(found: Hanging, most: int = AT_MOST) -> int:
    """Take at most *most* of these rows away in the commit under way, the leaves first; how many went."""
    gone = 0
    for table in reversed(Base.metadata.sorted_tables):
        ids = sorted(found.ids.get(table.name, ()), key=str)[: most - gone]
        if ids:
            _take_away(table, ids)
            found.ids[table.name] -= set(ids)
            gone += len(ids)
        if gone >= most:
            break
    return gone


def named_elsewhere(person_id: UUID, found: Hanging) -> bool:
    """Whether a row that stays says who by this person: such a person cannot go."""
    for column in _referring(_table("person")):
        if column.name not in OWN_COLUMNS and not column.nullable:
            stays = _ids_where(column, {person_id}) - found.ids.get(column.table.name, set())
            if stays:
                return True
    return False


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _referring(table: Table) -> Iterator[Column[Any]]:
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                yield column
    if table.name == "person":
        yield from (_table(name).columns[column] for name, column in _OF_A_PERSON)


def _takes_along(table: Table) -> Iterator[Column[Any]]:
    """By which columns other rows hang on this table's."""
    for column in _referring(table):
        if column.table.name in BLANKED:
            if not column.nullable:
                yield column
        elif column.name in OWN_COLUMNS if table.name == "person" else not column.nullable:
            yield column


def _ids_where(column: Column[Any], values: Collection[UUID]) -> set[UUID]:
    wanted, found = list(values), set[UUID]()
    for start in range(0, len(wanted), _CHUNK):
        found |= set(
            session.scalars(select(column.table.c.id).where(column.in_(wanted[start : start + _CHUNK])))
        )
    return found


def _people_of(table: Table, ids: Collection[UUID]) -> set[UUID]:
    if table.name == "person":
        return set(ids)
    wanted, found = list(ids), set[UUID]()
    for column in (
        column for column in table.columns if column.name in OWN_COLUMNS and table.name not in BLANKED
    ):
        if column.name == "about_id" and not column.foreign_keys:
            continue  # of a translation: which part of a voice it is of
        for start in range(0, len(wanted), _CHUNK):
            these = table.c.id.in_(wanted[start : start + _CHUNK])
            found |= set(session.scalars(select(column).where(these, column.is_not(None)).distinct()))
    return found


def _take_away(table: Table, ids: list[UUID]) -> None:
    if table.name == "episode":
        counts.keep(ids)
    for column in _referring(table):
        if column.table.name in BLANKED and column.nullable:
            blank = dict.fromkeys(BLANKED[column.table.name])
            session.execute(update(column.table).where(column.in_(ids)).values(blank))
        elif column.nullable:
            session.execute(update(column.table).where(column.in_(ids)).values({column.name: None}))
    about = or_(
        OutboxMessage.object_id.in_(ids), OutboxMessage.recipient_id.in_(ids), OutboxMessage.link_id.in_(ids)
    )
    session.execute(delete(OutboxMessage).where(about))
    session.execute(delete(table).where(table.c.id.in_(ids)))
