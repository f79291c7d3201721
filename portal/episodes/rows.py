"""One row of the day's list: its cells read into days, instants and names, and judged (see `values`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from portal.config import LONDON
from portal.episodes import moments
from portal.episodes.columns import FIELDS
from portal.episodes.likeness import has_lost_letters, misread, parts_of
from portal.episodes.living import living_of
from portal.episodes.moments import Unreadable
from portal.episodes.values import Problem, State, Values

ADULT = 18


@dataclass(frozen=True)
class ReadRow:
    """One row, its place in the file, its texts exactly as they came, and what was made of them."""

    line: int
    texts: Mapping[str, str]
    values: Values
    problems: tuple[Problem, ...] = ()
    same_as: int | None = None

    @property
    def state(self) -> State:
        """The worst of its problems."""
        order = list(State)
        return max((problem.weight for problem in self.problems), key=order.index, default=State.READY)

    @cached_property
    def plain(self) -> str:
        """What its texts say, white space aside: two rows of which that is alike are the same row."""
        return json.dumps(
            {field: " ".join(text.split()) for field, text in self.texts.items()}, sort_keys=True
        )

    def with_problem(self, field: str, sentence: str, weight: State) -> "ReadRow":
        """This row and one thing more to know about it."""
        return replace(self, problems=(*self.problems, Problem(field, sentence, weight)))


class _Reader:
    """Reads one row's texts; keeps the problems that it meets."""

    def __init__(self, texts: Mapping[str, str], now: datetime) -> None:
        self.texts = texts
        self.now = now
        self.today = now.astimezone(LONDON).date()
        self.problems: list[Problem] = []

    def say(self, field: str, sentence: str, weight: State) -> None:
        self.problems.append(Problem(field, sentence, weight))

    def note(self, field: str, sentence: str) -> None:
        self.say(field, sentence, State.READY)

    def text(self, field: str) -> str:
        return " ".join(self.texts.get(field, "").split())


def row_of(line: int, texts: Mapping[str, str], *, now: datetime, authority: str) -> ReadRow:
    """Read the *texts* of one row (field → cell) at *now*, for the hub of the council named *authority*."""
    reader = _Reader(texts, now)
    surname, forenames = _name(reader)
    missing_at = _moment(reader, "missing")
    returned_at = _moment(reader, "returned")
    still_missing = not reader.text("returned_time") and moments.is_none(reader.text("returned_date"))
    missing_at, returned_at = _in_order(reader, missing_at, returned_at)
    living, placed_by = _living(reader, authority)
    values = Values(
        number=_number(reader),
        surname=surname,
        forenames=forenames,
        born_on=_born_on(reader, missing_at),
        missing_at=missing_at,
        returned_at=returned_at,
        still_missing=still_missing,
        living=living,
        placed_by=placed_by,
    )
    _formulas(reader)
    return ReadRow(line, dict(texts), values, tuple(reader.problems))


def _number(reader: _Reader) -> str:
    number = reader.text("number")
    if moments.is_none(number):
        reader.say(
            "number",
            "There is no incident number. Ask the police for it, or take the row without one.",
            State.DOUBTFUL,
        )
        return ""
    return number


def _name(reader: _Reader) -> tuple[str, str]:
    surname, forenames = reader.text("surname"), reader.text("forenames")
    if not surname and not forenames:
        surname, forenames = parts_of(reader.text("name"))
    where = "surname" if "surname" in reader.texts else "name"
    surname, forenames = (
        "" if name.casefold() in ("unknown", "not known", "n/k", "-") else name
        for name in (surname, forenames)
    )
    if not surname and not forenames:
        reader.say(
            where, "There is no name. Ask the police who this is, and write the name here.", State.UNREADABLE
        )
    elif not surname:
        reader.say(
            where, "There is no surname. Write it here if you know it, or ask the police.", State.DOUBTFUL
        )
    elif not forenames:
        reader.say(
            "forenames",
            "There is no first name. Write it here if you know it, or ask the police.",
            State.DOUBTFUL,
        )
    for field, name in ((where, surname), ("forenames", forenames)):
        if has_lost_letters(name):
            reader.say(
                field,
                f"Letters of “{name}” were lost before the list reached us. Write the name as it is spelt.",
                State.DOUBTFUL,
            )
        elif (meant := misread(name)) != name:
            reader.say(
                field,
                f"“{name}” may have been meant as “{meant}”. Write the name as it is spelt.",
                State.DOUBTFUL,
            )
    return surname, forenames


