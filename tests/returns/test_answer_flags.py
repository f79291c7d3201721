"""An answer that a rule marks: the alert, what is said then, and "I'd rather tell a person"."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import session
from portal.outbox import OutboxMessage
from tests.returns.conftest import BAD, HELP


@pytest.mark.parametrize(
    ("ticked", "raised"),
    [
        ("hurt", ["hurt"]), ("made-me", ["hurt"]), ("touched", ["hurt"]), ("photos", ["hurt"]),
        ("scared", ["scared"]), ("wanted-back", ["scared"]), ("owe", ["scared"]), ("gifts", []), ("none", []),
    ],
)  # fmt: skip
def test_a_tick_raises_its_flag_when_it_is_saved_and_a_gift_alone_raises_none(amara, rules, ticked, raised):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer=ticked)
    assert rules() == raised


def test_each_rule_is_raised_once_however_often_it_is_said(amara, rules):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer=["hurt", "photos", "scared"])
    amara.presses(screen="anything-bad", go="on", answer=["hurt", "touched"])
    assert sorted(rules()) == ["hurt", "scared"]


def test_a_flag_points_at_the_form_and_its_messages_leave_with_it(amara, at_work, cast, submissions):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    with at_work():
        alert = session.scalars(select(Alert)).one()
        told = set(session.scalars(select(OutboxMessage.recipient_id)))
    assert alert.source_id == submissions()[0].id
    assert told == {cast.sam, cast.dee}


def test_where_a_flag_cannot_be_raised_the_answer_is_not_called_saved(amara, answers, no_message_can_be_put):
    amara.begins()
    amara.comes_to(BAD)
    assert amara.presses(go="on", answer="hurt").status == 503
    assert "anything-bad" not in answers()


def test_after_a_flag_come_thanks_numbers_and_what_is_true(amara):
    amara.begins()
    amara.comes_to(BAD)
    page = amara.presses(go="on", answer="hurt").main
    assert page.index("0800 1111") < page.index("Thank you for telling us.")
    assert "by Tuesday 24 November, 11:00" in page
    assert "Nobody has said yet that they have it." in page
    assert HELP in amara.presses(go="on").main


def test_after_a_flag_she_can_stop_and_later_goes_on_behind_it(amara):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    answer = amara.phone.post("/side", {"screen": "heard.would-help", "go": "stop"})
    assert answer.location == "/"
    assert HELP in amara.opens("/side").main


def test_rather_tell_a_person_is_an_answer_and_an_alert(amara, rules, answers):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="person", answer="hurt")
    assert rules() == ["rather tell a person"]
    assert answers()["anything-bad"] == (("person",), "")


def test_a_question_that_is_not_sensitive_takes_no_rather_tell_a_person(amara, rules):
    amara.begins()
    assert "rather tell a person" not in amara.page.main
    amara.presses(go="person")
    assert rules() == []


def test_going_back_calls_nobody(amara, rules, answers):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="back", answer="hurt")
    assert rules() == []
    assert "anything-bad" not in answers()


def test_skipping_calls_nobody_whatever_is_ticked(amara, rules):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="skip", answer="hurt")
    assert rules() == []


def test_nobody_asks_for_detail_of_something_bad(amara):
    amara.begins()
    assert "textarea" not in amara.comes_to(BAD).html
