"""When the office is open, and from that by when an alert is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.alerts.flags import AT_ONCE, SAME_DAY, WITHIN_THE_HOUR
from portal.config import LONDON, HubFile, OfficeDay

_FARTHEST = 60  # days to look ahead; a hub that is shut for longer opens no alerts
_TIME_FOR = {AT_ONCE: timedelta(minutes=5), WITHIN_THE_HOUR: timedelta(hours=1)}


def office_days(file: HubFile, since: datetime) -> Iterator[OfficeDay]:
    """The office days that close after *since* (aware), the first one first; days are Europe/London's."""
    first = since.astimezone(LONDON).date()
    for ahead in range(_FARTHEST):
        day = file.office_day(first + timedelta(days=ahead))
        if day is not None and day.closes > since:
            yield day


def due(raised_at: datetime, within: str, file: HubFile, *, covered: bool = False) -> datetime:
    """By when an alert raised at *raised_at* is to be held; out of office hours it counts from the opening.

    Where somebody is on duty at night (*covered*) it counts at once.

    "Same day" is the close of that office day. One raised shortly before closing is not put off until the
    morning: whoever was there when it came has it before they go.
    """
    day = next(office_days(file, raised_at), None)
    if day is None or (covered and within in _TIME_FOR):
        return raised_at + _TIME_FOR.get(within, timedelta(hours=1))
    if within == SAME_DAY:
        return day.closes
    return max(raised_at, day.opens) + _TIME_FOR[within]
