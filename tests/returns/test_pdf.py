"""The record as a PDF: tagged for a screen reader, and a letter without a font is named, not lost."""

import logging
import re
import zlib
from datetime import UTC, datetime

import pytest

from portal.returns import pdf
from portal.returns.record import Field

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def _made(text):
    return pdf.made("For the case record", ["Made today."], [Field("Before", text)], "Rowan", AT)


def _inside(made):
    """Everything in the file, unpacked."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    unpacked = []
    for part in parts:
        try:
            unpacked.append(zlib.decompress(part))
        except zlib.error:
            unpacked.append(part)
    return made + b"".join(unpacked)


def test_it_is_tagged_and_says_that_it_is_pdf_ua():
    inside = _inside(_made("Home felt loud."))
    assert inside.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in inside
    assert b"pdfuaid:part" in inside


def test_the_same_record_is_the_same_file():
    assert _made("Home felt loud.") == _made("Home felt loud.")


def test_what_somebody_typed_is_text_and_never_markup():
    assert b"%PDF-" in _made('#panic("x") *bold* = Heading\n$x$ <label> @ref \\u{41} "quoted" // gone')


@pytest.fixture
def asked(monkeypatch):
    """What typst was asked to make, as on a machine without any fonts: the text, and whether it asked for its fonts."""
    found, real = [], pdf._compiled

    def compiled(told, at, **how):
        found.append((told, how["system_fonts"]))
        return real(told, at, **how | {"system_fonts": False})

    monkeypatch.setattr(pdf, "_compiled", compiled)
    return found


def test_arabic_needs_no_font_of_the_machine(asked):
    _made("أردت فقط بعض الهواء")
    assert [system_fonts for _, system_fonts in asked] == [False]


def test_a_picture_without_a_font_is_named_and_the_log_is_not_told_which(asked, caplog):
    with caplog.at_level(logging.INFO):
        made = _made("i felt \U0001f600\U0001f469\U0001f3fd‍\U0001f680 ok. 한국어")
    assert made.startswith(b"%PDF-")
    assert "[grinning face]" in asked[-1][0]
    assert "[3 letters, hangul]" in asked[-1][0]
    assert "letters without a font" in caplog.text
    assert "\U0001f600" not in caplog.text
    assert "grinning" not in caplog.text
