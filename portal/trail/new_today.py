"""What is new today: the only thing that a phone shows by itself, because a PIN can be forced."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from portal.config import LONDON, current_hub


def new_today(opened_at: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Not opened yet, or first opened today (Europe/London); after that day it is read with the worker."""
    today = current_hub().now().astimezone(LONDON).date()
    midnight = datetime.combine(today, time(), LONDON).astimezone(UTC)
    return opened_at.is_(None) | (opened_at >= midnight)
