"""Whom somebody reaches is read from today's allocations at each request."""

from portal.accounts.models import Person, end_allocation
from portal.db import session
from tests.factories import a_voice


def test_a_duty_worker_reads_the_voice_of_whoever_has_nobody_yet(doors, at_work, cast):
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        end_allocation(cast.amara)
    assert doors.staff.sign_in_as(cast.dee).get(f"/voices/{voice_id}").status == 200


def test_a_duty_worker_reads_the_voice_of_whom_only_somebody_who_has_left_held(doors, at_work, cast, clock):
    """The message about it goes to the duty worker, who found nothing at its address."""
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        session.get_one(Person, cast.sam).ended_at = clock()
    dee = doors.staff.sign_in_as(cast.dee)
    assert dee.get(f"/voices/{voice_id}").status == 200
    assert dee.get(f"/young-people/{cast.amara}").status == 200
    assert dee.get(f"/young-people/{cast.jo}").status == 404


def test_a_duty_worker_does_not_read_the_voice_of_whom_somebody_holds(doors, at_work, cast):
    with at_work():
        voice_id = a_voice(by=cast.amara).id
    assert doors.staff.sign_in_as(cast.dee).get(f"/voices/{voice_id}").status == 404


def test_another_worker_does_not_reach_whoever_has_nobody_yet(doors, at_work, cast):
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        end_allocation(cast.amara)
    for worker in (cast.lee, cast.sam, cast.dan):
        assert doors.staff.sign_in_as(worker).get(f"/voices/{voice_id}").status == 404


def test_whoever_no_longer_holds_a_young_person_is_out_at_once(doors, at_work, cast):
    sam = doors.staff.sign_in_as(cast.sam)
    assert sam.get(f"/young-people/{cast.amara}").status == 200
    with at_work():
        end_allocation(cast.amara)
    assert sam.get(f"/young-people/{cast.amara}").status == 404
