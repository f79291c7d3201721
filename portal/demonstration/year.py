"""The demonstration year, 1 April 2021 to 31 March 2022, in numbers: published ones, and others that fit them.

Pure: no database, no clock. The totals stand in `product.md`, Numbers for the demonstration year; what is not
published is invented so that it fits, and the demonstration says which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from portal.config import LONDON
from portal.episodes.living import HOME, OTHER_AUTHORITY, OUR_CHILD
from portal.episodes.words import DECLINED, FORM_ONLY, NOT_OFFERED

# How a return ended. Each counts once: one conversation for one return.
IN_TIME, LATE = "in time", "late"  # of a conversation that was held; the others are states of an interview


@dataclass(frozen=True)
class Ends:
    """Of the returns of those who live one way, how many ended how; a form alone is no conversation."""

    in_time: int
    late: int
    form_only: int
    declined: int
    not_offered: int

    @property
    def held(self) -> int:
        """How many conversations were held, in time or late."""
        return self.in_time + self.late

    @property
    def offered(self) -> int:
        """How many were offered a conversation, whatever came of it."""
        return self.held + self.form_only + self.declined

    @property
    def all(self) -> int:
        """How many returns there were."""
        return self.offered + self.not_offered

    def each(self) -> list[str]:
        """The end of every single return."""
        counts = ((IN_TIME, self.in_time), (LATE, self.late), (FORM_ONLY, self.form_only),
                  (DECLINED, self.declined), (NOT_OFFERED, self.not_offered))  # fmt: skip
        return [end for end, count in counts for _ in range(count)]


@dataclass(frozen=True)
class Year:
    """The totals of a year: how many children were missing how often, and how the returns ended."""

    first: date
    last: date
    children_by_times: Mapping[int, int]  # so many children were missing so many times
    ends: Mapping[str, Ends]  # by where they live
    forms_with_talk: int  # of those with whom a conversation was held, how many sent a form too

    @property
    def children(self) -> int:
        """How many children were missing at least once."""
        return sum(self.children_by_times.values())

    @property
    def episodes(self) -> int:
        """How many times they were missing."""
        return sum(times * children for times, children in self.children_by_times.items())

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The year's first instant, and the first after it (UTC; its days are London's)."""
        return _midnight(self.first), _midnight(self.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


# A log-series with p = 0.8629, in whole children: 586 once, 398 two or three times, 287 four to nine, 68 ten to
# nineteen, 11 twenty or more, and the most is 34.
_TIMES = {
    1: 586, 2: 253, 3: 145,
    4: 94, 5: 65, 6: 47, 7: 34, 8: 27, 9: 20,
    10: 15, 11: 12, 12: 10, 13: 8, 14: 6, 15: 5, 16: 4, 17: 4, 18: 2, 19: 2,
    20: 2, 21: 2, 22: 2, 23: 1, 24: 1, 26: 1, 29: 1, 34: 1,
}  # fmt: skip

WHOLE = Year(
    date(2021, 4, 1),
    date(2022, 3, 31),
    _TIMES,
    {
        # A form alone leaves a conversation still to be had, and nothing of that year waits any more.
        HOME: Ends(in_time=1190, late=510, form_only=0, declined=637, not_offered=176),
        OUR_CHILD: Ends(in_time=935, late=49, form_only=0, declined=400, not_offered=70),
        # Whoever placed them interviews; this hub tells them, and writes down who.
        OTHER_AUTHORITY: Ends(in_time=0, late=0, form_only=0, declined=0, not_offered=310),
    },
    forms_with_talk=966,
)

# A year of the same shape, short, for tests that only need that there is one.
SHORT = Year(
    date(2021, 4, 1),
    date(2022, 3, 31),
    {1: 4, 2: 2, 3: 1, 5: 1, 24: 1},
    {
        HOME: Ends(in_time=12, late=5, form_only=0, declined=7, not_offered=2),
        OUR_CHILD: Ends(in_time=6, late=1, form_only=0, declined=2, not_offered=1),
        OTHER_AUTHORITY: Ends(in_time=0, late=0, form_only=0, declined=0, not_offered=4),
    },
    forms_with_talk=8,
)


@dataclass(frozen=True)
class ChildsYear:
    """One child's year: where they live, and how each of their returns ended, the first first."""

    living: str
    ends: tuple[str, ...]


def years_of(year: Year, rng: Random) -> list[ChildsYear]:
    """Every child's year: in an order, and with a way of living and ends, that only *rng* decides."""
    times = [times for times, children in year.children_by_times.items() for _ in range(children)]
    rng.shuffle(times)
    lives = _lives(times, {living: ends.all for living, ends in year.ends.items()})
    ends = {living: iter(_shuffled(of.each(), rng)) for living, of in year.ends.items()}
    return [
        ChildsYear(living, tuple(next(ends[living]) for _ in range(many)))
        for many, living in zip(times, lives, strict=True)
    ]


def _lives(times: list[int], wanted: dict[str, int]) -> list[str]:
    """Where each child lives, so that the times missing of each way of living add up to what is *wanted*.

    Those missing most often come first, each to where most times are still to be given out in proportion: the
    children missing once come last and fill every gap.
    """
    left, found = dict(wanted), [""] * len(times)
    order = sorted(range(len(times)), key=lambda child: -times[child])
    for child in order:
        living = max(left, key=lambda where: (left[where] / wanted[where], where))
        if left[living] < times[child]:
            living = max(left, key=lambda where: left[where])
        found[child] = living
        left[living] -= times[child]
    if any(left.values()):
        raise ValueError("the ends do not add up to the times missing")
    return found


def _shuffled(ends: list[str], rng: Random) -> list[str]:
    rng.shuffle(ends)
    return ends
