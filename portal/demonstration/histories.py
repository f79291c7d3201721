"""When everything of one child's year happened: gone, back, heard of, taken, offered, held. Pure, in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from portal.config import LONDON
from portal.demonstration.year import IN_TIME, LATE, ChildsYear, Year
from portal.episodes.clock import WITHIN
from portal.episodes.words import DECLINED, FORM_ONLY, NOT_OFFERED, WAYS

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_AWAY = timedelta(hours=40)  # at most
_SETTLED = timedelta(days=8)  # at most so long after the return: before the next one begins
_AT_WORK = (time(9), time(17))
_WAYS = (*WAYS, "in person", "phone")  # these two are tried most


@dataclass(frozen=True)
class Try:
    """One attempt to offer a conversation."""

    at: datetime
    way: str
    outcome: str


@dataclass(frozen=True)
class TimeAway:
    """One time missing, and what was done about its return."""

    end: str
    missing_at: datetime
    returned_at: datetime
    reached_us_at: datetime
    taken_at: datetime
    tries: tuple[Try, ...]
    form_at: datetime | None
    authority_told_at: datetime | None


def times_away(child: ChildsYear, year: Year, rng: Random, *, told: bool) -> Iterator[TimeAway]:
    """Each time missing of one child, one after the other; *told*: another authority hears of the returns."""
    first, end = year.bounds
    slot = (end - first) / len(child.ends)
    for number, ended in enumerate(child.ends):
        spare = slot - _AWAY - _SETTLED
        missing_at = _evening(first + slot * number, spare, rng)
        away = min(_AWAY, timedelta(minutes=45 + round(rng.expovariate(1 / 540))))
        yield _one(ended, missing_at, missing_at + away, rng, told=told)


def _one(end: str, missing_at: datetime, returned_at: datetime, rng: Random, *, told: bool) -> TimeAway:
    brought_late = end == LATE and rng.random() < 0.2
    hours = rng.randint(26, 60) if brought_late else rng.uniform(1, 4)
    reached_us_at = returned_at + _MINUTE * round(hours * 60)
    soon, due = reached_us_at + 15 * _MINUTE, returned_at + WITHIN
    talks: list[Try] = []
    if end == IN_TIME:
        talks = _tries(("offered", "held"), soon, due - _HOUR, rng)
    elif brought_late:
        talks = _tries(("offered", "held"), due + _HOUR, returned_at + _SETTLED, rng)
    elif end == LATE:
        talks = [
            *_tries(("offered",), soon, due, rng),
            *_tries(("held",), due + _HOUR, returned_at + _SETTLED, rng),
        ]
    elif end == DECLINED:
        talks = _tries(("offered", "declined"), soon, due + 2 * WITHIN / 3, rng)
    elif end == FORM_ONLY:
        talks = _tries(("offered",), soon, due - 4 * _HOUR, rng)
    elif end == NOT_OFFERED and not told:
        talks = _tries(("no answer",) * rng.randint(1, 3), soon, due + WITHIN, rng)
    first = talks[0].at if talks else _at_work(soon, due, rng, 1)[0]
    return TimeAway(
        end, missing_at, returned_at, reached_us_at,
        taken_at=reached_us_at + (first - reached_us_at) / 2,
        tries=tuple(talks),
        form_at=talks[-1].at + _MINUTE * rng.randint(20, 230) if end == FORM_ONLY else None,
        authority_told_at=first if told else None,
    )  # fmt: skip


def _evening(start: datetime, spare: timedelta, rng: Random) -> datetime:
    """An instant at most *spare* after *start*: in the afternoon or evening where one of a few picks is."""
    picks = [start + _MINUTE * rng.randrange(int(spare / _MINUTE)) for _ in range(5)]
    return next((at for at in picks if at.astimezone(LONDON).hour >= 14), picks[0])


def _tries(outcomes: tuple[str, ...], after: datetime, before: datetime, rng: Random) -> list[Try]:
    moments = _at_work(after, before, rng, len(outcomes))
    return [
        Try(at, "in person" if outcome == "held" else rng.choice(_WAYS), outcome)
        for at, outcome in zip(moments, outcomes, strict=True)
    ]


def _at_work(after: datetime, before: datetime, rng: Random, how_many: int) -> list[datetime]:
    """Instants between two others at which somebody of the hub is at work, the first first."""
    spans = list(_spans(after, before))
    minutes = [int((until - since) / _MINUTE) for since, until in spans]
    picks = sorted(rng.sample(range(sum(minutes)), how_many))
    return [_within(spans, minutes, pick) for pick in picks]


def _within(spans: list[tuple[datetime, datetime]], minutes: list[int], pick: int) -> datetime:
    for (since, _), long in zip(spans, minutes, strict=True):
        if pick < long:
            return since + _MINUTE * pick
        pick -= long
    raise ValueError("later than the last span")


def _spans(after: datetime, before: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The office hours, Monday to Friday, between two instants."""
    day = after.astimezone(LONDON).date()
    while day <= before.astimezone(LONDON).date():
        opens, closes = (datetime.combine(day, at, LONDON).astimezone(UTC) for at in _AT_WORK)
        if day.weekday() < 5 and (since := max(opens, after)) < (until := min(closes, before)):
            yield since, until
        day += timedelta(days=1)
