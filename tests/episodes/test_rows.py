"""One row: what is ready, what a person should look at, and what cannot be taken until it is mended."""

from datetime import UTC, date, datetime

import pytest

from portal.episodes.rows import row_of
from portal.episodes.values import State

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
GOOD = {
    "number": "MFH1", "surname": "Jones", "forenames": "Callum", "born_on": "16/04/2010",
    "missing_date": "18/11/2026", "missing_time": "13:00", "returned_date": "19/11/2026", "returned_time": "01:24",
    "living": "Home", "placing_authority": "", "missing_from": "Home", "remarks": "",
}  # fmt: skip


def _row(**changed):
    return row_of(2, GOOD | changed, now=NOW, authority="Manchester")


def _said(row):
    return {problem.field: problem.sentence for problem in row.problems}


def test_a_good_row_is_ready_and_needs_no_word():
    row = _row()
    assert (row.state, row.problems) == (State.READY, ())
    assert row.values.missing_at == datetime(2026, 11, 18, 13, tzinfo=UTC)
    assert row.values.returned_at == datetime(2026, 11, 19, 1, 24, tzinfo=UTC)
    assert row.values.born_on == date(2010, 4, 16)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"surname": ""}, "surname"),
        ({"forenames": ""}, "forenames"),
        ({"forenames": "?ukasz"}, "forenames"),
        ({"surname": "D\ufffdbrowski"}, "surname"),
        ({"forenames": "ZoÃ«"}, "forenames"),
        ({"number": ""}, "number"),
        ({"number": "n/k"}, "number"),
        ({"born_on": "26/11/2000"}, "born_on"),
        ({"born_on": "31/02/2010"}, "born_on"),
        ({"born_on": "01/01/2027"}, "born_on"),
        ({"returned_date": "11/11/2026"}, "returned_date"),
        ({"missing_date": "20/12/2026"}, "missing_date"),
        ({"returned_date": "20/12/2026"}, "returned_date"),
        ({"returned_time": ""}, "returned_time"),
    ],
)
def test_what_a_person_should_look_at_is_doubtful(changed, field):
    row = _row(**changed)
    assert row.state is State.DOUBTFUL
    assert [problem.field for problem in row.problems] == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"missing_date": "31/02/2026"}, "missing_date"),
        ({"missing_date": ""}, "missing_date"),
        ({"missing_time": "25:61"}, "missing_time"),
        ({"returned_date": "soon"}, "returned_date"),
        ({"returned_date": ""}, "returned_date"),
        ({"returned_time": "25:61"}, "returned_time"),
        ({"surname": "", "forenames": ""}, "surname"),
    ],
)
def test_what_cannot_be_read_has_to_be_mended_first(changed, field):
    row = _row(**changed)
    assert row.state is State.UNREADABLE
    assert field in _said(row)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"born_on": "unknown"}, "born_on"),
        ({"born_on": "01/01/1900"}, "born_on"),
        ({"missing_time": ""}, "missing_time"),
        ({"living": "Looked after"}, "living"),
        ({"living": "", "missing_from": ""}, "living"),
        ({"living": "Home", "placing_authority": "Salford"}, "living"),
        ({"remarks": '=HYPERLINK("http://example.invalid","open")'}, "remarks"),
    ],
)
def test_what_stops_nobody_is_only_a_note(changed, field):
    row = _row(**changed)
    assert row.state is State.READY
    assert list(_said(row)) == [field]


@pytest.mark.parametrize("said", ["", "-", "still missing", "N/A", "Outstanding"])
def test_who_is_still_missing_is_not_in_doubt(said):
    row = _row(returned_date=said, returned_time="")
    assert (row.state, row.values.still_missing, row.values.returned_at) == (State.READY, True, None)


def test_an_unreadable_return_is_not_taken_for_still_missing():
    assert not _row(returned_date="soon").values.still_missing


def test_a_formula_is_kept_as_the_text_that_it_is():
    assert _row(remarks="=1+1").texts["remarks"] == "=1+1"


def test_a_minus_sign_or_a_telephone_number_is_no_formula():
    assert _row(remarks="- upset").problems == ()
    assert _row(remarks="+44 7700 900123").problems == ()


def test_a_time_that_the_clocks_skipped_is_doubtful():
    row = _row(missing_date="29/03/2026", missing_time="01:30")
    assert row.state is State.DOUBTFUL
    assert "did not exist" in _said(row)["missing_time"]


def test_of_a_time_that_came_twice_the_earlier_is_counted_and_said():
    row = _row(missing_date="24/10/2026", returned_date="25/10/2026", returned_time="01:30")
    assert row.values.returned_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert (row.state, list(_said(row))) == (State.READY, ["returned_time"])


def test_back_within_the_hour_that_came_twice_is_not_back_before_leaving():
    row = _row(
        missing_date="25/10/2026", missing_time="01:50", returned_date="25/10/2026", returned_time="01:10"
    )
    assert row.state is State.READY
    assert row.values.returned_at == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_the_day_of_the_eighteenth_birthday_is_that_of_london():
    turning = {"missing_date": "01/07/2026", "returned_date": "02/07/2026", "missing_time": "00:10"}
    assert _row(born_on="01/07/2008", **turning).state is State.DOUBTFUL
    assert _row(born_on="02/07/2008", **turning).state is State.READY


@pytest.mark.parametrize(
    ("living", "placing", "meant"),
    [
        ("Home", "", ("home", "")),
        ("Not looked after", "", ("home", "")),
        ("Looked after", "Manchester", ("our child", "")),
        ("LAC", "Manchester City Council", ("our child", "")),
        ("Yes", "MANCHESTER CC", ("our child", "")),
        ("Looked after", "Stockport", ("other authority", "Stockport")),
        ("Children's home", "Stockport MBC", ("other authority", "Stockport MBC")),
        ("Looked after", "", ("", "")),
    ],
)
def test_where_somebody_lives_is_told_in_the_words_of_each_force(living, placing, meant):
    values = _row(living=living, placing_authority=placing, missing_from="").values
    assert (values.living, values.placed_by) == meant


def test_a_date_and_a_time_may_stand_in_one_column():
    texts = {k: v for k, v in GOOD.items() if not k.endswith("_time")}
    texts |= {"missing_date": "18-Nov-26 1300", "returned_date": "2026-11-19T01:24:00Z"}
    assert row_of(2, texts, now=NOW, authority="Manchester").values == _row().values


def test_a_whole_name_in_one_column_is_divided():
    texts = {k: v for k, v in GOOD.items() if k not in ("surname", "forenames")} | {"name": "JONES, Callum"}
    assert row_of(2, texts, now=NOW, authority="Manchester").values.name == ("JONES", "Callum")


def test_every_sentence_says_what_to_do():
    row = _row(number="", surname="", born_on="31/02/2010", missing_time="25:61", returned_date="1/1/2027")
    doing = ("Write", "Ask", "Look", "Mend", "Add", "Set", "Choose")
    assert all(any(f"{verb} " in problem.sentence for verb in doing) for problem in row.problems)
