"""What was agreed: who does what by which day; done once, and late where it is not."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.returns.conversation import AgreedAction
from tests.factories import a_conversation

ACTION = {"action-words": "Ring nan about Fridays", "action-owner": "Sam", "action-by_on": "2026-11-27"}


@pytest.fixture
def page_of(at_work, cast, waiting_return):
    with at_work():
        a_conversation(cast.amara, cast.sam, session.get_one(InterviewTask, waiting_return))
    return f"/returns/{waiting_return}/actions"


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def actions(at_work):
    def look():
        with at_work():
            return list(session.scalars(select(AgreedAction)))

    return look


def test_an_action_has_an_owner_and_a_day(sam, page_of):
    sam.post(page_of, ACTION)
    main = sam.get(page_of).main
    assert "Ring nan about Fridays" in main
    assert "Sam" in main
    assert "Friday 27 November" in main


def test_sent_twice_it_is_one(sam, page_of, actions):
    key = sam.get(page_of).field("form_key")
    sam.post(page_of, ACTION | {"form_key": key})
    sam.post(page_of, ACTION | {"form_key": key})
    assert len(actions()) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("action-words", " ", "Write what is done"),
        ("action-owner", "", "Enter who does it"),
        ("action-by_on", "", "Enter the day by which it is done"),
        ("action-by_on", "2026-11-23", "Enter a day that is still to come"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays(field, value, says, sam, page_of, actions):
    page = sam.post(page_of, ACTION | {field: value})
    assert (page.status, says in page.main, actions()) == (422, True, [])


def test_done_is_done_today(sam, page_of, actions):
    sam.post(page_of, ACTION)
    sam.post(page_of, {"done": str(actions()[0].id)})
    assert actions()[0].done_on.isoformat() == "2026-11-24"


def test_what_is_not_done_in_time_is_late(sam, page_of, clock, at_door, cast):
    sam.post(page_of, ACTION)
    clock.forward(days=4)
    later = at_door("staff").sign_in_as(cast.sam)
    assert "late since Friday 27 November" in later.get(page_of).main


def test_it_is_late_from_midnight_in_london(sam, page_of, clock, at_door, cast):
    """At 23:30 UTC on a summer's evening the day by which it was to be done is over."""
    sam.post(page_of, ACTION | {"action-by_on": "2027-06-01"})
    clock.forward(days=(date(2027, 6, 1) - clock().date()).days, hours=23.5 - clock().hour)
    later = at_door("staff").sign_in_as(cast.sam)
    assert "late since Tuesday 1 June" in later.get(page_of).main


def test_an_action_of_another_return_is_not_done_from_here(sam, page_of, actions, at_work, cast):
    with at_work():
        other = a_conversation(cast.jo, cast.lee)
        other.agree("Ring school", "Lee", date(2026, 12, 1), cast.lee)
    sam.post(page_of, {"done": str(actions()[0].id)})
    assert actions()[0].done_on is None
