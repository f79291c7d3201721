"""A question of the quick form opened into more, and the way through the long forms: branches, enough, the check page."""

from __future__ import annotations

import pytest

from portal.returns.models import exact_words
from tests.returns.conftest import BAD, CHECK, HELP, TELL


def buttons(page):
    """What can be pressed."""
    return [b.get("value") for b in page.tree.iter("button") if b.get("name") == "go"]


# --- opened into more -------------------------------------------------------------------------------------------


def test_an_answer_that_is_opened_is_saved_and_more_is_asked(amara, answers):
    amara.begins()
    assert "Are you hurt or unwell?" in amara.presses(go="more", answer="ok").main
    assert answers()["now"] == (("ok",), "")


def test_after_what_was_opened_the_quick_form_goes_on(amara):
    amara.begins()
    amara.presses(go="more", answer="ok")
    assert "Was it missing, as you see it?" in amara.presses(go="on", answer="no").main


def test_enough_about_this_leads_on_and_keeps_what_was_typed(amara, answers):
    amara.begins()
    amara.comes_to("What was going on?")
    amara.presses(go="more", answer="home")
    assert BAD in amara.presses(go="enough", answer="by the canal").main
    assert answers()["where"] == ((), "by the canal")


def test_back_from_what_was_opened_is_the_question_it_belongs_to(amara):
    amara.begins()
    amara.presses(go="more")
    assert "How are you right now?" in amara.presses(go="back").main


def test_did_anything_bad_happen_opens_into_nothing(amara):
    amara.begins()
    page = amara.comes_to(BAD)
    assert "more" not in buttons(page)
    assert HELP in amara.presses(go="more").main


def test_the_check_page_has_what_was_opened_and_nothing_else_of_the_long_form(amara):
    amara.begins()
    amara.comes_to(HELP)
    amara.presses(go="more", answer="a lift")
    amara.presses(go="enough", answer="my own key")
    page = amara.comes_to(CHECK).main
    assert "What one thing would make it easier to stay, or safer if you go? my own key" in page
    assert "What should adults do differently?" not in page


def test_the_worker_reads_what_was_opened_behind_what_it_belongs_to(amara, at_work, submissions):
    amara.begins()
    amara.presses(go="more", answer="ok")
    amara.presses(go="on", answer="no")
    amara.comes_to(CHECK)
    amara.presses(go="send")
    with at_work():
        asked = [question for question, _ in exact_words(submissions()[0].id)]
    assert asked[:3] == [
        "How are you right now?",
        "Are you hurt or unwell?",
        "Was it missing, as you see it?",
    ]
    assert len(asked) == 7


# --- branches ---------------------------------------------------------------------------------------------------


def test_a_branch_asks_only_of_whom_she_met(amara):
    amara.begins("whole")
    amara.comes_to("Who did you meet when you got back?")
    assert "How were your carers with you?" in amara.presses(go="on", answer=["carers", "school"]).main
    assert "How was school with you?" in amara.presses(go="on", answer="bad").main
    assert "easier to stay" in amara.presses(go="skip").main


def test_back_over_a_branch_leads_the_way_she_came(amara):
    amara.begins("whole")
    amara.comes_to("Who did you meet when you got back?")
    amara.presses(go="on", answer=["carers", "school"])
    amara.presses(go="skip")
    amara.presses(go="skip")
    assert "How was school with you?" in amara.presses(go="back").main
    assert "How were your carers with you?" in amara.presses(go="back").main
    assert "Who did you meet when you got back?" in amara.presses(go="back").main


def test_without_the_tick_the_branch_is_not_asked(amara):
    amara.begins("whole")
    amara.presses(go="skip")
    amara.presses(go="skip")
    assert "What was going on?" in amara.presses(go="on", answer="just-out").main


def test_what_a_branch_said_stays_in_sight_when_its_tick_is_taken_back(amara, at_work, submissions):
    amara.begins("whole")
    amara.comes_to("Who did you meet when you got back?")
    amara.presses(go="on", answer="carers")
    amara.presses(go="on", answer="bad", more="shouted")
    amara.presses(go="enough")
    amara.presses(go="skip")
    amara.presses(change="back-who")
    page = amara.presses(go="on", answer="none").main
    assert "How were your carers with you? Bad shouted" in page


