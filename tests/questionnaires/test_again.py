"""The form for whoever has been through it: what was different, and then nothing but what they open."""

from __future__ import annotations

from portal.questionnaires import bank

AGAIN, WHOLE = bank.get("again"), bank.get("whole")
OWN = ["different", "kept-word", "not-done", "open", "tell-how"]


def asked_after(name, said):
    """Every question that follows, one after another."""
    asked = []
    while (name := AGAIN.after(name, said)) is not None:
        asked.append(name)
    return asked


def test_version_1_of_again_is_as_it_was_published():
    assert bank.get("again", 1).digest() == "f22b249bcc15655dba3114f748c5fe217a25566c0fb23f0bae7c7f63551ae832"


def test_with_nothing_opened_it_is_four_questions():
    assert ["different", *asked_after("different", {})] == ["different", "kept-word", "open", "tell-how"]


def test_what_did_not_happen_is_asked_where_not_all_of_it_did():
    assert AGAIN.after("kept-word", {"kept-word": ("some",)}) == "not-done"
    assert AGAIN.after("kept-word", {"kept-word": ("yes",)}) == "open"


def test_only_what_is_opened_is_asked():
    assert asked_after("open", {"open": ("good", "sharing")}) == ["good", "needed", "sharing", "tell-how"]


def test_a_branch_within_what_is_opened_needs_both():
    said = {"open": ("back",), "back-who": ("police",)}
    assert asked_after("open", said) == ["back-who", "back-police", "tell-how"]
    assert asked_after("open", {"back-who": ("police",)}) == ["tell-how"]


def test_every_question_of_the_whole_form_can_be_opened():
    assert set(AGAIN.names) == set(WHOLE.names) | set(OWN)
    parts = {when.said[0] for q in AGAIN.questions for when in q.when if when.question == "open"}
    assert parts == set(AGAIN.by_name["open"].by_value)


def test_going_back_leads_over_the_same_way():
    said = {"open": ("good", "plan")}
    assert [AGAIN.before(name, said) for name in ("tell-how", "plan-ring", "good")] == [
        "plan-word",
        "needed",
        "open",
    ]


def test_a_later_sitting_takes_up_what_was_opened_at_the_choice_of_parts():
    assert AGAIN.taken_up_at("back-police") == AGAIN.taken_up_at("good") == "open"
