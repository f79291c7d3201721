"""A whole day's list: its headings found, its rows read, and each row looked at beside the others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from portal.episodes import moments
from portal.episodes.columns import Columns, named, recognise
from portal.episodes.likeness import Name, overlaps, plain_name, plainly_alike, sound
from portal.episodes.reading import Line, NotAList, lines_of
from portal.episodes.rows import ReadRow, row_of
from portal.episodes.values import State, Values

# Titles, dates and notes that some forces put above the headings.
_MOST_ABOVE = 10
# So many others with the same birthday or sound are compared; a list of any size stays quick.
_MOST_COMPARED = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose line of headings is found, before anything is made of its columns."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    delimiter: str
    encoding: str


@dataclass(frozen=True, slots=True)
class DailyList:
    """What a list says; no rows while a column in *columns.wanted* is still to be matched by hand."""

    columns: Columns
    rows: tuple[ReadRow, ...]
    delimiter: str
    encoding: str


def sheet_of(content: bytes) -> Sheet:
    """Find the line of headings: of the first few lines the one in which most columns are known."""
    lines = lines_of(content)
    top = lines.lines[:_MOST_ABOVE]
    known = [len(recognise(named(line.cells)).fields) for line in top]
    at = known.index(max(known))
    if max(known) < 2:
        at = max(range(len(top)), key=lambda n: (len([cell for cell in top[n].cells if cell.strip()]), -n))
    heading = top[at]
    if max(known) < 2 and any(_is_data(cell) for cell in heading.cells):
        raise NotAList(
            "There is no line of headings: the first line is already a row. Ask the sender for the list with "
            "headings, or write them as the first line."
        )
    if max(known) < 2 and len(lines.lines) == at + 1:
        raise NotAList(
            "Nothing in this file looks like a list of young people. Check that it is the right file."
        )
    return Sheet(named(_trimmed(heading.cells)), lines.lines[at + 1 :], lines.delimiter, lines.encoding)


def rows_of(
    sheet: Sheet,
    *,
    now: datetime,
    authority: str,
    matches: Mapping[str, str] | None = None,
) -> DailyList:
    """Read the rows below the headings; none of them while a column that they need is still to be matched.

    *matches* is a match of headings made by hand, as `columns.recognise` takes it.
    """
    columns = recognise(sheet.headings, matches)
    lines = () if columns.wanted else sheet.lines
    rows = [_row(line, columns, now, authority) for line in lines]
    return DailyList(columns, tuple(beside_each_other(rows)), sheet.delimiter, sheet.encoding)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Headings without the empty ones that a spreadsheet leaves at the end."""
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=0)
    return cells[: last + 1]


def _is_data(cell: str) -> bool:
    text = cell.strip()
    if sum(letter.isdigit() for letter in text) >= 4:
        return True
    try:
        moments.time_of(text)
    except moments.Unreadable:
        return False
    return True


def _row(line: Line, columns: Columns, now: datetime, authority: str) -> ReadRow:
    texts = columns.texts(line.cells)
    if sum(1 for cell in line.cells if cell.strip()) == 1:
        return ReadRow(line.number, texts, Values()).with_problem(
            "",
            "This line has only one value, so it is no row of the list. Look at it, and set it aside.",
            State.UNREADABLE,
        )
    row = row_of(line.number, texts, now=now, authority=authority)
    if line.broken_quotes:
        row = row.with_problem(
            "",
            "A quotation mark in this line is never closed. Look whether each value stands where it should.",
            State.DOUBTFUL,
        )
    if any(cell.strip() for cell in line.cells[len(columns.headings) :]):
        row = row.with_problem(
            "",
            "This line has more values than there are headings. Look whether each stands where it should.",
            State.DOUBTFUL,
        )
    return row


class _Above(NamedTuple):
    """A row further up, and its name made plain to be compared with the rows below it."""

    row: ReadRow
    name: Name


def beside_each_other(rows: Iterable[ReadRow]) -> list[ReadRow]:
    """The same rows, each beside those above it: the same again, or perhaps the same child."""
    seen: list[ReadRow] = []
    by_texts: dict[str, int] = {}
    by_number: dict[str, list[_Above]] = defaultdict(list)
    by_likeness: dict[object, list[_Above]] = defaultdict(list)
    for row in rows:
        first = by_texts.setdefault(row.plain, row.line)
        if first != row.line:
            seen.append(replace(row, same_as=first))
            continue
        here = _Above(row, plain_name(row.values.name))
        number = number_key(row.values.number)
        judged = _with_same_number(here, by_number[number]) if number else row
        if judged is row:
            judged = _with_likeness(here, by_likeness)
        by_number[number].append(here)
        for key in _likeness_keys(row.values):
            by_likeness[key].append(here)
        seen.append(judged)
    return seen


def number_key(number: str) -> str:
    """An incident number without the spaces and strokes that people put into it."""
    return "".join(letter for letter in number.casefold() if letter.isalnum())


def _may_be_one_child(one: _Above, other: _Above) -> bool:
    born, also_born = one.row.values.born_on, other.row.values.born_on
    return not (born and also_born and born != also_born) and plainly_alike(one.name, other.name)


def _with_same_number(here: _Above, others: list[_Above]) -> ReadRow:
    for other in others[-_MOST_COMPARED:]:
        if _may_be_one_child(here, other):
            return here.row.with_problem(
                "number",
                f"Line {other.row.line} has the same number and the same young person, and other values. "
                "Set aside the one that is wrong.",
                State.DOUBTFUL,
            )
    if others:
        return here.row.with_problem(
            "number",
            f"Line {others[0].row.line} has the same number for somebody else. Two together may share one.",
            State.READY,
        )
    return here.row


def _with_likeness(here: _Above, by_likeness: Mapping[object, list[_Above]]) -> ReadRow:
    row, away = here.row, here.row.values.away
    if away is None:
        return row
    for key in _likeness_keys(row.values):
        for other in by_likeness.get(key, [])[-_MOST_COMPARED:]:
            also_away = other.row.values.away
            if also_away and overlaps(away, also_away) and _may_be_one_child(here, other):
                return row.with_problem(
                    "surname" if "surname" in row.texts else "name",
                    f"This may be the same young person and the same time as line {other.row.line}. "
                    "If it is, set one of the two aside.",
                    State.DOUBTFUL,
                )
    return row


def _likeness_keys(values: Values) -> list[object]:
    """Candidates are found by birthday, or, where one is not known, by the sound of the surname."""
    heard = sound(values.surname)
    if values.born_on:
        return [values.born_on, ("not born", heard)] if heard else [values.born_on]
    return [("not born", heard)] if heard else []
