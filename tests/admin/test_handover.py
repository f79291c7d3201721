"""Somebody leaves, and what is open with them goes to somebody else in a few taps."""

import pytest
from sqlalchemy import select

from portal.accounts.holders import worker_id_of
from portal.accounts.models import Organisation, Person, allocate, join_adult
from portal.admin import people
from portal.alerts.models import Alert
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from tests.factories import a_return, a_voice, an_alert


@pytest.fixture
def gone(at_work, cast):
    """Sam had a return of Amara's and an alert, and has left."""
    with at_work():
        a_voice(cast.amara)
        a_return(cast.amara).take(cast.sam)
        an_alert(cast.amara).hold(cast.sam)
        people.see_out(session.get_one(Person, cast.sam), cast.ade)


def gives(browser, whose, children, to):
    browser.get(f"/handover/{whose}")
    return browser.post(f"/handover/{whose}", {"children": [str(one) for one in children], "to": str(to)})


def test_it_lists_what_is_open(staff, cast, gone):
    page = staff(cast.priya).get(f"/handover/{cast.sam}")
    assert "Amara Obi: 1 return, 1 alert, 1 voice" in page.main
    (box,) = [one for one in page.tree.iter("input") if one.get("name") == "children"]
    assert box.get("checked") is not None  # one tap less


def test_all_of_it_goes_to_another(staff, cast, gone, at_work):
    """Seen red with the allocation alone given over."""
    page = gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    assert page.location == "/handover"
    with at_work():
        assert worker_id_of(cast.amara) == cast.lee
        assert session.scalars(select(InterviewTask.taker_id)).all() == [cast.lee]
        alert = session.scalars(select(Alert)).one()
        assert (alert.state, alert.held_by_id, alert.owner_id) == ("open", None, cast.lee)
        told = select(OutboxMessage.kind).where(OutboxMessage.recipient_id == cast.lee)
        assert {"handover", "alert 1 hour"} <= set(session.scalars(told))
    assert staff(cast.lee).get(f"/young-people/{cast.amara}").status == 200


def test_sent_twice_it_is_given_once(staff, cast, gone, at_work):
    priya = staff(cast.priya)
    gives(priya, cast.sam, [cast.amara], cast.lee)
    again = priya.post(f"/handover/{cast.sam}", {"children": [str(cast.amara)], "to": str(cast.lee)})
    assert again.status == 422  # nothing is open with him any more
    with at_work():
        kinds = session.scalars(
            select(OutboxMessage.kind).where(OutboxMessage.recipient_id == cast.lee)
        ).all()
        assert kinds.count("handover") == 1


def test_one_of_two_stays_until_it_is_given(staff, cast, at_work):
    with at_work():
        allocate(cast.jo, cast.sam)
    priya = staff(cast.priya)
    assert gives(priya, cast.sam, [cast.jo], cast.lee).location == f"/handover/{cast.sam}"
    page = priya.get(f"/handover/{cast.sam}").main
    assert ("Amara Obi" in page, "Jo Birch" in page) == (True, False)


def test_a_return_stays_where_the_other_works_for_their_carers(staff, cast, at_work):
    with at_work():
        far = session.get_one(Person, cast.dan).organisation_id
        carol = session.get_one(Person, cast.carol)
        carol.organisation_id = far
        join_adult(cast.carol, cast.amara, "residential")
        a_return(cast.amara).take(cast.sam)
    page = gives(staff(cast.priya), cast.sam, [cast.amara], cast.dan)
    assert "the return of Amara Obi stays where it is" in page.main
    with at_work():
        assert worker_id_of(cast.amara) == cast.dan
        assert session.scalars(select(InterviewTask.taker_id)).all() == [cast.sam]


@pytest.mark.parametrize("to", ["", "nobody"])
def test_without_somebody_it_comes_back_as_it_was(staff, cast, gone, at_work, to):
    page = gives(staff(cast.priya), cast.sam, [cast.amara], to)
    assert (page.status, "Choose to whom" in page.main) == (422, True)
    with at_work():
        assert worker_id_of(cast.amara) is None


def test_nobody_chosen_is_said(staff, cast, gone):
    page = gives(staff(cast.priya), cast.sam, [], cast.lee)
    assert "Choose at least one young person" in page.main


def test_somebody_elses_young_person_is_not_given_along(staff, cast, gone, at_work):
    assert gives(staff(cast.priya), cast.sam, [cast.jo], cast.dan).status == 422
    with at_work():
        assert worker_id_of(cast.jo) == cast.lee
        assert session.scalars(select(Organisation.id)).all()
