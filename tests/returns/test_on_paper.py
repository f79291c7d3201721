"""`/young-people/…/paper`: the deal and the questions to print, for a room where no screen of ours may go."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires import bank
from portal.questionnaires.questions import SHARING


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def of(child, more="") -> str:
    return f"/young-people/{child}/paper{more}"


def test_the_deal_stands_before_the_questions(sam, cast):
    main = sam.get(of(cast.amara)).main
    assert main.index("What you tell us goes on your record. Sam") < main.index("How are you right now?")


@pytest.mark.parametrize(
    ("more", "form"), [("", "quick"), ("?form=whole", "whole"), ("?form=nothing", "quick")]
)
def test_every_question_has_its_place(sam, cast, more, form):
    main = sam.get(of(cast.amara, more)).main
    assert all(one.words in main for one in bank.get(form).questions if one.kind != SHARING)


def test_the_paper_names_nobody_who_wrote_it(sam, cast):
    html = sam.get(of(cast.amara)).html
    assert "Amara" not in html
    assert "<title>Notes</title>" in html


def test_it_is_in_their_language(sam, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).language = "dv"
    page = sam.get(of(cast.amara))
    assert page.tree.getroot().get("dir") == "rtl"
    assert "How are you right now?" not in page.main


def test_that_it_was_printed_is_noted(sam, cast, at_work):
    sam.get(of(cast.amara))
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "form.printed")).one()
    assert (event.actor_id, event.subject_id) == (cast.sam, cast.amara)


@pytest.mark.parametrize("who", ["lee", "cory", "noor"])
def test_nobody_else_prints_it(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get(of(cast.amara)).status == 404
