"""Into what each question of the quick form can be opened, and in which order that is asked."""

from __future__ import annotations

from portal.questionnaires import bank

QUICK, WHOLE = bank.get("quick", 1), bank.get("whole", 1)


def opened(name):
    """The names of what a question opens into."""
    return [one.name for one in QUICK.every if QUICK.opened_from.get(one.name) == name]


def test_each_question_opens_into_the_part_that_matches_it():
    assert {name: opened(name) for name in QUICK.names} == {
        "now": ["hurt-or-unwell"],
        "as-you-see-it": ["your-words", "back-who", "back-family", "back-carers", "back-police", "back-school"],
        "going-on": [
            "where", "safe-places", "unsafe-places", "with-whom", "food-sleep-charge", "good", "needed",
        ],
        "anything-bad": [],  # nobody is asked for detail by a form
        "would-help": [
            "easier", "adults", "trust", "ask", "other-worker", "plan-ring", "plan-place", "plan-word",
        ],
        "tell-how": ["sharing", "listened", "right", "better", "once-more"],
    }  # fmt: skip


def test_between_them_and_the_quick_form_nothing_of_the_whole_is_left_out():
    assert set(WHOLE.names) <= set(QUICK.by_name)


def test_what_is_opened_leads_on_to_the_next_question():
    assert QUICK.after("now") == "as-you-see-it"
    assert QUICK.after("hurt-or-unwell") == "as-you-see-it"
    assert QUICK.before("hurt-or-unwell") == "now"
    assert QUICK.after("once-more") is None


def test_a_branch_in_what_is_opened_holds_there_too():
    assert QUICK.after("back-who", {"back-who": ("carers", "school")}) == "back-carers"
    assert QUICK.after("back-carers", {"back-who": ("carers", "school")}) == "back-school"
    assert QUICK.after("back-who") == "going-on"


def test_how_much_is_left_is_told_of_the_quick_form_alone():
    assert [QUICK.left_after(name) for name in QUICK.names] == [5, 4, 3, 2, 1, 0]
