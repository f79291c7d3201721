"""Days and times as British lists write them, and the instants in UTC that they mean."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from portal.config import LONDON

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NUMBERED = re.compile(r"(\d{1,2})\s?[./ -]\s?(\d{1,2})\s?[./ -]\s?(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)(.*)", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)(.*)", re.DOTALL)
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*([a-z]{3,9})[\s.,/-]*(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL
)
_NAME_FIRST = re.compile(r"([a-z]{3,9})[\s.]*(\d{1,2})(?:st|nd|rd|th)?[\s,]+(\d{4})(?!\d)(.*)", re.DOTALL)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[\s,.]+")
_CLOCK = re.compile(
    r"(\d{1,2})\s?[:.h]\s?(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?m?\.?\s*(?:hrs?|hours?|h)?\.?"
)
_DIGITS = re.compile(r"(\d{1,2})(\d{2})\s*(?:hrs?|hours?|h)?\.?")
_HOUR = re.compile(r"(\d{1,2})\s*([ap])\.?m\.?")
_ZONE = re.compile(r"\s*(?:(z|utc)|([+-])(\d{2}):?(\d{2}))$")
_NONE = frozenset(
    [
        "unknown",
        "not known",
        "unk",
        "n/k",
        "nk",
        "none",
        "nil",
        "null",
        "n/a",
        "na",
        "-",
        "--",
        "?",
        "??",
        "not given",
        "not recorded",
        "not stated",
        "nan",
        "tbc",
        "still missing",
        "missing",
        "outstanding",
        "not yet",
        "not returned",
        "not found",
        "ongoing",
        "no",
    ]
)


class Unreadable(ValueError):
    """A day or time that cannot be; its text is the reason, to be put after what stands in the list."""


class Moment(NamedTuple):
    """An instant in UTC and, where the local time does not tell which, what was assumed."""

    at: datetime
    twice: bool = False
    skipped: bool = False


def is_none(text: str) -> bool:
    """Whether *text* says in some way that there is nothing to say."""
    return not text or " ".join(text.casefold().split()).rstrip(".") in _NONE


def day_of(text: str, today: date, *, born: bool = False) -> tuple[date, str]:
    """The day that *text* names, and whatever follows it (a time, perhaps); British order, never American.

    A year of two digits is of this century, unless the day was then still to come more than a year ahead,
    or, for a birthday, at all. Raises `Unreadable`.
    """
    said = _WEEKDAY.sub("", " ".join(text.casefold().split()))
    if found := _YEAR_FIRST.fullmatch(said):
        year, month, day, rest = found.groups()
    elif (found := _NUMBERED.fullmatch(said)) or (found := _NAMED.fullmatch(said)):
        day, month, year, rest = found.groups()
    elif found := _NAME_FIRST.fullmatch(said):
        month, day, year, rest = found.groups()
    elif found := _COMPACT.fullmatch(said):
        year, month, day, rest = found.groups()
        if not (1900 <= int(year) <= 2099 and int(month) <= 12):
            day, month, year, rest = said[:2], said[2:4], said[4:8], found[4]
    else:
        raise Unreadable("is not a day")
    return _calendar_day(year, month, day, today, born=born), rest.lstrip(" ,t-").rstrip(" ,")


def _calendar_day(year: str, month: str, day: str, today: date, *, born: bool) -> date:
    number = _month(month)
    whole = int(year)
    if len(year) == 2:
        whole += 2000
        if whole > today.year + (0 if born else 1):
            whole -= 100
    if not 1900 <= whole <= 2099:
        raise Unreadable("has a year that cannot be right")
    if number is None or not 1 <= number <= 12:
        raise Unreadable("has no such month (the day comes first, then the month)")
    try:
        return date(whole, number, int(day))
    except ValueError:
        raise Unreadable("is a day that does not exist") from None


def _month(name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    if name == "sept":
        return 9
    return next((n for n, month in enumerate(_MONTHS, 1) if name in (month, month[:3])), None)


def time_of(text: str) -> time:
    """The time of day that *text* names: `14:00`, `1400`, `14.00 hrs`, `2:00 pm`; raises `Unreadable`."""
    said = " ".join(text.casefold().split()).removeprefix("at ")
    if found := _CLOCK.fullmatch(said):
        hour, minute, second, half = found.groups()
    elif found := _DIGITS.fullmatch(said):
        (hour, minute), second, half = found.groups(), None, None
    elif found := _HOUR.fullmatch(said):
        (hour, half), minute, second = found.groups(), "0", None
    else:
        raise Unreadable("is not a time")
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise Unreadable("is a time that does not exist")
        hours = hours % 12 + (12 if half == "p" else 0)
    try:
        return time(hours, int(minute), int(second or 0))
    except ValueError:
        raise Unreadable("is a time that does not exist") from None


def zoned(text: str) -> tuple[str, timedelta | None]:
    """The time in *text* without the zone that a program may have put behind it, and that zone."""
    found = _ZONE.search(text)
    if not found:
        return text, None
    if found[1]:
        return text[: found.start()], timedelta(0)
    ahead = timedelta(hours=int(found[3]), minutes=int(found[4]))
    return text[: found.start()], -ahead if found[2] == "-" else ahead


def instant(day: date, at: time, zone: timedelta | None = None) -> Moment:
    """The instant in UTC of a local day and time.

    Of a time that comes twice, when the clocks go back, the earlier is taken: the later would give the
    72 hours an hour too much. A time that the clocks skip is counted on from the hour before.
    """
    if zone is not None:
        return Moment(datetime.combine(day, at, UTC) - zone)
    local = datetime.combine(day, at, LONDON)
    utc = local.astimezone(UTC)
    skipped = utc.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None)
    twice = not skipped and local.utcoffset() != local.replace(fold=1).utcoffset()
    return Moment(utc, twice, skipped)


def years_between(born: date, day: date) -> int:
    """Whole years of age on *day*."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
