"""Whole lists: the three samples row by row, rows beside each other, odd files, and speed."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.episodes.daily_list import rows_of, sheet_of
from portal.episodes.reading import NotAList
from portal.episodes.values import State

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LISTS = Path(__file__).parent / "lists"
HEADINGS = "Incident No,Surname,Forename(s),DOB,Missing date,Missing time,Returned date,Returned time\n"


def _read(content, **options):
    return rows_of(sheet_of(content), now=NOW, authority="Manchester", **options)


def _rows(*rows):
    return _read((HEADINGS + "\n".join(rows) + "\n").encode()).rows


@pytest.fixture(scope="module")
def messy():
    return {row.line: row for row in _read((LISTS / "list-messy.csv").read_bytes()).rows}


def test_every_row_of_the_plain_list_is_ready():
    plain = _read((LISTS / "list-plain.csv").read_bytes())
    assert [row.line for row in plain.rows] == list(range(2, 42))
    assert {(row.state, row.problems) for row in plain.rows} == {(State.READY, ())}
    assert Counter(row.values.living for row in plain.rows) == {
        "home": 19,
        "other authority": 15,
        "our child": 6,
    }
    assert [row.values.name for row in plain.rows[8:10]] == [("Edwards", "Chloé"), ("Uddin", "Danuta")]


def test_every_row_of_the_utf_16_list_is_ready_though_the_columns_stand_elsewhere():
    other = _read((LISTS / "list-utf16.csv").read_bytes())
    assert {(row.state, row.problems) for row in other.rows} == {(State.READY, ())}
    assert (len(other.rows), other.columns.not_used) == (25, ("Officer", "Beat"))
    assert other.rows[16].values.name == ("Yeboah", "Łukasz")
    assert other.rows[0].values.returned_at == datetime(2026, 11, 19, 18, 59, tzinfo=UTC)


def test_the_messy_list_is_sorted_into_what_is_ready_doubtful_and_unreadable(messy):
    states = {state: [line for line, row in messy.items() if row.state is state] for state in State}
    assert states[State.UNREADABLE] == [9, 19]
    assert states[State.DOUBTFUL] == [3, 4, 7, 11, 12, 13, 14, 15, 20, 21, 39]
    assert len(messy) == 40


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (7, "returned_date", "came back before they went missing"),
        (9, "missing_date", "“31/02/2026” is a day that does not exist"),
        (10, "born_on", "no date of birth"),
        (11, "missing_date", "still to come"),
        (13, "surname", "may be the same young person and the same time as line 6"),
        (14, "surname", "no surname"),
        (15, "number", "no incident number"),
        (16, "remarks", "spreadsheet formula"),
        (19, "missing_time", "“25:61” is a time that does not exist"),
        (20, "born_on", "an adult"),
        (21, "forenames", "Letters of “????” were lost"),
    ],
)
def test_each_oddity_of_the_messy_list_is_said_at_its_line(messy, line, field, words):
    assert [problem.field for problem in messy[line].problems if words in problem.sentence] == [field]


def test_who_is_still_missing_in_the_messy_list_is_ready(messy):
    assert [line for line, row in messy.items() if row.values.still_missing] == [5]
    assert messy[5].state is State.READY


def test_the_row_that_comes_twice_in_the_messy_list_names_the_first(messy):
    assert {line: row.same_as for line, row in messy.items() if row.same_as} == {12: 4}


def test_a_line_break_inside_a_remark_of_the_messy_list_moves_no_line_number(messy):
    assert messy[17].texts["remarks"] == 'said "not going back", carer upset\nsecond line'
    assert messy[19].values.surname == "Zaj?c"
    assert 18 not in messy


CALLUM = "1,Jones,Callum,16/04/2010,18/11/2026,13:00,19/11/2026,01:24"


def test_one_number_for_two_young_people_is_only_a_note():
    other = _rows(CALLUM, "1,Jones,Sara,03/02/2012,18/11/2026,13:00,19/11/2026,01:24")[1]
    assert (other.state, other.problems[0].field) == (State.READY, "number")


def test_one_number_with_two_stories_is_doubtful():
    other = _rows(CALLUM, "1,Jones,Callum,16/04/2010,18/11/2026,13:00,19/11/2026,03:24")[1]
    assert "Line 2 has the same number" in other.problems[0].sentence
    assert other.state is State.DOUBTFUL


def test_missing_twice_in_one_list_is_in_order():
    again = _rows(CALLUM, "2,Jones,Callum,16/04/2010,20/11/2026,13:00,21/11/2026,01:24")[1]
    assert again.state is State.READY


def test_the_same_child_without_a_birthday_is_found_by_the_sound_of_the_name():
    other = _rows(CALLUM, "2,JONNES,Calum,,18/11/2026,14:00,19/11/2026,01:24")[1]
    assert other.state is State.DOUBTFUL


def test_twins_with_names_of_their_own_are_two():
    other = _rows(CALLUM, "2,Jones,Sara,16/04/2010,18/11/2026,13:00,19/11/2026,01:24")[1]
    assert other.state is State.READY


def test_a_line_with_more_values_than_headings_is_doubtful():
    assert _rows(CALLUM + ",spilled")[0].state is State.DOUBTFUL


def test_a_line_that_lacks_its_last_values_is_read_as_if_they_were_empty():
    assert _rows("1,Jones,Callum,16/04/2010,18/11/2026,13:00")[0].values.still_missing


def test_a_total_at_the_foot_blocks_nothing():
    rows = _rows(CALLUM, "Total: 1,,,,,,,")
    assert [row.state for row in rows] == [State.READY, State.UNREADABLE]


def test_a_title_above_the_headings_is_passed_over():
    listed = _read(b"Missing and found list,,\nfor 20/11/2026\n\n" + (HEADINGS + CALLUM).encode())
    assert [(row.line, row.state) for row in listed.rows] == [(5, State.READY)]


def test_a_day_without_anybody_missing_is_a_list_too():
    assert _read(HEADINGS.encode()).rows == ()


def test_headings_in_no_known_words_wait_for_a_match_by_hand():
    content = "Kennung|Zuname|Vorname|Geboren|Weg am|Zurück am\n7|Jones|Callum|16.04.2010|18.11.2026 13:00|19.11.2026 01:24\n"
    assert set(_read(content.encode()).columns.wanted) >= {"number", "surname", "returned_date"}
    by_hand = dict(
        zip(
            ["Kennung", "Zuname", "Vorname", "Geboren", "Weg am", "Zurück am"],
            ["number", "surname", "forenames", "born_on", "missing_date", "returned_date"],
            strict=True,
        )
    )
    (row,) = _read(content.encode(), matches=by_hand).rows
    assert (row.state, row.values.name) == (State.READY, ("Jones", "Callum"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MFH1;Jones;19/11/2026;14:00\nMFH2;Uddin;19/11/2026;15:00\n", "no line of headings"),
        (b"Wickets,Runs\n", "Nothing in this file"),
    ],
)
def test_a_table_that_is_no_list_is_refused(content, said):
    with pytest.raises(NotAList, match=said):
        sheet_of(content)


def test_the_same_file_read_twice_says_the_same():
    content = (LISTS / "list-messy.csv").read_bytes()
    assert _read(content).rows == _read(content).rows


@given(st.lists(st.lists(st.text(max_size=12), min_size=8, max_size=9), max_size=6))
@settings(max_examples=60)
def test_no_row_is_too_odd(cells):
    rows = "\n".join(";".join(row) for row in cells)
    try:
        listed = _read((HEADINGS.replace(",", ";") + rows).encode("utf-8", "surrogatepass"))
    except NotAList:
        return
    assert all(problem.sentence.endswith(".") for row in listed.rows for problem in row.problems)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_no_bytes_after_the_headings_are_too_odd(content):
    with suppress(NotAList):
        assert _read(HEADINGS.encode() + content).columns.wanted == ()


def test_five_thousand_rows_take_less_than_a_second():
    rows = [
        f"MFH{n},{['Patel', 'Nowak', 'Jones'][n % 3]},{'abcdefgh'[n % 8]}nna,{n % 28 + 1:02}/{n % 12 + 1:02}/20{10 + n % 6},"
        f"18/11/2026,13:00,19/11/2026,{n % 24:02}:24"
        for n in range(5000)
    ]
    content = (HEADINGS + "\n".join(rows)).encode()
    # The least of three: in a process that has run a thousand tests, collecting its garbage may take as long again.
    assert min(_seconds_of(content) for _ in range(3)) < 1


def _seconds_of(content):
    before = process_time()
    assert len(_read(content).rows) == 5000
    return process_time() - before
