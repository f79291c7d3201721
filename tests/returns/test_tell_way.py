"""A parent's or carer's way through the form about a return."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import session
from portal.questionnaires.models import Answer, Submission


def test_first_it_says_what_it_is_and_that_it_need_not_be(ruth):
    page = ruth.sees()
    assert "It is about Amara" in page.main
    assert "Nobody holds it against you" in page.main
    assert ruth.browser.post(ruth.path, {"screen": "start", "go": "not now"}).location == "/"


def test_looking_begins_nothing(ruth, at_work):
    ruth.sees()
    with at_work():
        assert session.scalar(select(Submission.id)) is None


def test_no_question_before_the_deal(ruth):
    ruth.sees()
    page = ruth.presses(go="on")
    assert "the deal" in page.main
    ruth.browser.post(ruth.path, {"screen": "noticed", "go": "on", "answer": "early"})
    assert "the deal" in ruth.sees().main


def test_every_page_says_that_a_missing_child_is_not_reported_here(carol):
    pages = [carol.front(), carol.sees(), carol.presses(go="on"), carol.presses(go="on")]
    pages.append(carol.sends())
    for page in pages:
        assert "This is not where you report a child missing. Ring 999 or 101, and the duty team" in page.main


def test_each_question_says_of_whom_it_speaks(ruth):
    assert "About Amara" in ruth.begins().main


def test_every_question_can_be_skipped(ruth):
    page = ruth.begins()
    asked = []
    while page.field("screen") != "check":
        asked.append(page.field("screen"))
        page = ruth.presses(go="skip")
    assert len(asked) == 10


def test_what_was_said_can_be_seen_and_changed_before_it_is_sent(ruth):
    ruth.begins()
    ruth.presses(go="on", answer="she was quiet")
    page = ruth.browser.page
    while page.field("screen") != "check":
        page = ruth.presses(go="skip")
    assert "she was quiet" in page.main
    page = ruth.presses(change="noticed")
    assert page.field("answer") == "she was quiet"
    assert "she was loud" in ruth.presses(go="on", answer="she was loud").main


def test_going_back_keeps_what_was_written(ruth):
    ruth.begins()
    ruth.presses(go="on", answer="quiet")
    assert ruth.presses(go="back").field("answer") == "quiet"


def test_in_a_later_sitting_nothing_of_the_earlier_one_is_shown(ruth, at_work):
    ruth.begins()
    ruth.presses(go="on", answer="she was quiet")
    again = ruth.again()
    assert "What you told us before is kept." in again.sees().main
    page = again.presses(go="on")
    assert page.field("screen") == "came-back"
    while page.field("screen") != "check":
        assert "she was quiet" not in page.html
        page = again.presses(go="skip")
    assert "she was quiet" not in page.html
    again.browser.post(again.path, {"screen": "noticed", "go": "on", "answer": "written over"})
    with at_work():
        kept = session.scalars(select(Answer).where(Answer.question == "noticed")).one()
        assert kept.words == "she was quiet"


def test_too_much_comes_back_with_what_was_typed(ruth):
    ruth.begins()
    page = ruth.presses(go="on", answer="x" * 20_001)
    assert page.status == 422
    assert page.field("answer") == "x" * 20_001


def test_odd_screens_lead_to_the_one_that_is_due(ruth):
    ruth.begins()
    for screen in ("", "nothing", "check.nothing", "heard.noticed", "talk.x", "may-read", "ok-now"):
        assert ruth.browser.post(ruth.path, {"screen": screen, "go": "on", "answer": "\0😀"}).status == 303
    assert ruth.sees().field("screen") == "noticed"
