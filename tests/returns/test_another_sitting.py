"""A form goes on in a later sitting, and whoever holds the phone there learns nothing of what was said before.

A PIN can be forced (`product.md`, rule 11): the pages of a later sitting are the same, whatever the first one
answered, skipped, or was told about.
"""

from __future__ import annotations

import re

import pytest

from tests.cast import enter_the_cast
from tests.proofs.ground import a_hub
from tests.returns.conftest import CHECK, HELP, Child

KEPT = "What you told us before is kept."

# What the first sitting says to the first four questions, one press each.
SKIPPED = [{"go": "skip"}] * 4
ANSWERED = [{"go": "on", "answer": value, "more": "heron"} for value in ("bad", "yes", "home")]
SAID = {
    "answered": [*ANSWERED, {"go": "on", "answer": "gifts"}],
    "some of it": [SKIPPED[0], ANSWERED[1], SKIPPED[2], SKIPPED[3]],
    "flagged": [*ANSWERED, {"go": "on", "answer": ["hurt", "scared"]}],
    "rather a person": [*SKIPPED[:3], {"go": "person"}],
    "nothing ticked": [{"go": "on"}] * 4,
}


def stops_at_help(first):
    """The first sitting ends at the fifth question."""
    if HELP not in first.page.main:  # after a flag come thanks first
        first.presses(go="on")


def stops_one_back(first):
    stops_at_help(first)
    first.presses(go="back")


def stops_at_the_check_page(first):
    stops_at_help(first)
    first.comes_to(CHECK)


def stops_while_changing(first):
    stops_at_the_check_page(first)
    first.presses(change="as-you-see-it")


def told(page):
    """The page as it came, without what every page has anew: the tokens of its forms."""
    return page.status, re.sub(r'name="(csrf_token|form_key)" value="[^"]*"', r"\1", page.html)


def pages_of_the_later_sitting(said, stops):
    """Every page of a later sitting that goes back, on, to the check page and sends."""
    with a_hub() as ground:
        with ground.at_work():
            cast = enter_the_cast()
        first = Child(ground.at_door("young").sign_in_as(cast.amara))
        first.begins()
        for one in said:
            first.presses(**one)
        stops(first)
        ground.clock.forward(hours=30)
        later = Child(ground.at_door("young").sign_in_as(cast.amara))
        pages = [later.opens("/now"), later.opens("/"), later.opens("/side"), later.presses(go="now")]
        pages += [later.presses(go="back"), later.presses(go="back")]
        for _ in range(8):
            if CHECK in later.page.main:
                break
            pages.append(later.presses(go="skip"))
        pages += [later.presses(go="back"), later.presses(go="skip"), later.presses(change="now")]
        pages += [later.opens("/side"), later.presses(screen="check", go="send"), later.opens("/")]
        return [told(page) for page in pages]


@pytest.mark.parametrize(
    "stops", [stops_at_help, stops_one_back, stops_at_the_check_page, stops_while_changing]
)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_later_sitting_is_the_same_whatever_the_first_one_said(said, stops):
    assert pages_of_the_later_sitting(said, stops) == pages_of_the_later_sitting(SKIPPED, stops)


@pytest.fixture
def goes_on(amara, again):
    """`goes_on(pressed, …)`: Amara begins, presses these, and another day her form goes on."""

    def go_on(*pressed):
        amara.begins()
        for one in pressed:
            amara.presses(**one)
        later = again()
        later.opens("/side")
        later.presses(go="now")
        return later

    return go_on


def test_it_goes_on_where_the_last_one_stopped(goes_on):
    assert "Was it missing, as you see it?" in goes_on(ANSWERED[0]).page.main


def test_it_goes_back_no_further_than_that(goes_on):
    later = goes_on(ANSWERED[0])
    assert "Back" not in later.page.main
    later.presses(go="skip")
    assert "Back" not in later.presses(go="back").main


def test_within_it_back_works_as_ever(goes_on):
    later = goes_on(ANSWERED[0])
    later.presses(go="skip")
    assert "Was it missing, as you see it?" in later.presses(go="back").main


def test_the_check_page_has_what_is_said_now_and_that_the_rest_is_kept(goes_on):
    later = goes_on(ANSWERED[0])
    later.presses(go="on", answer="just-out", more="otter")
    page = later.comes_to(CHECK)
    assert KEPT in page.main
    assert "otter" in page.main
    assert "heron" not in page.html
    assert "How are you right now?" not in page.main


def test_a_first_sitting_is_told_of_nothing_that_is_kept(amara):
    amara.begins()
    assert KEPT not in amara.comes_to(CHECK).main


def test_what_an_earlier_sitting_passed_to_the_check_page_is_not_changed_from_there(goes_on):
    later = goes_on(*SKIPPED, *SKIPPED[:2])
    assert CHECK in later.page.main
    assert CHECK in later.presses(change="now").main
    assert CHECK in later.presses(go="back").main


