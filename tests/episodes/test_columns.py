"""Columns recognised by their headings, and matched by hand once."""

import pytest

from portal.config import Hub
from portal.db import session
from portal.episodes.columns import named, recognise, signature
from portal.episodes.imports import ListImport
from portal.episodes.preview import work_out
from tests.episodes.conftest import LISTS

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


# --- the page on which somebody matches them ----------------------------------------------------------------------

FOREIGN = (
    b"Kennung|Zuname|Vorname|Geboren|Weg am|Da\n7|Green|Bo|01.01.2012|18.11.2026 13:00|19.11.2026 01:24\n"
)
RIGHT = {
    "number": "Kennung", "surname": "Zuname", "forenames": "Vorname", "born_on": "Geboren",
    "missing_date": "Weg am", "returned_date": "Da",
}  # fmt: skip


@pytest.fixture
def cory(doors, cast, started):
    return doors.staff.sign_in_as(cast.cory)


def test_a_list_in_new_words_asks_for_its_columns_and_shows_how_it_begins(cory, bring):
    import_id = bring(FOREIGN)
    page = cory.follow(cory.get(f"/list/{import_id}"))
    assert page.url.endswith(f"/list/{import_id}/columns")
    assert "Choose the column for each of the first 6 below" in page.main
    assert "18.11.2026 13:00" in page.main
    assert [select.get("name") for select in page.tree.iter("select")][:2] == ["number", "surname"]


def test_a_match_is_made_once_and_remembered(cory, bring, started, at_work, hub_file, clock):
    import_id = bring(FOREIGN)
    assert cory.post(f"/list/{import_id}/columns", RIGHT).location == f"/list/{import_id}"
    assert started == [import_id]
    work_out(Hub(hub_file, clock=clock), import_id)
    next_day = bring(FOREIGN.replace(b"7|Green|Bo", b"8|Xu|Zoe"))
    with at_work():
        for brought in (import_id, next_day):
            assert session.get_one(ListImport, brought).counts()["new"] == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"surname": "", "name": ""}, "Choose the column with the surname"),
        ({"missing_date": ""}, "Choose the column with the day they went missing."),
        ({"born_on": "Vorname"}, "“Vorname” is chosen twice."),
        ({"born_on": "no such heading"}, "is chosen twice"),
    ],
)
def test_a_match_that_cannot_be_comes_back_with_what_was_chosen(cory, bring, started, wrong, said):
    page = cory.post(f"/list/{bring(FOREIGN)}/columns", RIGHT | wrong)
    assert (page.status, started) == (422, [])
    assert said in page.main
    assert page.tree.find(".//select[@name='forenames']/option[@selected]").text == "Vorname"


def test_a_list_that_was_read_may_be_matched_otherwise(cory, bring):
    import_id = bring((LISTS / "list-utf16.csv").read_bytes())
    page = cory.get(f"/list/{import_id}/columns")
    assert page.tree.find(".//select[@name='surname']/option[@selected]").text == "Surname"
    assert "Columns that are not used: Officer, Beat" in cory.get(f"/list/{import_id}").main


def test_a_list_that_was_taken_is_not_matched_again(cory, bring, take):
    import_id = bring((LISTS / "list-utf16.csv").read_bytes())
    take(import_id)
    assert cory.get(f"/list/{import_id}/columns").status == 404
