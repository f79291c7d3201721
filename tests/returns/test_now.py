"""The safety screen: numbers first, two different "No", and what is saved at the press."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person, end_allocation
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import Base, session
from portal.outbox import OutboxMessage
from portal.returns.models import SafetyAnswer
from tests.factories import a_return

NO, RATHER_NOT, RING = "no", "rather-not", "ring"


def told(at_work):
    with at_work():
        return set(session.scalars(select(OutboxMessage.recipient_id)))


def test_help_numbers_stand_before_the_question(amara):
    page = amara.opens("/now").main
    assert page.index("999") < page.index("0800 1111") < page.index("Are you safe right now?")


def test_the_first_no_says_whom_it_tells(amara):
    assert "No, tell Sam and the duty team now" in amara.opens("/now").main


def test_a_child_whom_nobody_holds_is_told_of_their_worker_all_the_same(amara, at_work, cast):
    with at_work():
        end_allocation(cast.amara)
    assert "No, tell your worker and the duty team now" in amara.opens("/now").main


def test_no_is_an_answer_an_alert_messages_and_audit_in_one_commit(amara, at_work, cast):
    amara.opens("/now")
    amara.presses("/now", safe=NO)
    with at_work():
        answer = session.scalars(select(SafetyAnswer)).one()
        alert = session.scalars(select(Alert)).one()
        acts = list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.number)))
    assert (answer.said, answer.child_id) == ("no", cast.amara)
    assert (alert.rule, alert.source_id) == ("not safe", answer.id)
    assert told(at_work) == {cast.sam, cast.dee}
    assert acts[-2:] == ["alert.raised", "safety.said"]


def test_where_the_alert_cannot_be_written_nothing_is_called_saved(amara, at_work, no_message_can_be_put):
    amara.opens("/now")
    page = amara.presses("/now", safe=NO)
    with at_work():
        kept = session.scalar(select(func.count()).select_from(SafetyAnswer))
    assert (page.status, kept) == (503, 0)
    assert "saved." not in page.main.replace("Nothing was saved.", "")


def test_after_no_the_page_says_saved_and_what_is_true_and_shows_numbers(amara):
    amara.opens("/now")
    page = amara.presses("/now", safe=NO).main
    assert page.index("0800 1111") < page.index("What happens now What you said is saved.")
    assert "Nobody has said yet that they have it." in page


def test_pressing_twice_makes_one_alert(amara, rules):
    page = amara.opens("/now")
    form = {"safe": NO, "form_key": page.field("form_key")}
    for _ in range(2):
        assert amara.phone.post("/now", form).status == 303
    assert rules() == ["not safe"]


def test_another_button_pressed_before_the_answer_came_is_said_too(amara, rules, at_work, cast):
    """Whoever slips onto "I'd rather not say" and presses "No" at once on a slow line must not be heard as the first."""
    page = amara.opens("/now")
    for said in (RATHER_NOT, NO, RING):
        assert amara.phone.post("/now", {"safe": said, "form_key": page.field("form_key")}).status == 303
    assert sorted(rules()) == ["not safe", "not sure", "ring me"]
    assert told(at_work) == {cast.sam, cast.dee}


def test_another_childs_form_key_cannot_swallow_a_no(amara, doors, at_door, cast, rules):
    for child in (cast.jo, cast.amara):
        phone = at_door("young").sign_in_as(child)
        phone.get("/now")
        phone.post("/now", {"safe": NO, "form_key": "the same"})
    assert rules() == ["not safe", "not safe"]


def test_a_no_without_a_form_key_is_a_no(amara, rules):
    amara.opens("/now")
    amara.phone.post("/now", {"safe": NO})
    assert rules() == ["not safe"]


def everything_in(at_work):
    """How many rows each table holds."""
    with at_work():
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


def test_the_second_no_is_a_link_that_leaves_nothing_behind(amara, at_work, cast):
    page = amara.opens("/now")
    before = everything_in(at_work)
    link = next(a for a in page.tree.iter("a") if a.text == "No, just show me numbers")
    assert "0800 1111" in amara.opens(link.get("href")).main
    assert everything_in(at_work) == before


def test_the_second_no_sent_as_a_form_tells_nobody_either(amara, at_work):
    amara.opens("/now")
    before = everything_in(at_work)
    assert "0800 1111" in amara.presses("/now", safe="numbers").main
    assert everything_in(at_work) == before


def test_rather_not_say_asks_the_worker_alone(amara, rules, at_work, cast):
    amara.opens("/now")
    page = amara.presses("/now", safe=RATHER_NOT)
    assert (rules(), told(at_work)) == (["not sure"], {cast.sam})
    assert "0800 1111" in page.main


def test_ring_me_is_one_tap_and_says_when_and_that_a_call_shows(amara, rules):
    amara.opens("/now")
    page = amara.presses("/now", safe=RING).main
    assert rules() == ["ring me"]
    assert "by Tuesday 24 November, 17:00" in page
    assert "A call still shows on the phone." in page


def test_yes_leads_to_the_return_that_waits(amara, waiting_return):
    amara.opens("/now")
    assert amara.presses("/now", safe="yes").main.startswith("Is it OK to do this now?")


def test_yes_leads_to_the_first_page_when_nothing_waits(amara):
    page = amara.opens("/now")
    answer = amara.phone.post("/now", {"safe": "yes", "form_key": page.field("form_key")})
    assert answer.location == "/"


def test_yes_tells_nobody(amara, at_work):
    page = amara.opens("/now")
    before = everything_in(at_work)
    amara.phone.post("/now", {"safe": "yes", "form_key": page.field("form_key")})
    assert everything_in(at_work) == before


@pytest.mark.parametrize("odd", ["", "maybe", "no\0", "\ud800", "x" * 100_000])
def test_an_unknown_answer_is_asked_again(amara, rules, odd):
    amara.opens("/now")
    assert "Are you safe right now?" in amara.presses("/now", safe=odd.encode("utf-8", "replace")).main
    assert rules() == []


def test_what_was_said_in_an_earlier_sitting_does_not_greet_the_next(amara, again):
    amara.opens("/now")
    amara.presses("/now", safe=NO)
    assert "saved" not in again().opens("/now").main


def test_a_later_sitting_of_the_day_is_told_nothing_of_the_earlier_ones_alert(amara, again, at_work, cast):
    """Red while alerts of the whole day were counted: whoever forced the PIN read that Dee has part of it."""
    amara.opens("/now")
    amara.presses("/now", safe=NO)
    with at_work():
        session.scalars(select(Alert)).one().hold(cast.dee)
    later = again()
    later.opens("/now")
    page = later.presses("/now", safe=RING).main
    assert "Nobody has said yet that they have it." in page
    assert "Dee" not in page


@pytest.fixture
def put_away(at_work, cast):
    """Amara has put everything away."""
    with at_work() as hub:
        session.get_one(Person, cast.amara).put_away_at = hub.now()


def test_not_being_safe_can_be_said_when_all_is_put_away(amara, put_away, rules):
    amara.opens("/now")
    assert "What you said is saved." in amara.presses("/now", safe=NO).main
    assert rules() == ["not safe"]


def test_when_all_is_put_away_it_names_nobody(amara, put_away):
    page = amara.opens("/now").main
    assert "No, tell your worker and the duty team now" in page
    assert "Sam" not in page


def test_when_all_is_put_away_yes_leads_to_the_empty_page(amara, put_away, at_work, cast):
    with at_work():
        a_return(cast.amara).take(cast.sam)
    amara.opens("/now")
    assert "Nothing here" in amara.presses("/now", safe="yes").main


def test_a_page_says_nothing_from_outside(amara):
    assert amara.opens("/now").tree.findtext(".//title") == "Notes"
