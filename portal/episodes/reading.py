"""From the bytes of a file to its lines of cells, whatever program of whatever police force wrote it.

Nothing is interpreted here: a cell stays the text that it is, and each line keeps the number it has in
the file, so that somebody who opens the file beside the preview finds the same line.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_LINES_IN_A_CELL = 30
LOST = "\ufffd"
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}

# A remark may be as long as the file; without this Python's reader stops the whole list at 131,072 letters.
csv.field_size_limit(MOST_BYTES)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_AS_CSV = "Open it, choose “Save as”, then “CSV UTF-8”, and bring that file."
_KINDS = (
    (b"%PDF", "This is a PDF, not a list. Ask the sender for the same list as a CSV file."),
    (b"\x89PNG", "This is a picture, not a list. Ask the sender for the list as a CSV file."),
    (b"\xff\xd8\xff", "This is a picture, not a list. Ask the sender for the list as a CSV file."),
    (b"GIF8", "This is a picture, not a list. Ask the sender for the list as a CSV file."),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel or Word file, not a CSV file. {_SAVE_AS_CSV}"),
    (b"{\\rtf", "This is a word-processor document, not a list. Ask the sender for the list as a CSV file."),
    (b"\x1f\x8b", "This is a packed file. Unpack it first, and bring the CSV file that is inside."),
    (b"7z\xbc\xaf", "This is a packed file. Unpack it first, and bring the CSV file that is inside."),
    (b"Rar!", "This is a packed file. Unpack it first, and bring the CSV file that is inside."),
)
_NO_TEXT = "This file is not text, so it cannot be the list. Ask the sender for the list as a CSV file."
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), LOST)


class NotAList(ValueError):
    """The file cannot be the day's list; its text is one sentence or two for whoever brought it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells and the number of the file's line on which it begins, counted from one."""

    number: int
    cells: tuple[str, ...]
    broken_quotes: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Everything the file holds, still without meaning; lines with nothing in them are left out."""

    lines: tuple[Line, ...]
    delimiter: str
    encoding: str


def lines_of(content: bytes) -> Lines:
    """The lines of *content*; raises `NotAList` where it is something else or too big to be a day's list."""
    refuse_other_kinds(content)
    text, encoding = _text_of(content) if content.strip(b"\0") else ("", "")
    if not text.strip():
        raise NotAList("This file is empty. Ask the sender to send it again.")
    _refuse_other_texts(text)
    physical = list(io.StringIO(text.translate(_CONTROLS), newline=""))
    told = _told_delimiter(physical[0])
    delimiter = told or _delimiter_of(physical)
    lines = []
    for line in _records(physical, delimiter, first=1 if told else 0):
        if any(cell and not cell.isspace() for cell in line.cells):
            lines.append(line)
        if len(line.cells) > MOST_COLUMNS or len(lines) > MOST_ROWS:
            raise NotAList(
                "This file has far more rows or columns than a day's list. Check that it is the right file."
            )
    if not lines or max(len(line.cells) for line in lines) < 2:
        raise NotAList(
            "Only one column was found. A list has its columns divided by commas, semicolons or tabs: "
            "ask the sender for it as a CSV file."
        )
    return Lines(tuple(lines), delimiter, encoding)


def refuse_other_kinds(content: bytes) -> None:
    """Raise `NotAList` for a file that its size or its first bytes show to be something else."""
    if len(content) > MOST_BYTES:
        raise NotAList(
            "This file is bigger than 5 MB. A day's list is far smaller: check that it is the right file."
        )
    if content.startswith(b"PK\x03\x04"):
        if b"xl/" in content:
            raise NotAList(f"This is an Excel workbook, not a CSV file. {_SAVE_AS_CSV}")
        raise NotAList(
            "This is a packed file or a document. Unpack it first, and bring the CSV file that is inside."
        )
    for start, sentence in _KINDS:
        if content.startswith(start):
            raise NotAList(sentence)


def _text_of(content: bytes) -> tuple[str, str]:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(name, "replace"), name.upper()
    sample = content[:4096]
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    if max(zeros) * 5 > len(sample):
        if min(zeros) * 10 > max(zeros):
            raise NotAList(_NO_TEXT)
        name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return content.decode(name, "replace"), name.upper()
    text = content.decode("utf-8", "replace")
    lost = text.count(LOST)
    # One line pasted in by hand must not turn every other name of a UTF-8 list into nonsense.
    if lost and lost * 4 > sum(letter > "\x7f" for letter in text) - lost:
        return content.decode("cp1252", "replace"), "Windows-1252"
    return text, "UTF-8"


def _refuse_other_texts(text: str) -> None:
    start = text.lstrip()[:400].casefold()
    if start.startswith("<") or "<html" in start:
        raise NotAList("This is a web page, not a list. Ask the sender for the list as a CSV file.")
    if re.match(r"[\[{]\s*[\"{\[]", start):
        raise NotAList("This is data for a program, not a list. Ask the sender for the list as a CSV file.")
    if text.translate(_CONTROLS).count(LOST) * 50 > len(text):
        raise NotAList(_NO_TEXT)


def _told_delimiter(first: str) -> str | None:
    """What the line `sep=;`, which Excel writes on top, says."""
    told = re.fullmatch(r"\"?sep=(.)\"?", first.rstrip("\r\n"), re.IGNORECASE)
    return told[1] if told and told[1] in DELIMITERS else None


def _delimiter_of(physical: list[str]) -> str:
    def regularity(delimiter: str) -> float:
        lines = [line.cells for line in _records(physical[:60], delimiter, 0) if any(line.cells)]
        widths = Counter(len(cells) for cells in lines)
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
        # Addresses and remarks are full of commas; headings are not.
        divides_the_headings = 10 if lines and len(lines[0]) > 1 else 1
        return divides_the_headings * width * times / len(lines) if width > 1 else 0.0

    return max(DELIMITERS, key=regularity)


def _records(physical: list[str], delimiter: str, first: int) -> Iterator[Line]:
    at, width = first, 0
    while at < len(physical):
        plain = tuple(physical[at].rstrip("\r\n").split(delimiter))
        width = width or len(plain)
        if '"' not in physical[at]:
            yield Line(at + 1, plain)
            at += 1
            continue
        cells, used = _quoted(physical, delimiter, at, width)
        # A quote that nobody closed would swallow the rows below it: such a line is taken as it stands.
        yield Line(at + 1, cells or plain, broken_quotes=not cells)
        at += used


def _quoted(physical: list[str], delimiter: str, at: int, width: int) -> tuple[tuple[str, ...], int]:
    """The cells from line *at* on, and how many lines they took; no cells where a quote is never closed."""
    ran_out = False

    def feed() -> Iterator[str]:
        nonlocal ran_out
        yield from physical[at : at + MOST_LINES_IN_A_CELL]
        ran_out = True

    reader = csv.reader(feed(), delimiter=delimiter)
    cells = next(reader, [])
    rows_inside = (part for cell in cells for part in cell.splitlines()[1:])
    if ran_out or any(part.count(delimiter) >= max(3, width - 2) for part in rows_inside):
        return (), 1
    return tuple(cells), reader.line_num
