"""What is agreed before the first question: the deal, and whether a draft may be read."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.db import session
from portal.returns.models import draft_reading, exact_words
from portal.trail.models import Voice

# --- the deal ---------------------------------------------------------------------------------------------------


def test_the_deal_names_the_worker_and_has_no_skip(amara):
    amara.opens("/side")
    page = amara.presses(go="now")
    assert "Sam and their team read it" in page.main
    assert "Skip" not in page.main


@pytest.mark.parametrize("screen", ["may-read", "now", "check", "check.now", "heard.would-help"])
def test_nothing_is_taken_before_the_deal(amara, answers, submissions, screen):
    amara.opens("/side")
    amara.presses(go="now")
    page = amara.presses(screen=screen, go="on", answer="good", change="now")
    assert "the deal" in page.main
    assert answers() == {}


def test_whether_a_draft_may_be_read_cannot_be_said_before_the_deal(amara, submissions, answers):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(screen="may-read", go="yes")
    amara.presses(screen="now", go="on", answer="good")
    assert (submissions()[0].may_read_draft, answers()) == (None, {})


def test_nothing_is_taken_before_she_said_whether_a_draft_may_be_read(amara, answers):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    assert "May Sam read" in amara.presses(screen="now", go="on", answer="good").main
    assert answers() == {}


def test_nothing_is_sent_before_the_deal(amara, at_work):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(screen="check", go="send")
    with at_work():
        assert session.scalars(select(Voice)).all() == []


def test_the_version_agreed_to_is_kept(amara, submissions, clock):
    amara.begins()
    kept = submissions()[0]
    assert (kept.deal_version, kept.deal_agreed_at) == (1, clock())


@pytest.mark.parametrize("version", ["", "2", "-1", "١", "01"])
def test_a_deal_that_does_not_exist_is_not_agreed_to(amara, submissions, version):
    amara.opens("/side")
    amara.presses(go="now")
    assert "the deal" in amara.presses(go="on", version=version).main
    assert submissions()[0].deal_version is None


def test_instead_of_the_deal_a_call(amara, rules):
    amara.opens("/side")
    amara.presses(go="now")
    assert "get in touch" in amara.presses(go="talk").main
    assert rules() == ["ring me"]


# --- may it be read before it is sent ---------------------------------------------------------------------------


def what_sam_reads_of_the_draft(at_work, cast):
    with at_work():
        return dict(draft_reading(cast.amara))


def test_a_draft_is_read_by_nobody_unless_she_said_so(amara, at_work, cast, submissions):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    amara.presses(go="no")
    amara.presses(go="on", answer="good")
    assert what_sam_reads_of_the_draft(at_work, cast) == {}
    with at_work():
        assert exact_words(submissions()[0].id) == []


def test_a_draft_is_read_if_she_said_so(amara, at_work, cast):
    amara.begins()
    amara.presses(go="on", answer="good", more="tired tho")
    assert what_sam_reads_of_the_draft(at_work, cast)["How are you right now?"] == "Good\ntired tho"


def test_passing_the_question_by_is_a_no(amara, submissions):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    assert amara.presses(go="skip").main.startswith("How much do you want to say?")
    assert submissions()[0].may_read_draft is False
