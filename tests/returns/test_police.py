"""The police step: a question of its own; what goes there is in the trail with its reason."""

import pytest

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.returns.conversation import Conversation
from portal.trail.shares import shares_of
from tests.factories import a_conversation

YES = {
    "police-needs": "yes", "police-what": "The name of the car's owner", "police-must": "child hurt",
    "police-why": "He drives other children too", "police-told": "no", "police-told_words": "She had left already",
}  # fmt: skip


@pytest.fixture
def page_of(at_work, cast, waiting_return):
    with at_work():
        a_conversation(cast.amara, cast.sam, session.get_one(InterviewTask, waiting_return))
    return f"/returns/{waiting_return}/police"


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def decided(at_work, waiting_return):
    """What was decided, the last first, and what was shared."""

    def look():
        with at_work():
            held = Conversation.of(waiting_return)
            steps = [(one.needs, one.what, one.told_words) for one in held.police_steps()]
            return steps, [(one.whom, one.must, one.told_child_at) for one in shares_of(held.voice().id)]

    return look


def test_no_is_an_answer_too(sam, page_of, decided):
    sam.post(page_of, {"police-needs": "no"})
    assert decided() == ([("no", "", "")], [])
    assert "Nothing needs to go to the police." in sam.get(page_of).main


def test_yes_is_shared_with_its_reason_and_whether_they_know(sam, page_of, decided):
    sam.post(page_of, YES)
    steps, shared = decided()
    assert steps == [("yes", "The name of the car's owner", "She had left already")]
    assert shared == [("police", "child hurt", None)]


def test_sent_twice_it_is_decided_once(sam, page_of, decided):
    key = sam.get(page_of).field("form_key")
    sam.post(page_of, YES | {"form_key": key})
    sam.post(page_of, YES | {"form_key": key})
    assert [len(found) for found in decided()] == [1, 1]


def test_decided_otherwise_both_stay(sam, page_of, decided, clock):
    sam.post(page_of, {"police-needs": "no"})
    clock.forward(minutes=1)
    sam.post(page_of, YES)
    assert [needs for needs, _, _ in decided()[0]] == ["yes", "no"]


def test_what_was_decided_first_can_be_decided_again_from_a_page_that_was_kept(sam, page_of, decided):
    key = {"form_key": "6f0b0d5c-5d5e-4c55-9f0a-6d3c4c2b1a00"}
    for needs in (YES, {"police-needs": "no"}, YES, YES):
        assert sam.post(page_of, key | needs).status == 303
    assert [needs for needs, *_ in decided()[0]] == ["yes", "no", "yes"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"police-needs": ""}, "Choose whether any of it needs to go to the police"),
        ({"police-what": " "}, "Write what goes to the police"),
        ({"police-why": ""}, "Write why it has to"),
        ({"police-must": "because"}, "Choose which of the three things it is"),
        ({"police-told": ""}, "Choose whether you have told the young person"),
        ({"police-told_words": ""}, "Write what you told them, or why you did not"),
    ],
)
def test_nothing_goes_there_without_its_reason(wrong, says, sam, page_of, decided):
    page = sam.post(page_of, YES | wrong)
    assert (page.status, says in page.main, decided()) == (422, True, ([], []))
