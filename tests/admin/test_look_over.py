"""A manager looks over what was opened by break-glass, and says whether it was right."""

import pytest
from sqlalchemy import select

from portal.accounts.actions import break_glass
from portal.accounts.break_glass import BreakGlass
from portal.accounts.models import Person
from portal.accounts.pauses import Pause
from portal.audit import AuditEvent
from portal.db import new_id, session
from portal.outbox import OutboxMessage


@pytest.fixture
def ola(at_work):
    """A second manager."""
    with at_work():
        person = Person.enter("staff", "Ola Manager", roles=("manager",), email="ola@hub.example")
        session.flush()
        return person.id


@pytest.fixture
def glass(at_work, cast, staff):
    """Lee has opened Amara, and looked."""
    with at_work():
        glass_id = break_glass(cast.lee, cast.amara, "The hospital rings and Sam is in court.").id
    staff(cast.lee).get(f"/young-people/{cast.amara}")
    return glass_id


def test_it_shows_why_and_what_was_opened(staff, cast, glass):
    page = staff(cast.priya).get(f"/accesses/{glass}").main
    assert "The hospital rings and Sam is in court." in page
    assert "Lee Marsh (Manchester City Council)" in page
    assert "opened the page" in page


def test_a_manager_says_that_it_was_right(staff, cast, glass, at_work):
    priya = staff(cast.priya)
    assert (
        priya.post(f"/accesses/{glass}", {"fitting": "yes", "words": "Sam agrees."}).location == "/accesses"
    )
    assert "Nothing waits to be looked over." in priya.get("/accesses").main
    assert "it was right to open it" in priya.get(f"/accesses/{glass}").main
    with at_work():
        kinds = session.scalars(select(OutboxMessage.kind)).all()
        assert set(kinds) == {"break_glass.opened"}  # nobody need be told tomorrow
        assert session.scalar(select(AuditEvent.actor_id).where(AuditEvent.act == "break_glass.reviewed"))


def test_where_it_was_not_right_it_closes_at_once(staff, cast, glass):
    staff(cast.priya).post(f"/accesses/{glass}", {"fitting": "no", "words": "Dee could have been asked."})
    assert staff(cast.lee).get(f"/young-people/{cast.amara}").status == 404


def test_it_stays_open_until_a_day_is_over_where_it_was_right(staff, cast, glass):
    staff(cast.priya).post(f"/accesses/{glass}", {"fitting": "yes", "words": "Fine."})
    assert staff(cast.lee).get(f"/young-people/{cast.amara}").status == 200


def test_a_manager_who_may_be_meant_reads_no_reason_and_sees_no_opening(staff, cast, at_work):
    """The reason may be about them. Seen red without `paused` in each of what is asked here."""
    priya = staff(cast.priya)
    with at_work():
        Pause.begin(cast.amara, cast.priya, new_id())
        glass_id = break_glass(cast.lee, cast.amara, "She says something about Priya.").id
        told = set(session.scalars(select(OutboxMessage.recipient_id)))
        assert told
        assert cast.priya not in told
    assert priya.get(f"/accesses/{glass_id}").status == 404
    assert priya.post(f"/accesses/{glass_id}", {"fitting": "no", "words": "Close it."}).status == 404
    assert "Amara" not in priya.get("/accesses").main


def test_nor_who_opened_her_as_a_manager(staff, cast, at_work, ola):
    staff(ola).get(f"/young-people/{cast.amara}")
    with at_work():
        Pause.begin(cast.amara, cast.priya, new_id())
    assert "Amara" not in staff(cast.priya).get("/accesses").main


def test_without_words_it_comes_back(staff, cast, glass, at_work):
    page = staff(cast.priya).post(f"/accesses/{glass}", {"fitting": "yes", "words": ""})
    assert page.status == 422
    assert "Enter what you found" in page.main
    with at_work():
        seen = select(AuditEvent.act).where(AuditEvent.act == "break_glass.read")
        assert len(session.scalars(seen).all()) == 1  # the reason was shown again
        assert session.get_one(BreakGlass, glass).reviewed_at is None


def test_nobody_looks_over_their_own(staff, cast, at_work):
    with at_work():
        glass_id = break_glass(cast.priya, cast.amara, "As a worker.").id
    page = staff(cast.priya).post(f"/accesses/{glass_id}", {"fitting": "yes", "words": "Fine."})
    assert (page.status, "another manager looks it over" in page.main) == (422, True)


def test_the_first_word_counts(staff, cast, glass, at_work):
    priya = staff(cast.priya)
    for fitting in ("yes", "no"):
        priya.post(f"/accesses/{glass}", {"fitting": fitting, "words": fitting})
    with at_work():
        assert session.get_one(BreakGlass, glass).fitting is True
