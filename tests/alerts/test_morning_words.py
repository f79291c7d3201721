"""What was said, opened at the daily meeting: with a reason, which stays with the alert."""

import pytest
from sqlalchemy import func, select

from portal.alerts.book import AlertEntry
from portal.audit import AuditEvent
from portal.db import session


@pytest.fixture
def at(says, words_behind):
    return f"/morning/{says('not safe')}"


@pytest.fixture
def priya(doors, cast):
    return doors.staff.sign_in_as(cast.priya)


def test_without_a_reason_the_words_stay_shut(priya, at, at_work):
    """Seen red with the words always on the page."""
    assert "tell Sam and the duty team" not in priya.get(at).main
    page = priya.post(at, {"reason": " "})
    assert (page.status, "tell Sam and the duty team" in page.main) == (422, False)
    with at_work():
        assert session.scalar(select(func.count()).select_from(AlertEntry)) == 0


def test_with_a_reason_they_are_read_and_the_share_stays_with_the_alert(priya, at, at_work, cast):
    priya.get(at)
    priya.post(at, {"reason": "Three homes need to know.", "form_key": "x"})
    page = priya.follow().main
    assert "No, tell Sam and the duty team now" in page
    assert "Three homes need to know." in page
    assert (
        "shared what was said with the daily meeting. Three homes"
        in priya.get(at.replace("morning", "alerts")).main
    )
    with at_work():
        acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == cast.amara)))
    assert {"alert.shared", "alert.opened"} <= acts


def test_the_same_form_twice_is_one_share(priya, at, at_work):
    priya.get(at)
    for _ in range(2):
        priya.post(at, {"reason": "They need to know.", "form_key": "x"})
    with at_work():
        assert session.scalar(select(func.count()).select_from(AlertEntry)) == 1


def test_the_day_after_it_takes_a_reason_again(priya, at, at_door, clock, cast):
    priya.get(at)
    priya.post(at, {"reason": "They need to know.", "form_key": "x"})
    clock.forward(days=1)
    assert "tell Sam and the duty team" not in at_door("staff").sign_in_as(cast.priya).get(at).main


@pytest.mark.parametrize("who", ["priya", "dee"])
def test_what_may_be_about_staff_is_not_opened_there_by_anybody(says, doors, cast, who):
    """Seen red for the manager with `get_alert` itself."""
    browser, at = doors.staff.sign_in_as(getattr(cast, who)), f"/morning/{says('about a worker')}"
    assert browser.get(at).status == 404
    assert browser.post(at, {"reason": "They need to know."}).status == 404
