"""Somebody leaves, and what is open with them goes to somebody else in a few taps."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.accounts.holders import worker_id_of
from portal.accounts.models import Organisation, Person, allocate, join_adult
from portal.accounts.pauses import Pause
from portal.admin import people
from portal.admin.handovers import AT_ONCE
from portal.alerts.book import AlertEntry
from portal.alerts.flags import ABOUT_A_WORKER, HURT
from portal.alerts.models import HELD, OPEN, Alert, raise_alert
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from portal.trail.models import ABOUT_STAFF, Voice
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


def test_so_many_at_a_time_and_then_the_others(staff, cast, at_work):
    """A press is one commit, and somebody who is not safe waits for it. Seen red without a bound."""
    with at_work():
        for number in range(AT_ONCE + 1):
            child = Person.enter("child", f"Child {number}", roles=("young person",))
            session.flush()
            allocate(child.id, cast.dee)
    priya = staff(cast.priya)

    def boxes():
        page = priya.get(f"/handover/{cast.dee}")
        return [one.get("value") for one in page.tree.iter("input") if one.get("name") == "children"]

    first = boxes()
    assert len(first) == AT_ONCE
    assert gives(priya, cast.dee, first, cast.lee).location == f"/handover/{cast.dee}"
    assert gives(priya, cast.dee, boxes(), cast.lee).location == "/handover"


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


# --- alerts -----------------------------------------------------------------------------------------------------------


def says(rule, child, about: UUID | None = None) -> Alert:
    return raise_alert(child, rule, source_kind="test", source_id=uuid4(), key=str(uuid4()), about=about)


def told_of(alert_id) -> set[UUID]:
    heard = select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == alert_id)
    return set(session.scalars(heard))


@pytest.fixture
def lee_may_not_read(at_work, cast):
    """Amara said something about Lee: he may not read what she says."""
    with at_work():
        says(ABOUT_A_WORKER, cast.amara, about=cast.lee)


def test_the_ladder_of_what_somebody_had_begins_anew(staff, cast, gone, at_work, clock):
    """Seen red with the ladder left where it stood: only Lee was told, and nobody above him before it was due."""
    clock.forward(minutes=10)
    gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    with at_work():
        alert = session.scalars(select(Alert)).one()
        assert (alert.state, alert.ladder, alert.rung) == (OPEN, 1, 1)
        assert alert.climbs_from == clock()
        again = select(OutboxMessage.recipient_id).where(
            OutboxMessage.key.startswith(f"alert:{alert.id}:1:0:")
        )
        assert set(session.scalars(again)) == {cast.lee, cast.dee}
        entry = session.scalars(select(AlertEntry)).one()
        assert (entry.kind, entry.by_id, entry.to_id) == ("handed over", cast.priya, cast.lee)


def test_the_ladder_of_what_nobody_had_goes_on(staff, cast, at_work, clock):
    """Seen red with every ladder begun anew: a handing over would have kept it from climbing."""
    with at_work():
        alert_id = says(HURT, cast.amara).id
        session.get_one(Alert, alert_id).rung = 3
    with at_work():
        due = session.get_one(Alert, alert_id).next_step_at
    clock.forward(minutes=2)
    gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    with at_work():
        alert = session.get_one(Alert, alert_id)
        assert (alert.rung, alert.ladder, alert.next_step_at, alert.owner_id) == (3, 0, due, cast.lee)
        assert cast.lee in told_of(alert_id)


def test_what_may_be_about_staff_stays_where_it_is(staff, cast, at_work):
    """Seen red with that rule among the alerts that are given."""
    with at_work():
        alert = says(ABOUT_A_WORKER, cast.amara, about=cast.dan)
        alert.hold(cast.sam)
        alert_id = alert.id
    gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    with at_work():
        alert = session.get_one(Alert, alert_id)
        assert (alert.state, alert.held_by_id, alert.owner_id) == (HELD, cast.sam, None)
        assert cast.lee not in told_of(alert_id)


def test_whoever_may_not_read_what_they_say_gets_nobody(staff, cast, gone, lee_may_not_read, at_work):
    """Seen red without the question whether they are paused."""
    page = gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    assert "Amara Obi cannot go to whom you chose" in page.main
    with at_work():
        assert cast.lee not in set(session.scalars(select(OutboxMessage.recipient_id)))
        alert = session.scalars(select(Alert).where(Alert.rule == HURT)).one()
        assert (alert.state, alert.held_by_id) == (HELD, cast.sam)
    assert "Amara Obi" in staff(cast.priya).get(f"/handover/{cast.sam}").main


def test_an_alert_that_is_kept_from_them_does_not_go_along(staff, cast, lee_may_not_read, at_work, clock):
    """Seen red without `could_take`: Lee had what was said while it might have been about him."""
    with at_work():
        alert = says(HURT, cast.amara)
        alert.hold(cast.sam)
        alert_id = alert.id
        session.scalars(select(Pause)).one().end("It was somebody else.", cast.priya)
    gives(staff(cast.priya), cast.sam, [cast.amara], cast.lee)
    with at_work():
        assert worker_id_of(cast.amara) == cast.lee
        alert = session.get_one(Alert, alert_id)
        assert (alert.state, alert.held_by_id, alert.owner_id) == (OPEN, None, None)
        assert cast.lee not in told_of(alert_id)
        assert cast.dee in told_of(alert_id)


# --- what may be about the manager who looks --------------------------------------------------------------------------


def test_what_may_be_about_staff_is_not_counted(staff, cast, at_work):
    """Seen red with either kind counted: a manager who was named read it from the numbers."""
    with at_work():
        Voice.say(cast.amara, ABOUT_STAFF, uuid4(), tell_how="here")
        says(ABOUT_A_WORKER, cast.amara, about=cast.dan).owner_id = cast.sam
    assert "Amara Obi: nothing that waits" in staff(cast.priya).get(f"/handover/{cast.sam}").main


def test_a_manager_who_was_named_does_not_see_what_is_open_of_them(staff, cast, gone, at_work):
    """Seen red without `paused` in `open_with` and in `holders`."""
    with at_work():
        allocate(cast.jo, cast.sam)
        says(ABOUT_A_WORKER, cast.amara, about=cast.priya)
    priya = staff(cast.priya)
    page = priya.get(f"/handover/{cast.sam}").main
    assert ("Amara Obi" in page, "Jo Birch" in page) == (False, True)
    assert "1 young person" in priya.get("/handover").main
    assert gives(priya, cast.sam, [cast.amara], cast.lee).status == 422
