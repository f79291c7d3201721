"""Names that may be one young person's, and times that may be one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.episodes.likeness import Away, Name, alike, overlaps, parts_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Patel", "Danuta"), ("PATEL ", "Danuta")),
        (("Dąbrowski", "Idris"), ("Dabrowski", "Idris")),
        (("Łukasiewicz", "Łukasz"), ("Lukasiewicz", "lukasz")),
        (("D?browski", "Idris"), ("Dąbrowski", "Idris")),
        (("D??browski", "Idris"), ("Dąbrowski", "Idris")),
        (("Uddin", "????"), ("Uddin", "Łucja")),
        (("O'Brien", "Siân"), ("OBrien", "Sian")),
        (("Mohamud", "Yusuf"), ("Mohamed", "Yusuf")),
        (("Smith-Jones", "Ben"), ("Smith Jones", "Ben")),
        (("Smith-Jones", "Ben"), ("Jones", "Ben")),
        (("Taylor", "Priya Rose"), ("Taylor", "Priya")),
        (("Walker", "Ben"), ("Ben", "Walker")),
        (("Kowalski", "Zoë"), ("Kowalsky", "Zoe")),
        (("", "Rhys"), ("Lewis", "Rhys")),
    ],
)
def test_these_may_be_one_person(one, other):
    assert alike(Name(*one), Name(*other))
    assert alike(Name(*other), Name(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Walker", "Ben"), ("Walker", "Idris")),
        (("Xu", "Zoë"), ("Yu", "Zoë")),
        (("Nowak", "Niamh"), ("Novak-Lewis", "Adam")),
        (("Edwards", "Rhys"), ("Roberts", "Rhys")),
        (("????", "????"), ("Patel", "Amir")),
        (("", ""), ("", "")),
    ],
)
def test_these_are_two(one, other):
    assert not alike(Name(*one), Name(*other))


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_likeness_does_not_depend_on_who_comes_first(a, b, c, d):
    assert alike(Name(a, b), Name(c, d)) == alike(Name(c, d), Name(a, b))


def test_a_name_of_many_lost_letters_takes_no_time_to_compare():
    assert not alike(Name("?" * 60 + "x", "Ben"), Name("a" * 120, "Ben"))


@pytest.mark.parametrize("whole", ["Walker, Ben", "WALKER Ben", "Ben WALKER", "Ben Walker"])
def test_a_whole_name_is_divided(whole):
    assert tuple(part.title() for part in parts_of(whole)) == ("Walker", "Ben")


def _away(start, end):
    return Away(datetime(2026, 11, start, tzinfo=UTC), end and datetime(2026, 11, end, tzinfo=UTC))


def test_times_that_share_a_day_overlap():
    assert overlaps(_away(3, 6), _away(5, 9))
    assert overlaps(_away(5, 9), _away(3, 6))
    assert overlaps(_away(3, 3), _away(3, 3))


def test_one_time_after_another_does_not_overlap():
    assert not overlaps(_away(3, 5), _away(5, 9))
    assert not overlaps(_away(5, 9), _away(3, 5))


def test_who_is_still_missing_is_missing_at_every_later_time():
    assert overlaps(_away(3, None), _away(5, 9))
    assert not overlaps(_away(7, None), _away(5, 6))
