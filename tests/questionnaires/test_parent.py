"""The parent's and the carer's form and the deal for adults: published versions stay as they are."""

from __future__ import annotations

import hashlib

import pytest

from portal.alerts.flags import ADULT_WORRY
from portal.questionnaires import bank
from portal.questionnaires.adults_deal import NEWEST, VERSIONS

FORMS = [bank.get("parent"), bank.get("carer")]
DIGESTS = {
    "parent": "96120fc6e821bed53da93a459c2f7f8a4987e6cd3f7e7ab5622d955389492cc9",
    "carer": "e5dcacac77b8d047c9bf20fd9184e29456fd4cccb48f861cc229f174d611c7f5",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_version_1_is_as_it_was_published(name):
    assert bank.get(name, 1).digest() == DIGESTS[name]


def test_version_1_of_the_deal_for_adults_is_as_it_was_published():
    told = "\n".join(VERSIONS[1].paragraphs).encode()
    assert (
        hashlib.sha256(told).hexdigest() == "b54ce60a978f687450c99e02255e83540cce2909e83370420d32b7e16cd16ca8"
    )


def test_a_parent_is_asked_all_that_the_product_asks_of_them():
    assert bank.get("parent").names == (
        "noticed", "came-back", "worries", "harm", "helped", "need", "confident", "reach", "not-to-speak-to", "reading",
    )  # fmt: skip


def test_a_carer_is_asked_all_that_the_product_asks_of_them():
    assert bank.get("carer").names == (
        "home-time", "came-back", "clothes", "worries", "harm", "helped", "plan", "reach",
    )  # fmt: skip


def _choices(form):
    return [(question.name, choice) for question in form.questions for choice in question.choices]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_only_a_worry_about_harm_calls_somebody_and_a_gift_does_not(form):
    flagged = {(name, choice.value) for name, choice in _choices(form) if choice.flag}
    assert {choice.flag for _, choice in _choices(form)} <= {None, ADULT_WORRY}
    assert {("harm", "yes"), ("harm", "unsure")} <= flagged
    assert ("worries", "gifts") not in flagged


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_no_two_choices_of_a_question_send_the_same(form):
    for question in form.questions:
        assert len(question.by_value) == len(question.choices)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_no_name_of_a_question_could_be_taken_for_another_screen(form):
    assert not {"start", "deal", "check", "receipt"} & set(form.names)
    assert not any("." in name for name in form.names)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_nothing_shouts_and_nobody_is_named(form):
    words = [w for q in form.questions for w in (q.words, q.hint, q.more, *(c.words for c in q.choices))]
    assert not [w for w in (*words, *NEWEST.paragraphs) if "!" in w or "%(" in w]
