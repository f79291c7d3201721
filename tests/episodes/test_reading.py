"""From bytes to lines of cells: encodings, delimiters, quotes, and what is no list at all."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.episodes.reading import MOST_BYTES, NotAList, lines_of

TWO_ROWS = "Surname,First name\r\nDąbrowski,Zoë\r\n"
IN_THE_WEST = "Surname,First name\r\nEdwards,Zoë\r\n"


def _names(content):
    return lines_of(content).lines[1].cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_name_keeps_its_letters_in_every_encoding(encoding):
    assert _names(TWO_ROWS.encode(encoding)) == ("Dąbrowski", "Zoë")


def test_what_is_not_unicode_is_read_as_windows_1252():
    lines = lines_of(IN_THE_WEST.encode("cp1252"))
    assert (lines.encoding, lines.lines[1].cells) == ("Windows-1252", ("Edwards", "Zoë"))


def test_one_bad_letter_does_not_spoil_the_names_of_a_utf_8_list():
    content = ("Surname,First name\n" + "Dąbrowski,Zoë\n" * 9).encode() + b"Edwards,Zo\xeb\n"
    assert _names(content) == ("Dąbrowski", "Zoë")
    assert lines_of(content).lines[-1].cells == ("Edwards", "Zo\ufffd")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_trying(delimiter):
    rows = [["Surname", "First name", "Remarks"], ["Jones", "Callum", "tired, hungry; cold, and wet"]] * 3
    content = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert lines_of(content.encode()).lines[1].cells == tuple(rows[1])


def test_commas_in_addresses_are_not_taken_for_delimiters():
    content = "Surname;Address\n" + "Jones;1 Alder Road, Salford, M1 1ZZ\n" * 20
    assert lines_of(content.encode()).delimiter == ";"


def test_the_delimiter_that_excel_names_on_top_is_believed():
    lines = lines_of(b"sep=;\r\nSurname;Remarks\r\nJones;a,b\r\n")
    assert [(line.number, line.cells) for line in lines.lines] == [
        (2, ("Surname", "Remarks")),
        (3, ("Jones", "a,b")),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_the_file_has_them(end):
    content = end.join(["a,b", "", '1,"two', 'lines"', "2,x"])
    assert [line.number for line in lines_of(content.encode()).lines] == [1, 3, 5]


def test_a_quote_within_a_quoted_text_is_kept():
    assert _names(b'Surname,Remarks\nJones,"said ""no"", twice"\n') == ("Jones", 'said "no", twice')


def test_a_quote_that_is_never_closed_costs_no_other_row():
    content = 'Surname,First name,Number,Remarks\nJones,Amy,1,"upset\nUddin,Bo,2,\nGreen,Cy,3,"calm"\n'
    lines = lines_of(content.encode()).lines
    assert [line.cells[0] for line in lines] == ["Surname", "Jones", "Uddin", "Green"]
    assert [line.broken_quotes for line in lines] == [False, True, False, False]


def test_an_inch_sign_is_no_quotation_mark():
    assert _names(b'Surname,Remarks\nJones,has a 5" phone\nUddin,\n') == ("Jones", 'has a 5" phone')


def test_lines_without_a_value_are_left_out():
    assert [line.number for line in lines_of(b"a,b\n,\n1,2\n , \n").lines] == [1, 3]


def _zip(name):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"\0" * 500, "empty"),
        (b"%PDF-1.7 \xe2\xe3", "PDF"),
        (_zip("xl/workbook.xml"), "Excel"),
        (_zip("list.csv"), "packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0JFIF", "picture"),
        (b"<!DOCTYPE html><table><tr><td>a,b", "web page"),
        (b'[{"surname": "Jones"}]', "for a program"),
        (bytes(range(256)) * 40, "not text"),
        (b"a,b\n" + b"\1x\2y,\3z\n" * 99, "not text"),
        (b"Surname\nJones\nUddin\n", "one column"),
        (b"a," * 300 + b"\n", "more rows or columns"),
        (b"a,b\n" * 20_002, "more rows or columns"),
        (b"a,b\n" * (MOST_BYTES // 4 + 1), "5 MB"),
    ],
    ids=range(18),
)
def test_what_is_no_list_is_refused_in_one_clear_sentence(content, said):
    with pytest.raises(NotAList, match=said):
        lines_of(content)


def test_a_stray_null_byte_is_a_lost_letter_and_not_the_end_of_the_list():
    content = b"Surname,First name\n" + b"Jones,Callum\n" * 40 + b"Zaj\0c,Kayla\n"
    assert lines_of(content).lines[-1].cells == ("Zaj\ufffdc", "Kayla")


@given(st.binary(max_size=2000))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\x00")
@example(b"\xff\xfea\x00,\x00\x00\xd8")
def test_no_bytes_are_too_odd(content):
    try:
        lines = lines_of(content).lines
    except NotAList:
        return
    assert "".join(cell for line in lines for cell in line.cells).encode()
