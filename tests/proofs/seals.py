"""A sealed value opens in its own row, column and table, for its own person, and nowhere else.

Every value of a hub in which each sealed column holds something is put in the place of every other one, and in
the database itself columns are exchanged between rows. Seen red with `_place` leaving out the column, and with one
that leaves out the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import LargeBinary, Table, column, select, table, type_coerce, update
from sqlalchemy.orm import Mapper

from portal.crypto import CannotOpen, Sealed, open_sealed
from portal.db import session
from tests.proofs.filled import FIRST, SECOND, every_sealed_column, fill
from tests.proofs.ground import Ground, a_hub


@dataclass(frozen=True)
class Value:
    """One sealed value and the place it belongs to."""

    table: str
    column: str
    row: UUID
    subject: UUID | None
    sealed: Sealed

    def open_in(self, place: Value) -> str:
        """Open it as though it lay in another place."""
        return open_sealed(self.sealed, place.table, place.column, place.row, place.subject)


def every_value() -> Iterator[Value]:
    """Every sealed value of the hub, with its place."""
    for mapper, lies_in, name in every_sealed_column():
        subject = mapper.class_.__subject__  # type: ignore[attr-defined]
        whose = [lies_in.c[subject]] if subject else []
        for row in session.execute(select(lies_in.c.id, lies_in.c[name], *whose)):
            if row[1] is not None:
                yield Value(lies_in.name, name, row.id, row[-1] if subject else None, row[1])


def swapped_in_every_pair(ground: Ground) -> tuple[int, int, int]:
    """How many values there are, how many pairs of them were exchanged, and how many opened in the other's place."""
    with ground.at_work():
        values = list(every_value())
        for value in values:
            value.open_in(value)
        opened = 0
        for value in values:
            for place in values:
                if place is value or (value.sealed.token == place.sealed.token):
                    continue
                try:
                    value.open_in(place)
                except CannotOpen:
                    continue
                opened += 1
    return len(values), len(values) * (len(values) - 1), opened


def _raw(lies_in: Table, name: str) -> tuple[object, object]:
    """The table and column without the type that seals."""
    return table(lies_in.name, column("id", lies_in.c.id.type), column(name, LargeBinary)), column(
        name, LargeBinary
    )


def exchanged_in_the_database(ground: Ground) -> tuple[int, list[str]]:
    """How many rows were given another row's or column's value, and which of them were read all the same."""
    tried, read = 0, []
    with ground.at_work():
        values = list(every_value())
    for mapper, lies_in, name in every_sealed_column():
        mine = [value for value in values if (value.table, value.column) == (lies_in.name, name)]
        beside = [value for value in values if value.table == lies_in.name and value not in mine]
        for value, other in [(mine[0], mine[1]), *((mine[0], another) for another in beside[:4])]:
            tried += 1
            if _reads_with(ground, mapper, lies_in, name, value, other):
                read.append(f"{lies_in.name}.{name} with {other.table}.{other.column}")
    return tried, read


def _reads_with(
    ground: Ground, mapper: Mapper[object], lies_in: Table, name: str, value: Value, other: Value
) -> bool:
    """Whether the row still loads when its column holds what belongs elsewhere; the exchange is undone."""
    bare, _ = _raw(lies_in, name)
    with ground.at_work():
        session.execute(
            update(bare)  # type: ignore[arg-type]
            .where(type_coerce(column("id"), lies_in.c.id.type) == value.row)
            .values({name: other.sealed.token})
        )
        try:
            getattr(session.get_one(mapper.class_, value.row, populate_existing=True), name)
        except CannotOpen:
            return False
        finally:
            session.rollback()
    return True


def figures() -> Iterator[str]:
    """Both ways of moving values about, and what came of it."""
    with a_hub() as ground:
        with ground.at_work():
            fill(FIRST)
            fill(SECOND)
        count, pairs, opened = swapped_in_every_pair(ground)
        columns = len(list(every_sealed_column()))
        yield f"{count} values of {columns} sealed columns, each in the place of each other: {pairs} swaps, {opened} opened"
        assert opened == 0, "a value opened in a place that is not its own"
        tried, read = exchanged_in_the_database(ground)
        yield f"{tried} rows given the value of another row or column in the database: {len(read)} read"
        assert not read, f"read all the same: {', '.join(read)}"


def prove() -> Iterator[str]:
    """The whole proof: it is as short as it is complete."""
    yield from figures()
