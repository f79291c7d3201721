"""The whole form: every part of the product's table; a published version stays as it is."""

from __future__ import annotations

import pytest

from portal.alerts.flags import FLAGS
from portal.contact.words import SOMETHING_TO_TRY, THINGS
from portal.questionnaires import bank
from portal.questionnaires.questions import CHIPS, SHARING, WISHES
from portal.trail import shares

WHOLE = bank.get("whole")
FORMS = [form for name in bank.YOUR_SIDE for form in bank.versions(name)]


def test_version_1_of_the_whole_form_is_as_it_was_published():
    assert bank.get("whole", 1).digest() == "1ba945125b7b6e09aeb2726988c50dcebe7ce64e4cf46984e970e6f52a6e3679"


@pytest.mark.parametrize(
    ("part", "asks"),
    [
        ("Now", ["now", "hurt-or-unwell"]),
        ("Was it missing?", ["as-you-see-it"]),
        ("Before", ["going-on"]),
        ("While away", ["where", "safe-places", "unsafe-places", "with-whom", "food-sleep-charge"]),
        ("Anything bad", ["anything-bad"]),
        ("Good bits", ["good", "needed"]),
        ("Back", ["back-family", "back-carers", "back-police", "back-school"]),
        ("What would help", ["easier", "adults", "trust"]),
        ("Ask for something", ["ask"]),
        ("If it happens again", ["plan-ring", "plan-place", "plan-word"]),
        ("Sharing", ["sharing"]),
        ("How was this?", ["listened", "right", "once-more", "tell-how"]),
    ],
)
def test_every_part_of_the_table_is_asked(part, asks):
    assert set(asks) <= set(WHOLE.names), part


@pytest.mark.parametrize("name", [n for n in bank.get("quick", 1).names if n in WHOLE.names])
def test_what_the_quick_form_asks_too_is_the_same_question(name):
    assert WHOLE.by_name[name] == bank.get("quick", 1).by_name[name]


def test_hurt_is_told_as_harm_is_and_not_sure_the_same_day():
    hurt = WHOLE.by_name["hurt-or-unwell"].by_value
    assert [hurt[value].flag for value in ("yes", "no", "not-sure")] == ["hurt", None, "not sure"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.name}.{form.version}")
def test_every_flag_is_a_rule_of_the_table(form):
    assert {c.flag for q in form.every for c in q.choices if c.flag} <= set(FLAGS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.name}.{form.version}")
def test_nothing_shouts_and_no_name_is_taken_twice(form):
    words = [w for q in form.every for w in (q.words, q.hint, q.more, *(c.words for c in q.choices))]
    assert not [w for w in words if "!" in w]
    assert len(form.by_name) == len(form.every)
    assert all("." not in name and len(name) <= 40 for name in form.by_name)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.name}.{form.version}")
def test_nobody_is_asked_for_detail_of_something_bad(form):
    for question in form.every:
        if any(choice.flag for choice in question.choices):
            assert question.sensitive
            assert not question.more
            assert form.opens_into(question.name) is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.name}.{form.version}")
def test_a_branch_hangs_on_a_tick_of_a_question_before_it(form):
    before: dict[str, set[str]] = {}
    for question in form.every:
        for when in question.when:
            assert set(when.said) <= before[when.question]
        before[question.name] = set(question.by_value)


def test_whom_the_sharing_screen_names_and_what_may_be_wished_the_trail_knows():
    sharing = [q for q in WHOLE.questions if q.kind == SHARING]
    assert [set(q.by_value) for q in sharing] == [set(shares.WHOM)]
    assert set(WISHES) == set(shares.WISHES)


def test_whatever_can_be_asked_for_in_the_form_is_a_thing_with_a_day():
    ask = WHOLE.by_name["ask"]
    assert ask.kind == CHIPS
    assert set(ask.by_value) == {thing.value for thing in (*THINGS, SOMETHING_TO_TRY)}
