"""The safer plan on paper: their words, in their language, and nothing that tells whose it is or who we are."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.config import TELLING
from portal.db import new_id, session
from portal.returns.safer_plan import SaferPlan


@pytest.fixture
def paper(at_work, at_door, cast):
    with at_work():
        SaferPlan.write(cast.amara, {"ring": "Nan", "signal": "pineapple"}, new_id(), new_id(), afresh=False)
    return lambda: at_door("staff").sign_in_as(cast.sam).get(f"/young-people/{cast.amara}/plan/paper")


def test_it_carries_their_words(paper):
    page = paper().main
    assert "Nan" in page
    assert "pineapple" in page


def test_nothing_on_it_tells_who_they_or_we_are(paper):
    page = paper()
    assert page.tree.findtext(".//title") == "Notes"
    told = [word for word in (*TELLING, "amara", "obi", "sam") if word in page.text.lower()]
    assert told == []


def test_it_is_in_their_language(paper, at_work, cast):
    with at_work():
        session.get_one(Person, cast.amara).language = "dv"
    assert paper().tree.getroot().get("dir") == "rtl"


def test_a_line_that_is_empty_is_left_to_write_by_hand(paper):
    empty = [e for e in paper().tree.iter("dd") if not (e.text or "").strip()]
    assert len(empty) == 2


def test_printing_it_is_noted(paper, at_work, cast):
    paper()
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "plan.printed")).one()
    assert event.actor_id == cast.sam
