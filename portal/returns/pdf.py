"""A record as a PDF that a screen reader can read (PDF/UA-1), made by typst from text alone.

typst refuses a letter for which no font is there. The fonts that its wheel brings have most letters; those of the
system are asked next; what is left is named in words instead, and the log is told how many, never which.
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import typst

from portal.returns.record import Field

_LOG = logging.getLogger("portal")
# What it cannot show typst names in its refusal, some of it by number.
_MISSING = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")
_BY_NUMBER = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MOST_KINDS = 8  # of letters without a font: scripts, and pictures, which count as one
# Pictures, with what joins and colours them: they stand together or not at all.
_PICTURES = "\u2190-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_PICTURE = re.compile(f"[{_PICTURES}][{_PICTURES}\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f]*")
_TEMPLATE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, author: told.author)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1", header: text(size: 9pt)[#told.title])
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"), size: 11pt, lang: "en", hyphenate: false)
#set par(leading: 0.7em)
#show heading: set block(above: 1.4em, below: 0.7em)
= #told.title
#for line in told.about [#line \\ ]
#for part in told.fields [
  == #part.heading
  #for line in part.lines [#block(above: 0.6em, below: 0.6em)[#text(dir: auto)[#line]]]
]
"""


def made(title: str, about: Sequence[str], fields: Sequence[Field], author: str, at: datetime) -> bytes:
    """The record as a PDF, dated *at*."""
    told = {
        "title": title,
        "about": list(about),
        "author": author,
        "fields": [{"heading": one.heading, "lines": one.text.split("\n")} for one in fields],
    }
    text, missing_ever = json.dumps(told, ensure_ascii=False), set[str]()
    for system_fonts in (False, *[True] * MOST_KINDS):
        try:
            return _compiled(text, at, system_fonts=system_fonts)
        except typst.TypstError as refused:
            missing = _letters(str(refused))
            if not missing:
                break
        if system_fonts:
            _LOG.warning("letters without a font in a PDF: %s kinds", len(missing))
            told["about"] = [
                *about,
                "Letters that paper cannot show here are named in brackets; the page has them.",
            ]
            text = _named(json.dumps(told, ensure_ascii=False), missing_ever := missing_ever | missing)
    # Whatever else it refuses, a page that shows a box for a letter is more than none.
    _LOG.error("a PDF was made without its tags")
    return _compiled(text, at, system_fonts=True, tagged=False)


def _compiled(told: str, at: datetime, *, system_fonts: bool, tagged: bool = True) -> bytes:
    made: bytes = typst.compile(
        _TEMPLATE.encode(), format="pdf", sys_inputs={"told": told}, pdf_standards=["ua-1"] if tagged else [],
        ignore_system_fonts=not system_fonts, timestamp=int(at.timestamp()),
    )  # fmt: skip
    return made


def _letters(refusal: str) -> set[str]:
    """The letters that a refusal of typst's names."""
    quoted = (
        _BY_NUMBER.sub(lambda m: chr(int(m[1], 16)), found[1:-1]) for found in _MISSING.findall(refusal)
    )
    return {letter for text in quoted for letter in text if not letter.isascii()}


def _named(text: str, missing: set[str]) -> str:
    """*text* with all letters of the kinds of these named in words."""
    if any(_PICTURE.match(letter) for letter in missing):
        text = _PICTURE.sub(lambda found: "".join(_name(one) for one in found[0]), text)
    scripts = {_script(letter) for letter in missing} - {""}
    return "".join(
        f"[{len(run)} letters, {script.lower()}]" if script in scripts else "".join(run)
        for script, run in ((script, list(letters)) for script, letters in groupby(text, _script))
    )


def _script(letter: str) -> str:
    """The script of a letter, by the first word of its name; empty for what every font has, and for pictures."""
    if letter.isascii() or _PICTURE.match(letter):
        return ""
    return unicodedata.name(letter, "unknown").split()[0]


def _name(letter: str) -> str:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Sk"):
        return ""
    return f"[{unicodedata.name(letter, 'a picture').lower()}]"
