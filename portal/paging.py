"""Where a page of a list begins: an instant and an id, never a count, so that page 100 costs what page 1 does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from werkzeug.exceptions import NotFound


class NoSuchPlace(NotFound):
    """Where a list should go on is not a place that it ever gave out."""


def place(at: datetime, row_id: UUID) -> str:
    """The place of a row, for the address of the page that begins behind it."""
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S%f}-{row_id.hex}"


def _read(text: str) -> tuple[datetime, UUID]:
    at, _, row_id = text.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC), UUID(hex=row_id)
    except ValueError:
        raise NoSuchPlace from None


def after(text: str, at: Any, row_id: Any) -> ColumnElement[bool]:
    """The rows behind the place *text* (empty: all) in a list by the columns *at* and *row_id*, the lowest first."""
    if not text:
        return and_(True)
    when, last = _read(text)
    return and_(at >= when, or_(at > when, row_id > last))


def before(text: str, at: Any, row_id: Any) -> ColumnElement[bool]:
    """The same in a list that begins with the highest."""
    if not text:
        return and_(True)
    when, last = _read(text)
    return and_(at <= when, or_(at < when, row_id < last))


def order(at: Any, row_id: Any, *, few: bool) -> tuple[Any, Any]:
    """The columns by which a list is sorted; for whoever sees but *few* of its rows, in a form that no index has.

    A database else walks the index of all the rows there are, in order, to find among them those few.
    """
    return (func.coalesce(at, at) if few else at), row_id
