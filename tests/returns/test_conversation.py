"""The conversation: putting it down is what makes a return held, and what was said in it has a way of its own.

Seen red with a loader that fetched the interview by its id alone.
"""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.returns.conversation import Conversation
from portal.trail.beside import VoiceReply
from portal.trail.models import CLOSED, READ

FORM = {
    "on": "2026-11-24", "at": "09:30", "place": "The library", "present": "Amara and me", "chose_person": "theirs",
    "chose_place": "ours", "interpreter": "none", "covered": ["Before: what was going on"],
    "told": "I ask your nan about Fridays.",
}  # fmt: skip


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def page_of(waiting_return):
    return f"/returns/{waiting_return}/conversation"


@pytest.fixture
def held(at_work, waiting_return):
    """`held(lambda c: …)`: the conversation as it is kept, or None."""

    def look(read=lambda found: found):
        with at_work():
            found = Conversation.of(waiting_return)
            return read(found) if found else None

    return look


def test_keeping_it_makes_the_return_held(sam, page_of, waiting_return, at_work):
    sam.post(page_of, FORM)
    with at_work():
        assert session.get_one(InterviewTask, waiting_return).state == "held"


def test_it_leads_on_to_the_write_up(sam, page_of, waiting_return):
    assert sam.post(page_of, FORM).location == f"/returns/{waiting_return}/write-up"


def test_everything_stands_there_again_to_be_put_right(sam, page_of):
    sam.post(page_of, FORM)
    page = sam.get(page_of)
    assert [page.field(name) for name in ("on", "at", "place")] == ["2026-11-24", "09:30", "The library"]
    ticked = [e.get("value") for e in page.tree.iter("input") if e.get("checked") is not None]
    assert ticked == ["theirs", "ours", "none", "Before: what was going on"]


def test_put_right_it_is_still_one(sam, page_of, held, at_work):
    sam.post(page_of, FORM)
    sam.post(page_of, FORM | {"place": "The park"})
    assert held(lambda found: found.place) == "The park"
    with at_work():
        assert len(list(session.scalars(select(Conversation)))) == 1


def test_what_they_were_told_has_reached_them(sam, page_of, held):
    sam.post(page_of, FORM)
    voice = held(lambda found: found.voice())
    assert (voice.state, voice.reached_at is not None) == (CLOSED, True)


def test_kept_twice_it_is_told_once(sam, page_of, at_work):
    sam.post(page_of, FORM)
    sam.post(page_of, FORM | {"place": "The park"})
    with at_work():
        assert len(list(session.scalars(select(VoiceReply)))) == 1


def test_told_nothing_it_waits_for_an_answer(sam, page_of, held):
    sam.post(page_of, FORM | {"told": ""})
    voice = held(lambda found: found.voice())
    assert (voice.state, voice.closed_at) == (READ, None)
    assert "Amara Obi" in sam.get("/voices").main


def test_it_is_audited_without_a_word_of_it(sam, page_of, at_work):
    sam.post(page_of, FORM)
    with at_work():
        rows = session.scalars(select(AuditEvent).where(AuditEvent.act == "conversation.recorded"))
        assert [row.detail for row in rows] == ["{}"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"on": ""}, "Enter the day it was held"),
        ({"on": "2026-11-25"}, "Enter a day between the one they came back and today"),
        ({"on": "2026-11-01"}, "Enter a day between the one they came back and today"),
        ({"on": "soon"}, "Enter the day, as day, month and year"),
        ({"at": "late"}, "Enter the time, such as 16:30"),
        ({"at": "23:30"}, "Enter a time that has been"),
        ({"place": "  "}, "Enter where it was held"),
        ({"present": ""}, "Enter who was there"),
        ({"chose_person": "nobody"}, "Choose whose choice the person was"),
        ({"interpreter": ""}, "Choose whether somebody interpreted"),
        ({"interpreter": "booked", "no_relative": "y"}, "Enter the interpreter's name and organisation"),
        ({"interpreter": "booked", "interpreter_name": "Her aunt"}, "A relative or friend never interprets"),
    ],
)
def test_what_cannot_be_comes_back_with_the_rest_still_typed(wrong, says, sam, page_of, held):
    page = sam.post(page_of, FORM | wrong)
    assert (page.status, says in page.main) == (422, True)
    assert page.field("told") == FORM["told"]
    assert held() is None


def test_a_booked_interpreter_is_kept_by_name(sam, page_of, held):
    sam.post(
        page_of,
        FORM | {"interpreter": "booked", "interpreter_name": "Ms Ali, LanguageLine", "no_relative": "y"},
    )
    assert held(lambda found: found.interpreter_name) == "Ms Ali, LanguageLine"


@pytest.mark.parametrize("who", ["lee", "dan", "cory", "noor", "ade", "aud"])
def test_nobody_else_may(who, at_door, cast, page_of, held):
    other = at_door("staff").sign_in_as(getattr(cast, who))
    random = other.get(f"/returns/{uuid4()}/conversation")
    assert other.get(page_of).main == random.main
    assert (other.post(page_of, FORM).status, held()) == (404, None)


def test_the_page_of_the_return_leads_to_it(sam, waiting_return):
    assert "Write down the conversation" in sam.get(f"/returns/{waiting_return}").main
