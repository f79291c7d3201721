"""When somebody may be contacted: the days of their week and the parts of a day, in Europe/London."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.config import LONDON, WEEKDAYS
from portal.i18n import N_


@dataclass(frozen=True)
class Part:
    """A part of a day: what it is called to staff and in a message, and from when until when it runs in London."""

    words: str
    in_message: str
    opens: time
    closes: time


PARTS = {
    "morning": Part("Morning, 8 to 12", N_("morning"), time(8), time(12)),
    "afternoon": Part("Afternoon, 12 to 4", N_("afternoon"), time(12), time(16)),
    "late": Part("Late afternoon, 4 to 7", N_("late afternoon"), time(16), time(19)),
    "evening": Part("Evening, 7 to 9", N_("evening"), time(19), time(21)),
}
DAYS = WEEKDAYS
AHEAD = 14  # days in which the next time is looked for: whoever allows any has one in each week


@dataclass(frozen=True)
class Times:
    """On which days, and in which parts of them, somebody may be contacted; none of either is never."""

    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def next_from(self, at: datetime) -> datetime | None:
        """The first instant (UTC) from *at* on that lies within them; None if there is never one."""
        return next(
            (max(at, opens) for opens, closes in self._from(_day_of(at), AHEAD) if closes > at),
            None,
        )

    def _from(self, day: date, number: int) -> Iterator[tuple[datetime, datetime]]:
        for n in range(number):
            on = day + timedelta(days=n)
            if DAYS[on.weekday()] in self.days:
                yield from (hours_of(on, name) for name in PARTS if name in self.parts)


def hours_of(day: date, part: str) -> tuple[datetime, datetime]:
    """From when until when (UTC) a part of a day in London runs."""
    named = PARTS[part]
    opens, closes = (datetime.combine(day, at, LONDON).astimezone(UTC) for at in (named.opens, named.closes))
    return opens, closes


def _day_of(at: datetime) -> date:
    return at.astimezone(LONDON).date()
