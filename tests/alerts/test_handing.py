"""Handing an alert over to a named colleague, saying that one still has it, and opening a closed one again."""

import pytest
from sqlalchemy import func, select

from portal.alerts.book import AlertEntry
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import session
from portal.outbox import OutboxMessage


@pytest.fixture
def at(says):
    return f"/alerts/{says('not safe')}"


@pytest.fixture
def dee(doors, cast):
    return doors.staff.sign_in_as(cast.dee)


def the_alert(at_work):
    with at_work():
        return session.scalars(select(Alert)).one()


def hands(browser, at, to, words="I go home now.", **more):
    browser.get(at)
    return browser.post(f"{at}/hand-over", {"hand-to": str(to), "hand-words": words, **more})


def test_the_colleague_is_told_and_becomes_the_owner_and_whoever_has_it_has_it(dee, at, at_work, cast):
    dee.post(at, {"do": "hold", "held_by": ""})
    hands(dee, at, cast.priya)
    alert = the_alert(at_work)
    assert (alert.owner_id, alert.held_by_id) == (cast.priya, cast.dee)
    with at_work():
        told = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == alert.id))
        assert cast.priya in set(told)


def test_the_page_says_who_handed_it_to_whom_and_why(dee, at, cast):
    hands(dee, at, cast.priya)
    page = dee.follow().main
    assert (
        "Dee Duty (Manchester City Council) handed it over to Priya Shah (Manchester City Council). I go home now."
        in page
    )


def test_the_same_form_twice_hands_it_over_once(dee, at, at_work, cast):
    for _ in range(2):
        hands(dee, at, cast.priya, form_key="one")
    with at_work():
        assert session.scalar(select(func.count()).select_from(AlertEntry)) == 1


@pytest.mark.parametrize("who", ["lee", "dan", "noor", "cory"])
def test_it_is_handed_only_to_who_can_open_it(dee, at, at_work, cast, who):
    page = hands(dee, at, getattr(cast, who))
    assert page.status == 422
    assert page.field("hand-words") == "I go home now."
    assert the_alert(at_work).owner_id == cast.sam


def test_without_a_word_why_it_comes_back(dee, at, cast):
    page = hands(dee, at, cast.priya, words=" ")
    assert (page.status, "Write why." in page.main) == (422, True)


def test_what_another_has_is_not_handed_over(dee, at, at_work, cast):
    with at_work():
        session.scalars(select(Alert)).one().hold(cast.sam)
    page = hands(dee, at, cast.priya)
    assert (page.status, "Take it first" in page.main) == (422, True)


def test_what_may_be_about_the_worker_goes_to_managers_alone(says, doors, cast):
    about = f"/alerts/{says('about a worker')}"
    priya = doors.staff.sign_in_as(cast.priya)
    for who in (cast.sam, cast.dee):
        assert hands(priya, about, who).status == 422


def test_whoever_has_it_reads_when_it_opens_again_and_can_say_that_they_still_have_it(
    dee, at, at_work, clock
):
    dee.get(at)
    dee.post(at, {"do": "hold", "held_by": ""})
    assert "Without an outcome by Tue 24 Nov 2026, 10:30 it opens again" in dee.follow().main
    clock.forward(minutes=20)
    dee.post(at, {"do": "still"})
    assert "by Tue 24 Nov 2026, 10:50" in dee.follow().main
    with at_work():
        assert session.scalar(select(func.count()).where(AuditEvent.act == "alert.still_held")) == 1


def test_who_does_not_have_it_does_not_still_have_it(dee, at):
    dee.get(at)
    assert dee.post(at, {"do": "still"}).status == 422


# --- opened again -------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(dee, at):
    dee.get(at)
    dee.post(at, {"do": "close", "outcome": "Rang her. She is at her nan's."})
    return at


def test_with_a_reason_a_closed_one_is_open_again_and_everybody_is_told(dee, closed, at_work, cast):
    dee.get(closed)
    dee.post(f"{closed}/reopen", {"reopen-words": "She rang back. She is not there."})
    page = dee.follow().main
    alert = the_alert(at_work)
    assert (alert.state, alert.held_by_id, alert.outcome, alert.ladder) == ("open", None, None, 1)
    assert page.index("She is at her nan's.") < page.index("She is not there.")
    with at_work():
        told = select(OutboxMessage.recipient_id).where(OutboxMessage.key.like(f"alert:{alert.id}:1:0:%"))
        assert set(session.scalars(told)) == {cast.sam, cast.dee}


def test_without_a_reason_it_stays_closed(dee, closed, at_work):
    dee.get(closed)
    page = dee.post(f"{closed}/reopen", {"reopen-words": ""})
    assert (page.status, the_alert(at_work).state) == (422, "closed")


def test_pressed_twice_it_is_opened_once(dee, closed, at_work):
    dee.get(closed)
    for _ in range(2):
        dee.post(f"{closed}/reopen", {"reopen-words": "Again."})
    with at_work():
        assert session.scalar(select(func.count()).where(AuditEvent.act == "alert.reopened")) == 1


def test_that_nobody_wrote_an_outcome_in_time_stands_there(dee, at, climbs, at_door, clock, cast):
    dee.get(at)
    dee.post(at, {"do": "hold", "held_by": ""})
    clock.forward(minutes=30)
    climbs()
    page = at_door("staff").sign_in_as(cast.priya).get(at).main
    assert "Dee Duty (Manchester City Council) had it, and wrote down no outcome in time." in page