def _moment(reader: _Reader, which: str) -> datetime | None:
    """The instant of *which* ("missing" or "returned"); where one of its two parts is bad, says which."""
    said_day, said_time = reader.text(f"{which}_date"), reader.text(f"{which}_time")
    went = "went missing" if which == "missing" else "came back"
    if moments.is_none(said_day):
        _no_day(reader, which, said_time, went)
        return None
    try:
        day, rest = moments.day_of(said_day, reader.today)
    except Unreadable as reason:
        reader.say(f"{which}_date", f"“{said_day}” {reason}. Write the day they {went}.", State.UNREADABLE)
        return None
    said_time = "" if moments.is_none(said_time) else said_time
    clock, zone = moments.zoned(said_time or rest)
    if not clock:
        return _without_time(reader, which, day)
    try:
        at = moments.time_of(clock)
    except Unreadable as reason:
        field = f"{which}_time" if said_time else f"{which}_date"
        reader.say(field, f"“{said_time or rest}” {reason}. Write the time they {went}.", State.UNREADABLE)
        return None
    return _instant(reader, which, moments.instant(day, at, zone))


def _no_day(reader: _Reader, which: str, said_time: str, went: str) -> None:
    if which == "missing":
        reader.say("missing_date", f"There is no day. Write the day they {went}.", State.UNREADABLE)
    elif not moments.is_none(said_time):
        reader.say(
            "returned_date", f"There is a time and no day. Write the day they {went}.", State.UNREADABLE
        )


def _without_time(reader: _Reader, which: str, day: date) -> datetime:
    if which == "missing":
        reader.note("missing_time", "There is no time: the episode is counted from the start of the day.")
    else:
        reader.say(
            "returned_time",
            "There is no time, and the 72 hours run from it. Write it, or take the row and they run from "
            "the start of the day.",
            State.DOUBTFUL,
        )
    return moments.instant(day, time(0)).at


def _instant(reader: _Reader, which: str, moment: moments.Moment) -> datetime:
    if moment.skipped:
        reader.say(
            f"{which}_time",
            "The clocks went forward then, and this time did not exist. Write the right one, or take the row "
            "and it counts as an hour later.",
            State.DOUBTFUL,
        )
    elif moment.twice:
        reader.note(
            f"{which}_time",
            "The clocks went back then, and this time came twice. The earlier one is counted.",
        )
    return moment.at


def _in_order(
    reader: _Reader, missing_at: datetime | None, returned_at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    for which, at in (("missing", missing_at), ("returned", returned_at)):
        if at and at > reader.now:
            reader.say(f"{which}_date", "This day is still to come. Look at it, and mend it.", State.DOUBTFUL)
            return missing_at, returned_at
    if missing_at and returned_at and returned_at < missing_at:
        later = returned_at + timedelta(hours=1)
        if any("came twice" in problem.sentence for problem in reader.problems) and later >= missing_at:
            # Back within the hour that came twice: then it was the second of the two.
            return missing_at, later
        reader.say(
            "returned_date",
            "They came back before they went missing. Look which of the two is wrong, and mend it.",
            State.DOUBTFUL,
        )
    return missing_at, returned_at


def _born_on(reader: _Reader, missing_at: datetime | None) -> date | None:
    said = reader.text("born_on")
    if moments.is_none(said):
        if "born_on" in reader.texts:
            reader.note("born_on", "There is no date of birth. Add it when you know it.")
        return None
    try:
        born, _ = moments.day_of(said, reader.today, born=True)
    except Unreadable as reason:
        reader.say(
            "born_on", f"“{said}” {reason}. Write the date of birth, or leave it empty.", State.DOUBTFUL
        )
        return None
    if born.year <= 1901:
        reader.note("born_on", f"“{said}” stands for a birthday that nobody knew. Add it when you know it.")
        return None
    day = missing_at.astimezone(LONDON).date() if missing_at else reader.today
    if born > min(day, reader.today):
        reader.say(
            "born_on",
            "This date of birth is later than the day they went missing. Write the right one.",
            State.DOUBTFUL,
        )
        return None
    if (age := moments.years_between(born, day)) >= ADULT:
        reader.say(
            "born_on",
            f"This is an adult: {age} on that day. If the date of birth is right, set the row aside.",
            State.DOUBTFUL,
        )
    return born


def _living(reader: _Reader, authority: str) -> tuple[str, str]:
    living, placed_by = living_of(
        reader.text("living"), reader.text("placing_authority"), reader.text("missing_from"), ours=authority
    )
    if not living and "living" in reader.texts:
        reader.note(
            "living",
            "The list does not tell whether they live at home or are looked after, and by whom. "
            "The duty team says who takes the return.",
        )
    return living, placed_by


def _formulas(reader: _Reader) -> None:
    for field in FIELDS:
        text = reader.texts.get(field, "").lstrip()
        if text[:1] in ("=", "@") or (text[:1] in ("+", "-") and text[1:2].isalpha()):
            reader.note(field, "This begins like a spreadsheet formula. It is kept as text and never run.")