@pytest.mark.parametrize("go", ["skip", "on"])
def test_passing_an_earlier_answer_by_keeps_it(goes_on, answers, go):
    later = goes_on(SKIPPED[0], ANSWERED[1], {"go": "back"})
    later.presses(go=go)
    assert answers()["as-you-see-it"] == (("yes",), "heron")


def test_an_earlier_answer_that_comes_up_again_can_be_answered_anew(goes_on, answers):
    later = goes_on(ANSWERED[0], {"go": "back"})
    assert "heron" not in later.page.html
    later.presses(go="on", answer="ok")
    assert answers()["now"] == (("ok",), "")


def test_what_both_sittings_said_is_sent(goes_on, answers):
    later = goes_on(ANSWERED[0])
    later.presses(go="on", answer="just-out")
    later.comes_to(CHECK)
    later.presses(go="send")
    assert [answers()[name][0] for name in ("now", "as-you-see-it")] == [("bad",), ("just-out",)]


def test_coming_back_within_one_sitting_hides_nothing(amara):
    amara.begins()
    amara.presses(**ANSWERED[0])
    amara.opens("/")
    amara.opens("/side")
    assert "heron" in amara.presses(go="back").html


def test_a_page_of_an_ended_sitting_answers_nothing(amara, again, answers):
    amara.begins()
    again_phone = again()
    again_phone.opens("/side")
    again_phone.presses(go="now")
    assert amara.presses(screen="now", go="on", answer="bad").main.startswith("Is it OK to do this now?")
    assert answers() == {}


def test_a_page_of_an_ended_sitting_sends_nothing(amara, again, submissions):
    amara.begins()
    amara.comes_to(CHECK)
    elsewhere = again()
    elsewhere.opens("/side")
    elsewhere.presses(go="now")
    amara.presses(go="send")
    assert submissions()[0].state == "draft"


def test_a_page_made_up_of_what_an_earlier_sitting_said_writes_nothing_over_it(goes_on, answers):
    """Seen red while every answer of a later sitting was written over the earlier one."""
    later = goes_on(ANSWERED[0], ANSWERED[1])
    page = later.presses(screen="now", go="on", answer="good", more="otter")
    assert answers()["now"] == (("bad",), "heron")
    assert "What was going on?" in page.main


def test_who_says_there_that_she_is_hurt_is_heard_all_the_same(goes_on, answers, rules):
    later = goes_on(*SKIPPED[:3], {"go": "on", "answer": "none"})
    page = later.presses(screen="anything-bad", go="on", answer="hurt")
    assert rules() == ["hurt"]
    assert answers()["anything-bad"] == (("none",), "")
    assert "Thank you for telling us." in page.main
    assert HELP in later.presses(go="on").main


def test_what_an_earlier_sitting_never_came_to_can_be_said_from_such_a_page(goes_on, answers):
    later = goes_on(ANSWERED[0], {"screen": "going-on", "go": "skip"})
    later.presses(screen="as-you-see-it", go="on", answer="yes")
    assert answers()["as-you-see-it"] == (("yes",), "")


def ticked_family(first):
    first.comes_to("Who did you meet when you got back?")
    first.presses(go="on", answer="family")


def ticked_others(first):
    first.comes_to("Who did you meet when you got back?")
    first.presses(go="on", answer=["carers", "police"])
    first.presses(go="skip")


def only_came_there(first):
    first.comes_to("Who did you meet when you got back?")


def opened_it(first):
    first.presses(go="more", answer="ok")


def passed_it(first):
    """She stands at the first question, which she has not answered."""


def later_pages(form, said):
    """Every page of a later sitting that goes on, back and to the end."""
    with a_hub() as ground:
        with ground.at_work():
            cast = enter_the_cast()
        first = Child(ground.at_door("young").sign_in_as(cast.amara))
        first.begins(form)
        said(first)
        ground.clock.forward(hours=30)
        later = Child(ground.at_door("young").sign_in_as(cast.amara))
        pages = [
            later.opens("/side"),
            later.presses(go="now"),
            later.presses(go="on"),
            later.presses(go="back"),
        ]
        for _ in range(30):
            if CHECK in later.page.main:
                break
            pages.append(later.presses(go="skip"))
        return [told(page) for page in pages]


def test_where_a_branch_had_led_a_later_sitting_does_not_show():
    """Seen red while a later sitting went on at the branch itself."""
    pages = later_pages("whole", only_came_there)
    assert later_pages("whole", ticked_family) == pages
    assert later_pages("whole", ticked_others) == pages


def test_that_a_question_was_opened_a_later_sitting_does_not_show():
    assert later_pages("quick", opened_it) == later_pages("quick", passed_it)
