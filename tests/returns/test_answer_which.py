"""How much to say: chosen before the first question, the same screen for everybody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires import bank
from portal.questionnaires.questions import Questionnaire
from tests.returns.conftest import CHECK, Child

FIRST = {
    "quick": "How are you right now?",
    "whole": "How are you right now?",
    "again": "What was different this time?",
}


def comes_to_the_choice(child):
    child.opens("/side")
    child.presses(go="now")
    child.presses(go="on")
    return child.presses(go="no")


@pytest.mark.parametrize("form", FIRST)
def test_what_she_chooses_is_what_she_is_asked(amara, submissions, form):
    comes_to_the_choice(amara)
    assert FIRST[form] in amara.presses(go=form).main
    assert (submissions()[0].questionnaire, submissions()[0].version) == (form, 1)


def test_whoever_never_said_anything_sees_the_same_choice_as_whoever_did(amara, at_door, cast):
    """Seen red with `again` offered only to who had sent a form before."""
    amara.sends_everything()
    amara.presses(go="on")  # something more
    amara.presses(go="on")
    again = amara.presses(go="no")
    jo = Child(at_door("young").sign_in_as(cast.jo))
    assert comes_to_the_choice(jo).main == again.main


def test_the_choice_is_in_the_audit_trail(amara, at_work):
    amara.begins("whole")
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "submission.form_chosen")).one()
    assert event.detail == '{"form": "whole.1"}'


def test_a_form_that_is_none_leaves_the_choice_there(amara):
    comes_to_the_choice(amara)
    assert amara.presses(go="everything").main.startswith("How much do you want to say?")


def test_going_back_in_the_browser_she_can_choose_again_while_nothing_is_lost(amara, submissions, answers):
    amara.begins("quick")
    amara.presses(go="on", answer="ok")
    amara.presses(screen="which", go="whole")
    assert submissions()[0].questionnaire == "whole"
    assert answers()["now"] == (("ok",), "")


def test_where_an_answer_would_be_lost_she_goes_on_as_she_began(amara, submissions):
    amara.begins("again")
    amara.presses(go="on", answer="nobody came")
    amara.presses(screen="which", go="quick")
    assert submissions()[0].questionnaire == "again"


def test_a_later_sitting_does_not_choose_again(amara, again, submissions):
    amara.begins("whole")
    amara.presses(go="on", answer="ok")
    later = again()
    later.opens("/side")
    later.presses(go="now")
    later.presses(screen="which", go="quick")
    assert submissions()[0].questionnaire == "whole"


def test_of_all_forms_she_has_one_draft(amara, again, submissions):
    amara.begins("whole")
    later = again()
    later.opens("/side")
    assert "How are you right now?" in later.presses(go="now").main
    assert len(submissions()) == 1


def test_a_draft_of_an_older_version_goes_on_in_it(amara, again, answers, submissions, monkeypatch):
    """Seen red with the newest version put in its place."""
    amara.begins()
    amara.presses(go="on", answer="ok")
    newer = Questionnaire("quick", 2, bank.get("whole").questions[4:])
    monkeypatch.setitem(bank._ALL, ("quick", 2), newer)
    monkeypatch.setitem(bank._NEWEST, "quick", 2)
    later = again()
    later.opens("/side")
    assert "Was it missing, as you see it?" in later.presses(go="now").main
    later.presses(go="on", answer="just-out")
    assert later.comes_to(CHECK)
    later.presses(go="send")
    assert answers()["as-you-see-it"] == (("just-out",), "")
    assert (submissions()[0].version, submissions()[0].state) == (1, "sent")
