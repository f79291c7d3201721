"""One interview: what it covers, when it is due and why, and who looked."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.words import COUNTING_RULE


def test_it_says_when_it_is_due_whose_it_is_and_why(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{a_return(of=cast.amara)}")
    assert "due Thursday 10:00" in page.main
    assert "Sam Okoro" in page.main
    assert "They have a worker whom they know already." in page.main
    assert "MFH7" in page.main


def test_what_reached_the_hub_late_says_so(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{a_return(of=cast.amara, hours_ago=80)}")
    assert "Late when it reached us: the 72 hours were over: 80 hours had gone." in page.main


def test_one_conversation_for_several_returns_says_how_it_counts(a_return, doors, cast):
    first, second = a_return(of=cast.amara, hours_ago=60), a_return(of=cast.amara)
    assert first == second
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{first}")
    assert "The 2 returns of this conversation" in page.main
    assert COUNTING_RULE in page.main


def test_what_the_list_said_is_there(at_work, clock, doors, cast):
    with at_work():
        task_id = Episode.enter(
            session.get_one(Person, cast.amara), number="", missing_at=clock() - timedelta(days=2),
            returned_at=clock(), living="home", details={"remarks": "<b>came back alone</b>"},
        ).task_id  # fmt: skip
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{task_id}")
    assert "<b>came back alone</b>" in page.main


def test_lee_does_not_find_a_return_of_amaras(a_return, doors, cast):
    assert doors.staff.sign_in_as(cast.lee).get(f"/returns/{a_return(of=cast.amara)}").status == 404


def test_the_coordinator_sees_it_and_logs_no_attempt(a_return, doors, cast):
    page = doors.staff.sign_in_as(cast.cory).get(f"/returns/{a_return(of=cast.amara)}")
    assert "Amara Obi" in page.main
    assert "Log an attempt" not in page.main


def test_who_looked_is_in_the_trail(a_return, doors, cast, at_work):
    doors.staff.sign_in_as(cast.sam).get(f"/returns/{a_return(of=cast.amara)}")
    with at_work():
        read = session.scalars(select(AuditEvent).where(AuditEvent.act == "return.read")).one()
    assert (read.actor_id, read.subject_id) == (cast.sam, cast.amara)


def test_a_form_alone_is_said_not_to_count(a_return, doors, cast, task_of, at_work):
    task_id = a_return(of=cast.amara)
    with at_work():
        session.merge(task_of(task_id)).mark_form_received()
    page = doors.staff.sign_in_as(cast.sam).get(f"/returns/{task_id}")
    assert "A form alone does not count as a conversation." in page.main
