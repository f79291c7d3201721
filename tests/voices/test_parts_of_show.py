"""Sending one form of a voice's page leaves alone what is being typed in the others."""

import re

import pytest

from tests.cast import enter_the_cast
from tests.factories import a_voice
from tests.serving import a_live_hub
from tests.voices.conftest import SAID

HTMX = {"HX-Request": "true"}
FORMS = {
    "notes": {"note-words": "A note."},
    "answer": {"answer-words": "We asked."},
    "told": {"told-on": "2026-11-24", "told-told_by": "Sam", "told-words": "Nan says yes."},
    "no-answer": {"none-reason": "An adult reads the phone."},
    "read": {},
}


def fields(html):
    """The names of what can be filled in, the first part of each: which forms are there."""
    return set(re.findall(r'name="(note|answer|told|none)-', html))


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize("form", FORMS)
def test_the_answer_holds_no_form_but_its_own(staff, cast, said, form, good):
    sent = FORMS[form] if good else {}
    page = staff(cast.sam).post(f"/voices/{said}/{form}", sent, headers=HTMX)
    own = {"notes": {"note"}, "no-answer": {"none"}, "read": set()}.get(form, {form})
    assert page.status == (200 if good or form == "read" else 422)
    assert fields(page.html) <= own


def test_what_it_changed_elsewhere_comes_along(staff, cast, said):
    page = staff(cast.sam).post(f"/voices/{said}/told", FORMS["told"], headers=HTMX)
    beside = set(re.findall(r'<div id="([\w-]+)" hx-swap-oob="true">', page.html))
    assert beside == {"read", "notes", "came-back", "way"}
    assert "It reached them on" in page.html


def test_each_form_has_a_key_of_its_own(staff, cast, said):
    keys = re.findall(r'name="form_key" value="([^"]+)"', staff(cast.sam).get(f"/voices/{said}").html)
    assert (len(keys), len(set(keys))) == (5, 5)


def test_the_same_words_answered_and_then_told_are_two_replies(staff, cast, said, voice_now):
    sam = staff(cast.sam)
    page = sam.get(f"/voices/{said}")
    keys = {
        form.get("action").rsplit("/", 1)[1]: form.find(".//input[@name='form_key']").get("value")
        for form in page.tree.iterfind(".//main//form")
    }
    words = "Nan says yes."
    sam.post(f"/voices/{said}/answer", {"answer-words": words, "form_key": keys["answer"]}, headers=HTMX)
    sam.post(f"/voices/{said}/told", FORMS["told"] | {"form_key": keys["told"]}, headers=HTMX)
    assert {reply.way for reply in voice_now(lambda voice: voice.replies())} == {"here", "in person"}


def test_without_script_a_refused_form_comes_back_in_the_whole_page(staff, cast, said):
    page = staff(cast.sam).post(f"/voices/{said}/answer", {"answer-words": "The police asked."})
    assert page.status == 422
    assert fields(page.html) == {"note", "answer", "told", "none"}
    assert page.field("answer-words").strip() == "The police asked."


def test_in_a_browser_what_is_typed_elsewhere_is_still_there(chromium):
    with a_live_hub() as live:
        with live.ground.at_work():
            cast = enter_the_cast()
            voice_id = a_voice(cast.amara, SAID).id
        context = chromium.new_context(ignore_https_errors=True)
        live.sign_in(context, "staff", cast.sam)
        page = context.new_page()
        page.goto(f"{live.origin('staff')}/voices/{voice_id}")
        page.get_by_label("Your answer").fill("You said it was loud.")
        page.get_by_label("Your note").fill("Ask about Friday.")
        page.get_by_role("button", name="Keep this note").click()
        page.get_by_text("The note is kept.").wait_for()
        assert page.locator("#notes").get_by_text("Ask about Friday.").count() == 1
        assert page.get_by_label("Your note").input_value() == ""
        assert page.get_by_label("Your answer").input_value() == "You said it was loud."
        page.get_by_role("button", name="Send it to their page").click()
        page.get_by_text("The answer is at their door.").wait_for()
        assert page.locator("#came-back").get_by_text("You said it was loud.").count() == 1
        assert page.locator("#way li").count() == 4
        context.close()
