"""What is about somebody of the staff: the manager's page, the designated officer's step, and who reads again."""

import pytest
from sqlalchemy import select

from portal.accounts.pauses import Pause
from portal.accounts.ways_in import give
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import session


@pytest.fixture
def at(says):
    """The address of the alert that may be about Sam."""
    return f"/alerts/{says('about a worker')}"


@pytest.fixture
def priya(doors, cast):
    return doors.staff.sign_in_as(cast.priya)


def the_alert(at_work):
    with at_work():
        return session.scalars(select(Alert)).one()


def test_the_officers_step_stands_before_the_managers_own(priya, at):
    page = priya.get(at).main
    assert page.index("The designated officer: 0161 496 0104") < page.index("Who has it")


def test_it_cannot_be_closed_before_and_what_was_typed_is_still_there(priya, at, at_work):
    priya.get(at)
    page = priya.post(at, {"do": "close", "outcome": "Nothing in it."})
    assert (page.status, the_alert(at_work).state) == (422, "open")
    assert "First the designated officer" in page.main


def test_told_it_says_who_wrote_that_down_and_when_and_can_be_closed(priya, at, at_work, cast):
    priya.get(at)
    priya.post(
        f"{at}/officer", {"told": "yes", "officer-words": "They take it. Strategy meeting on Thursday."}
    )
    page = priya.follow().main
    assert "Told: written down by Priya Shah on Tue 24 Nov 2026, 10:00." in page
    assert priya.post(at, {"do": "close", "outcome": "Handed over."}).status == 303
    assert (the_alert(at_work).state, the_alert(at_work).officer_by_id) == ("closed", cast.priya)


def test_why_they_need_not_be_told_is_a_step_too(priya, at, at_work):
    priya.get(at)
    priya.post(f"{at}/officer", {"told": "no", "officer-words": "It is about lateness."})
    assert (the_alert(at_work).officer_told, "I have told them" in priya.follow().main) == (False, True)


def test_a_step_without_words_comes_back(priya, at, at_work):
    priya.get(at)
    page = priya.post(f"{at}/officer", {"told": "yes", "officer-words": " "})
    assert (page.status, the_alert(at_work).officer_at) == (422, None)
    assert "Write what they said" in page.main


def test_the_page_says_who_may_not_read_and_since_when(priya, at):
    assert "Sam Okoro (Manchester City Council) Since Tue 24 Nov 2026, 10:00." in priya.get(at).main


def test_letting_them_read_again_takes_a_reason(priya, at, at_work):
    pause = priya.get(at).field("pause")
    page = priya.post(f"{at}/reading", {"pause": pause, "pause-reason": ""})
    assert page.status == 422
    with at_work():
        assert session.scalars(select(Pause)).one().ended_at is None


def test_with_a_reason_they_read_again_and_the_reason_stays(priya, at, at_work, cast):
    pause = priya.get(at).field("pause")
    priya.post(f"{at}/reading", {"pause": pause, "pause-reason": "She meant her form tutor."})
    page = priya.follow().main
    assert "Priya Shah ended it:" in page
    assert "She meant her form tutor." in page
    with at_work():
        acts = list(session.scalars(select(AuditEvent.act).where(AuditEvent.act == "pause.ended")))
        assert (session.scalars(select(Pause)).one().ended_by_id, len(acts)) == (cast.priya, 1)


def test_a_pause_of_another_young_person_is_not_ended_here(priya, at, says, at_work, cast):
    """Seen red without the look at whose pause it is."""
    says("about a worker", child=cast.jo)
    with at_work():
        jos = session.scalars(select(Pause.id).where(Pause.child_id == cast.jo)).one()
    priya.get(at)
    priya.post(f"{at}/reading", {"pause": str(jos), "pause-reason": "No."})
    with at_work():
        assert session.get_one(Pause, jos).ended_at is None


def test_a_way_in_that_a_paused_worker_gave_is_to_be_ended_and_replaced(priya, at, at_work, cast):
    """Seen red with the page as it was: whoever it is about knew the PIN."""
    assert "gave the young person the way in" not in priya.get(at).main
    with at_work():
        give(cast.amara, cast.sam)
    page = priya.get(at)
    assert "Sam Okoro (Manchester City Council) gave the young person the way in that works now" in page.main
    assert f"/young-people/{cast.amara}/way-in" in page.html
    with at_work():
        give(cast.amara, cast.priya)
    assert "gave the young person the way in" not in priya.get(at).main


@pytest.mark.parametrize("step", ["officer", "reading"])
def test_worker_and_duty_find_no_such_page(at_door, at, cast, step):
    for who in (cast.sam, cast.dee, cast.lee):
        assert at_door("staff").sign_in_as(who).post(f"{at}/{step}", {}).status == 404


def test_an_ordinary_alert_has_no_such_step(priya, says):
    hurt = says("hurt")
    assert "designated officer" not in priya.get(f"/alerts/{hurt}").main
    assert priya.post(f"/alerts/{hurt}/officer", {"told": "yes", "officer-words": "x"}).status == 404


@pytest.mark.parametrize("odd", ["", "x", "\ud800", "00000000-0000-4000-8000-000000000000"])
def test_an_odd_pause_changes_nothing(priya, at, odd):
    priya.get(at)
    form = {"pause": odd.encode("utf-8", "replace"), "pause-reason": "x"}
    assert priya.post(f"{at}/reading", form).status == 303
