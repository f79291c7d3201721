"""What was asked for on the way through a form becomes asks and the plan when it is sent, and not before."""

import pytest
from sqlalchemy import func, select

from portal.contact.models import Ask
from portal.db import new_id, session
from portal.questionnaires.bank import QUICK
from portal.questionnaires.models import Given, Submission, save_answer
from portal.returns import actions
from portal.returns.models import NOW, ReturnForm
from portal.returns.safer_plan import SaferPlan


@pytest.fixture
def a_whole_form(at_work, cast):
    """`a_whole_form(ask=Given(…))`: Amara's form in its long shape, not sent; its id."""

    def write(**said):
        with at_work():
            sitting = new_id()
            draft = Submission.begin(cast.amara, QUICK, new_id(), sitting, "now")
            ReturnForm.choose(draft, NOW)
            draft.agree(1)
            draft.let_read_draft(False)
            session.flush()
            actions.take_form(draft, "whole")
            session.flush()
            for name, given in said.items():
                save_answer(draft.id, cast.amara, name.replace("_", "-"), given, sitting)
            return draft.id

    return write


def sends(at_work, submission_id):
    with at_work():
        actions.send(session.get_one(Submission, submission_id))


def asked(at_work):
    with at_work():
        return {ask.what: ask.words for ask in session.scalars(select(Ask))}


def test_nothing_is_asked_before_it_is_sent(a_whole_form, at_work):
    a_whole_form(ask=Given(("lift",)))
    assert asked(at_work) == {}


def test_each_chip_becomes_an_ask_with_the_words_beside_it(a_whole_form, at_work):
    sends(at_work, a_whole_form(ask=Given(("lift", "try"), "on Friday")))
    assert asked(at_work) == {"A lift": "on Friday", "Something to try: gym, music, football": "on Friday"}


def test_words_alone_are_an_ask(a_whole_form, at_work):
    sends(at_work, a_whole_form(ask=Given((), "a tent")))
    assert asked(at_work) == {"Something else": "a tent"}


def test_the_plan_of_the_form_goes_onto_the_card_and_what_it_leaves_out_stays(a_whole_form, at_work, cast):
    with at_work():
        SaferPlan.write(cast.amara, {"numbers": "0161 496 0999"}, new_id(), new_id(), afresh=False)
    sends(at_work, a_whole_form(plan_ring=Given((), "Nan"), plan_word=Given((), "pineapple")))
    with at_work():
        last = SaferPlan.versions_of(cast.amara)[0]
    assert last.lines == {"ring": "Nan", "place": "", "signal": "pineapple", "numbers": "0161 496 0999"}


def test_a_form_that_says_nothing_of_either_makes_neither(a_whole_form, at_work):
    sends(at_work, a_whole_form(now=Given(("ok",))))
    with at_work():
        assert session.scalar(select(func.count()).select_from(SaferPlan)) == 0
    assert asked(at_work) == {}
