"""The quick form and the deal: published versions stay as they are, and keep the product's rules."""

from __future__ import annotations

import hashlib

import pytest

from portal.alerts.flags import FLAGS
from portal.questionnaires import bank
from portal.questionnaires.deal import NEWEST, VERSIONS

QUICK = bank.get("quick")


def test_version_1_of_the_quick_form_is_as_it_was_published():
    assert bank.get("quick", 1).digest() == "2b5fb19721b255b2c4ad9be561b28489da35544bd3b1f435c37ff9493dd181d1"


def test_version_1_of_the_deal_is_as_it_was_published():
    told = "\n".join(VERSIONS[1].paragraphs).encode()
    assert (
        hashlib.sha256(told).hexdigest() == "6fbe194b7859e5f177c0c2e2477463912d28ed0b552fa874470c6fb277c2e878"
    )


def test_the_newest_version_is_given_where_none_is_named():
    assert bank.get("quick") is bank.versions("quick")[0]


def test_a_questionnaire_that_was_never_published_is_an_error():
    with pytest.raises(KeyError):
        bank.get("quick", 99)


def test_the_quick_form_is_six_questions():
    assert len(QUICK.questions) == 6


def test_every_flag_is_a_rule_of_the_table():
    flags = {c.flag for q in QUICK.questions for c in q.choices if c.flag}
    assert flags <= set(FLAGS)


def test_no_two_choices_of_a_question_send_the_same():
    for question in QUICK.questions:
        assert len(question.by_value) == len(question.choices)


def test_no_name_of_a_question_could_be_taken_for_another_screen():
    taken = {"deal", "may-read", "check", "receipt", "ok-now"}
    assert not taken & set(QUICK.names)
    assert not any("." in name for name in QUICK.names)


def test_the_question_that_calls_somebody_asks_for_no_detail():
    assert not any(q.more for q in QUICK.questions if any(c.flag for c in q.choices))


def test_nothing_shouts():
    words = [w for q in QUICK.questions for w in (q.words, q.hint, q.more, *(c.words for c in q.choices))]
    assert not [w for w in (*words, *NEWEST.paragraphs) if "!" in w]


def test_the_deal_is_five_paragraphs_and_names_the_worker():
    assert len(NEWEST.paragraphs) == 5
    assert "%(worker)s" in NEWEST.paragraphs[0]
