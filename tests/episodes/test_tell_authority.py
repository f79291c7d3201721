"""Children looked after by another authority: it is told, and who interviews is written down."""

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import session


def test_the_placing_authority_is_told_and_who_interviews_is_written_down(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    assert "They were told" in cory.get(f"/returns/{task_id}").main
    page = cory.follow(cory.post(f"/returns/{task_id}/authority", {"interviewer": "Salford's own team"}))
    assert "Who interviews: Salford's own team." in page.main
    assert task_of(task_id).told_authority_at is not None


def test_they_may_be_told_before_it_is_known_who_interviews(a_return, task_of, doors, cast, clock):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    cory.post(f"/returns/{task_id}/authority")
    told_at = task_of(task_id).told_authority_at
    clock.forward(minutes=10)
    cory.post(f"/returns/{task_id}/authority", {"interviewer": "An agency"})
    assert (task_of(task_id).told_authority_at, task_of(task_id).interviewer) == (told_at, "An agency")


def test_our_own_children_have_no_such_part(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.cory).get(f"/returns/{a_return(of=cast.jo)}")
    assert "The placing authority" not in page.main


def test_what_is_too_long_comes_back_with_what_was_typed(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    page = doors.staff.sign_in_as(cast.cory).post(f"/returns/{task_id}/authority", {"interviewer": "x" * 201})
    assert page.status == 422
    assert page.field("interviewer") == "x" * 201
    assert page.html.count("Keep it under 200 letters.") == 2
    assert page.tree.find(".//input[@id='interviewer']").get("aria-invalid") == "true"
    assert task_of(task_id).told_authority_at is None


def test_the_page_that_comes_back_is_a_reading_on_the_record(a_return, doors, cast, at_work):
    task_id = a_return(of=cast.jo, living="other authority")
    doors.staff.sign_in_as(cast.cory).post(f"/returns/{task_id}/authority", {"interviewer": "x" * 201})
    with at_work():
        read = session.scalars(select(AuditEvent).where(AuditEvent.act == "return.read")).one()
    assert (read.object_id, read.actor_id) == (task_id, cast.cory)


def test_of_a_child_whom_no_other_authority_looks_after_there_is_none_to_tell(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo)
    cory = doors.staff.sign_in_as(cast.cory)
    assert cory.post(f"/returns/{task_id}/authority", {"interviewer": "Salford"}).status == 404
    assert task_of(task_id).interviewer is None


def test_who_may_not_open_it_tells_from_what_the_list_says(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")  # whom Lee holds
    dee = doors.staff.sign_in_as(cast.dee)
    link = dee.get("/returns/proposed").tree.xpath("//a[starts-with(., 'Tell the placing')]/@href")[0]
    assert "Another authority looks after Jo Birch" in dee.get(link).main
    page = dee.post(f"/returns/{task_id}/authority", {"interviewer": "x" * 201})
    assert (page.status, page.field("interviewer")) == (422, "x" * 201)
    assert "MFH7" not in page.main
    assert dee.post(f"/returns/{task_id}/authority").location == "/returns/proposed"
    assert task_of(task_id).told_authority_at is not None


def test_who_may_not_does_not_find_the_way(a_return, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    assert doors.staff.sign_in_as(cast.ade).post(f"/returns/{task_id}/authority").status == 404


def test_once_told_it_leaves_those_that_nobody_took_and_stays_counted_apart(a_return, task_of, doors, cast):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    assert "Jo Birch" in cory.get("/returns/proposed").main
    assert "Not told yet" in cory.get("/returns").main
    cory.post(f"/returns/{task_id}/authority", {"interviewer": "Salford's own team"})
    assert "Jo Birch" not in cory.get("/returns/proposed").main
    assert "Told; Salford's own team interviews" in cory.get("/returns").main
    assert task_of(task_id).state == "told"


def test_their_next_return_is_told_anew(a_return, task_of, doors, cast):
    first = a_return(of=cast.jo, living="other authority", hours_ago=20)
    doors.staff.sign_in_as(cast.cory).post(f"/returns/{first}/authority")
    second = a_return(of=cast.jo, living="other authority", hours_ago=1)
    assert second != first
    assert task_of(second).told_authority_at is None


@pytest.mark.parametrize("outcome", ["held", "declined"])
def test_what_the_authority_tells_of_it_is_kept_and_nobody_of_ours_took_it(
    a_return, task_of, doors, cast, outcome
):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    cory.post(f"/returns/{task_id}/authority")
    page = cory.follow(cory.post(f"/returns/{task_id}/authority", {"outcome": outcome}))
    assert (task_of(task_id).state, task_of(task_id).taker_id) == (outcome, None)
    assert "Told by the placing authority" in page.main


def test_four_weeks_after_it_was_due_it_is_counted_apart_no_more(a_return, doors, cast, clock):
    task_id = a_return(of=cast.jo, living="other authority")
    cory = doors.staff.sign_in_as(cast.cory)
    cory.post(f"/returns/{task_id}/authority")
    clock.forward(days=31)
    assert "Jo Birch" not in doors.staff.sign_in_as(cast.cory).get("/returns").main