def test_again_asks_what_she_opens_and_nothing_else(amara):
    amara.begins("again")
    amara.presses(go="on", answer="it was raining")
    amara.presses(go="on", answer="yes")
    assert "What was good about it?" in amara.presses(go="on", answer=["good"]).main
    amara.presses(go="skip")
    assert TELL in amara.presses(go="skip").main


# --- flags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "raised"), [("yes", ["hurt"]), ("not-sure", ["not sure"]), ("no", [])])
@pytest.mark.parametrize("form", ["quick", "whole"])
def test_hurt_or_unwell_is_told_wherever_it_is_asked(amara, rules, form, said, raised):
    amara.begins(form)
    amara.presses(go="more" if form == "quick" else "on")
    page = amara.presses(go="on", answer=said)
    assert rules() == raised
    assert ("Thank you for telling us." in page.main) is bool(raised)
    if raised:
        assert "Was it missing, as you see it?" in amara.presses(go="on").main


def test_rather_tell_a_person_is_offered_where_it_is_sensitive(amara, rules):
    amara.begins("whole")
    amara.comes_to("Which places don't feel safe?")
    amara.presses(go="person")
    assert rules() == ["rather tell a person"]


# --- none of these ----------------------------------------------------------------------------------------------


def test_none_of_these_beside_another_is_asked_back_with_both_still_ticked(amara, answers, rules):
    """Neither is guessed away: one may be a cry for help, the other may take it back."""
    amara.begins()
    amara.comes_to(BAD)
    page = amara.presses(go="on", answer=["hurt", "none"])
    assert page.status == 422
    assert "You ticked “None of these” and something else." in page.main
    ticked = [e.get("value") for e in page.tree.iter("input") if e.get("checked") is not None]
    assert ticked == ["hurt", "none"]
    assert "anything-bad" not in answers()
    assert rules() == []


def test_none_of_these_alone_is_an_answer(amara, answers):
    amara.begins()
    amara.comes_to(BAD)
    assert HELP in amara.presses(go="on", answer="none").main
    assert answers()["anything-bad"] == (("none",), "")


def test_back_keeps_no_answer_that_says_both(amara, answers):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="back", answer=["gifts", "none"])
    assert "anything-bad" not in answers()


# --- enough -----------------------------------------------------------------------------------------------------


def test_enough_of_a_long_form_leads_to_how_to_tell_her_and_the_end(amara, answers):
    amara.begins("whole")
    assert TELL in amara.presses(go="enough", answer="ok").main
    assert answers()["now"] == (("ok",), "")
    assert "enough" not in buttons(amara.page)
    assert amara.presses(go="skip").main.startswith(CHECK)


def test_the_check_page_of_a_long_form_keeps_what_has_no_answer_folded_up(amara):
    amara.begins("whole")
    amara.presses(go="enough", answer="ok")
    page = amara.presses(go="on", answer="here")
    folded = page.tree.find(".//main//details")
    assert "Who do you trust?" in "".join(folded.itertext())
    assert "How are you right now?" not in "".join(folded.itertext())


def test_a_question_that_is_folded_up_can_be_answered_from_there(amara, answers):
    amara.begins("whole")
    amara.presses(go="enough")
    amara.presses(go="skip")
    assert "Who do you trust?" in amara.presses(change="trust").main
    assert amara.presses(go="on", answer="my nan").main.startswith(CHECK)
    assert answers()["trust"] == ((), "my nan")


def test_back_from_the_check_page_of_a_long_form_is_its_last_question(amara):
    amara.begins("whole")
    amara.presses(go="enough")
    amara.presses(go="skip")
    assert TELL in amara.presses(go="back").main


@pytest.mark.parametrize("form", ["whole", "again"])
def test_every_question_of_a_long_form_can_be_skipped_to_the_end(amara, form):
    amara.begins(form)
    assert amara.comes_to(CHECK)
    assert amara.presses(go="send").main.startswith("You sent it to Sam.")


def test_a_page_of_another_form_than_the_one_begun_answers_nothing(amara, answers):
    amara.begins("quick")
    assert "How are you right now?" in amara.presses(form="whole.1", screen="trust", answer="x", go="on").main
    assert answers() == {}
