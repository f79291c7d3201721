"""The page for the case record: everything once, in the order of the form, and the day it went there."""

from datetime import date
from uuid import uuid4

import pytest

from portal.db import session
from portal.trail.models import Voice
from tests.factories import a_conversation, a_return, a_voice
from tests.voices.conftest import WORDS


@pytest.fixture
def page_of(staff, said):
    """`page_of(cast.sam)`: the page as that person gets it."""
    return lambda person_id: staff(person_id).get(f"/voices/{said}/copy")


def test_everything_stands_in_one_text_in_the_order_of_the_form(page_of, cast):
    text = page_of(cast.sam).tree.find(".//pre").text
    order = [
        "Amara Obi",
        "How are you right now?\nOK",
        "What was going on?\n(skipped)",
        WORDS,
        "what came back to them",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_notes_and_what_came_back_are_in_it(staff, said, cast):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/notes", {"note-words": "Nan lives in Hulme."})
    sam.post(f"/voices/{said}/answer", {"answer-words": "Your nan said yes."})
    text = sam.get(f"/voices/{said}/copy").tree.find(".//pre").text
    assert "Nan lives in Hulme." in text
    assert "on their phone (not opened yet): Your nan said yes." in text


def test_it_says_that_a_form_is_no_interview(page_of, cast):
    assert "A form alone is not a return interview." in page_of(cast.sam).text


def test_without_script_there_is_no_button_that_does_nothing(page_of, cast):
    assert page_of(cast.sam).tree.find(".//button[@data-copies]").get("hidden") is not None


def test_on_the_record_keeps_the_day(staff, said, cast, voice_now):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/copy", {"record-on": "2026-11-24"})
    assert "On the record on Tuesday 24 November 2026." in sam.follow().main
    assert voice_now().on_record_on == date(2026, 11, 24)


@pytest.mark.parametrize("day", ["", "soon", "2026-11-25", "2026-11-23", "0001-01-01"])
def test_a_day_that_cannot_be_comes_back(day, staff, said, cast, voice_now):
    page = staff(cast.sam).post(f"/voices/{said}/copy", {"record-on": day})
    assert (page.status, "Enter " in page.main) == (422, True)
    assert voice_now().on_record_on is None


def test_to_lee_it_looks_like_a_random_id(page_of, staff, cast):
    hers, random = page_of(cast.lee), staff(cast.lee).get(f"/voices/{uuid4()}/copy")
    assert (hers.status, hers.main) == (404, random.main)


def test_lee_puts_nothing_on_the_record(staff, said, cast, voice_now):
    assert staff(cast.lee).post(f"/voices/{said}/copy", {"record-on": "2026-11-24"}).status == 404
    assert voice_now().on_record_on is None


def test_what_was_said_about_one_return_goes_on_the_record_together(staff, cast, at_work):
    with at_work():
        task = a_return(cast.amara)
        task.take(cast.sam)
        form = a_voice(cast.amara)
        held = a_conversation(cast.amara, cast.sam, task).voice()
    staff(cast.sam).post(f"/voices/{held.id}/copy", {"record-on": "2026-11-24"})
    with at_work():
        days = [session.get_one(Voice, one.id).on_record_on for one in (form, held)]
    assert days == [date(2026, 11, 24)] * 2


def test_each_field_can_be_copied_alone_and_printed(page_of, cast):
    tree = page_of(cast.sam).tree
    heads = [head.text for head in tree.findall(".//h2")]
    assert heads[:3] == ["The young person", "The time missing", "Offers and attempts"]
    copies = {button.get("data-copies") for button in tree.findall(".//button[@data-copies]")}
    texts = [block.text.strip() for block in tree.findall(".//section[@class='record-field']/pre")]
    assert len(texts) == len(heads) - 1
    entered = {f"field-{n}" for n, text in enumerate(texts, 1) if text != "Nothing entered."}
    assert copies == {"whole", *entered}
    assert 0 < len(entered) < len(texts)  # and where nothing was entered, nothing is to be copied
