"""What no form of ours sends: never a fault, nothing lost that could be kept, and always a way on."""

from __future__ import annotations

import pytest

from portal.questionnaires.typed import clean
from portal.returns.journey import LONGEST
from tests.returns.conftest import HELP


def test_a_text_that_is_too_long_comes_back_whole_and_is_kept_as_far_as_it_goes(amara, answers):
    amara.begins()
    amara.comes_to(HELP)
    page = amara.presses(go="on", answer="é" * (LONGEST + 1))
    assert page.status == 422
    assert page.field("answer") == "é" * (LONGEST + 1)
    assert answers()["would-help"][1] == "é" * LONGEST


def test_after_a_text_that_is_too_long_she_is_still_at_that_question(amara):
    amara.begins()
    amara.comes_to(HELP)
    amara.presses(go="on", answer="x" * (LONGEST + 1))
    assert HELP in amara.opens("/side").main


def test_a_text_of_just_the_longest_is_taken(amara, answers):
    amara.begins()
    amara.comes_to(HELP)
    assert amara.presses(go="on", answer="x" * LONGEST).status == 200
    assert len(answers()["would-help"][1]) == LONGEST


ODD = ["", "\0", "a\0b", "\ud800", "\u202eright to left\u202c", "\x1b[31m", "\ufffe", "{{ 7*7 }}", "<script>", "🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 50,
       "' OR 1=1 --", "%(worker)s %s %", "\r\r\n"]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_kept_and_shown(amara, answers, odd):
    amara.begins()
    amara.comes_to(HELP)
    page = amara.presses(go="on", answer=odd.encode("utf-8", "surrogatepass"))
    assert page.status == 200
    assert amara.presses(go="back").status == 200


@pytest.mark.parametrize(
    "odd", [*ODD, "check.", "heard.", "heard.heard.now", "later.nowhere", "check.check", "receipt"]
)
def test_an_odd_screen_leads_to_the_one_that_is_due(amara, odd):
    amara.begins()
    page = amara.presses(screen=odd.encode("utf-8", "surrogatepass"), go="on", answer="good")
    assert "How are you right now?" in page.main


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_button_or_key_is_no_fault(amara, odd):
    raw = odd.encode("utf-8", "surrogatepass")
    for said in (
        {"go": raw},
        {"go": "now", "form_key": raw},
        {"go": raw, "version": raw},
        {"go": raw, "change": raw},
    ):
        amara.opens("/side")
        assert amara.presses(**said).status == 200


def test_an_unknown_choice_is_no_answer(amara, answers):
    amara.begins()
    amara.presses(go="on", answer=["good-ish", "\0"])
    assert answers()["now"] == ((), "")


def test_two_answers_to_a_question_that_takes_one_are_the_first(amara, answers):
    amara.begins()
    amara.presses(go="on", answer=["good", "bad"])
    assert answers()["now"] == (("good",), "")


def test_rather_tell_a_person_cannot_be_ticked(amara, rules, answers):
    amara.begins()
    amara.presses(go="on", answer="person")
    assert (rules(), answers()["now"]) == ([], ((), ""))


def test_a_hundred_thousand_fields_are_no_fault(amara):
    amara.begins()
    token = amara.page.token()
    body = f"csrf_token={token}&screen=now&go=on" + "&answer=good" * 60_000
    answer = amara.phone.client.post(
        "/side",
        base_url="http://young.localhost",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (303, 413)


def test_ten_megabytes_are_refused(amara):
    amara.begins()
    assert amara.phone.post("/side", {"screen": "now", "go": "on", "answer": "x" * 10_000_000}).status == 413


def test_words_lose_only_what_is_no_character():
    assert clean(" a\0b\r\nc\td\u200be\u202e \ud800 ") == "ab\nc\td\u200be\u202e ?"
