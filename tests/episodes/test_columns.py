"""Columns recognised by their headings, and matched by hand once."""

import pytest

from portal.episodes.columns import named, recognise, signature

USUAL = [
    "Incident No",
    "Surname",
    "Forename(s)",
    "DOB",
    "Missing date",
    "Missing time",
    "Returned date",
    "Returned time",
]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Niche ref", "number"), ("URN", "number"), ("Incident number", "number"), ("Misper ref", "number"),
        ("MISPER_REF", "number"), ("Occurrence No.", "number"), ("Last name", "surname"), ("FAMILY NAME", "surname"),
        ("Misper Surname", "surname"), ("Missing person's surname", "surname"), ("First Name(s)", "forenames"),
        ("Subject forename", "forenames"), ("Full Name", "name"), ("Child's name", "name"), ("Date of birth", "born_on"),
        ("D.O.B.", "born_on"), ("DoB (dd/mm/yyyy)", "born_on"), ("Child DOB", "born_on"), ("Sex", "gender"),
        ("Date/Time Missing", "missing_date"), ("Missing since", "missing_date"), ("Date last seen", "missing_date"),
        ("Time missing (24hr)", "missing_time"), ("Found date", "returned_date"), ("Date returned", "returned_date"),
        ("Date & Time Found", "returned_date"), ("Date/time located", "returned_date"), ("Time found", "returned_time"),
        ("LAC status", "living"), ("Responsible LA", "placing_authority"), ("Missing From", "missing_from"),
        ("Risk level", "risk"), ("Informant", "reported_by"), ("Circumstances", "remarks"), ("Post Code", "postcode"),
    ],
)  # fmt: skip
def test_a_heading_of_another_force_is_recognised(heading, field):
    assert field in recognise([heading]).fields


@pytest.mark.parametrize(
    "heading", ["Officer", "Beat", "Nominal ref", "Person URN", "Interview due", "", "Missing duration"]
)
def test_a_heading_that_means_nothing_to_us_is_not_used(heading):
    assert recognise([heading]).not_used == (heading,)


def test_the_usual_headings_leave_nothing_to_ask():
    assert recognise(USUAL).wanted == ()


def test_a_list_without_a_column_for_the_return_asks_for_it():
    assert recognise(USUAL[:6]).wanted == ("returned_date",)


def test_once_somebody_has_looked_only_the_indispensable_is_asked_for():
    assert recognise(USUAL[:6], matches={}).wanted == ()
    assert recognise(USUAL[:1], matches={}).wanted == ("surname", "missing_date")


def test_a_match_by_hand_comes_before_what_the_heading_seems_to_say():
    columns = recognise([*USUAL, "Kennung"], matches={"Kennung": "number", "Incident No": ""})
    assert columns.fields["number"] == 8
    assert columns.not_used == ("Incident No",)


def test_a_match_to_a_field_that_does_not_exist_does_nothing():
    assert recognise(USUAL, matches={"DOB": "shoe size"}).not_used == ("DOB",)


def test_the_surer_of_two_headings_has_the_field():
    columns = recognise(["Ref", "Incident number", *USUAL[1:]])
    assert columns.fields["number"] == 1
    assert columns.not_used == ("Ref",)


def test_a_bare_time_belongs_to_the_day_on_its_left():
    columns = recognise(named(["Niche ref", "Name", "DOB", "Date missing", "Time", "Date found", "Time"]))
    assert (columns.fields["missing_time"], columns.fields["returned_time"]) == (4, 6)


def test_no_two_headings_are_alike_and_none_is_empty():
    assert named(["Time", "", "Time", "Time "]) == ("Time", "column 2", "Time (2)", "Time (3)")


def test_the_same_headings_in_another_order_are_the_same_list():
    assert signature(USUAL) == signature([heading.upper() + "." for heading in reversed(USUAL)])
    assert signature(USUAL) != signature(USUAL[1:])
