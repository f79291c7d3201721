"""By when a person reads what was said, and how a page says so.

The promise is the close of the first office day that has not yet begun, so that there is always one whole
working day in which to keep it: never "today" once the day is under way. Days and hours are those of
the hub's file, in Europe/London; what is stored is UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date, format_time

from portal.config import LONDON, HubFile
from portal.i18n import _, language


def promise(now: datetime, file: HubFile) -> datetime:
    """The instant (UTC) by which a person of the hub of *file* reads what is said at *now* (aware)."""
    day = now.astimezone(LONDON).date()
    while (hours := file.office_day(day)) is None or now > hours.opens:
        day += timedelta(days=1)
    return hours.closes


def promise_words(promised_by: datetime, now: datetime) -> str:
    """The promise as a family's page says it: "A person reads this by Wednesday, 5 in the afternoon."."""
    due = promised_by.astimezone(LONDON)
    locale = "en_GB" if language().state == "pseudo" else language().code
    # A day's name alone is enough within the week; over Christmas it would be the wrong Wednesday.
    near = due.date() - now.astimezone(LONDON).date() < timedelta(days=7)
    day = format_date(due.date(), "EEEE" if near else "EEEE d MMMM", locale=locale)
    hour = format_time(due.time(), "h B" if due.minute == 0 else "h:mm B", locale=locale)
    return _("A person reads this by %(day)s, %(hour)s.", day=day, hour=hour)
