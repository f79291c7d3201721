"""A manager names a sample for an auditor: by lot, for a time, for a purpose."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, allocate, end_allocation
from portal.accounts.pauses import Pause
from portal.admin.samples import AuditSample, Sampled
from portal.db import new_id, session


def names(browser, cast, **more):
    browser.get("/samples")
    sample = {
        "auditor": str(cast.aud),
        "count": "2",
        "ends": "2026-12-01",
        "purpose": "The yearly audit",
        **more,
    }
    return browser.post("/samples", sample)


def test_it_is_drawn_from_young_people_alone(staff, cast, at_work):
    priya = staff(cast.priya)
    assert names(priya, cast).location == "/samples"
    assert "Aud Itor" in priya.get("/samples").main
    with at_work():
        assert set(session.scalars(select(Sampled.child_id))) == {cast.amara, cast.jo}
        assert f"{session.scalars(select(AuditSample.ends_at)).one():%m-%d %H:%M}" == "12-02 00:00"


def test_more_than_there_are_is_all_of_them(staff, cast, at_work, clock):
    with at_work():
        session.get_one(Person, cast.jo).ended_at = clock()
    names(staff(cast.priya), cast, count="30")
    with at_work():
        assert session.scalars(select(Sampled.child_id)).all() == [cast.amara]


def test_whom_the_auditor_holds_or_held_is_not_drawn(staff, cast, at_work):
    """Seen red with everybody drawn from."""
    with at_work():
        allocate(cast.amara, cast.aud)
        end_allocation(cast.amara)
    names(staff(cast.priya), cast)
    with at_work():
        assert session.scalars(select(Sampled.child_id)).all() == [cast.jo]


def test_nor_whoever_said_something_that_may_be_about_them(staff, cast, at_work):
    with at_work():
        Pause.begin(cast.jo, cast.aud, new_id())
    names(staff(cast.priya), cast)
    with at_work():
        assert session.scalars(select(Sampled.child_id)).all() == [cast.amara]


def test_what_is_said_about_them_later_closes_the_sample_to_them(staff, cast, at_work):
    """Seen red without `paused` in `visible_to`."""
    names(staff(cast.priya), cast)
    with at_work():
        Pause.begin(cast.amara, cast.aud, new_id())
        one = session.scalars(select(Sampled.id).where(Sampled.child_id == cast.amara)).one()
    assert staff(cast.aud).get(f"/sample/{one}").status == 404


def test_it_is_ended_at_once(staff, cast, at_work):
    priya = staff(cast.priya)
    names(priya, cast)
    with at_work():
        sample = session.scalars(select(AuditSample.id)).one()
    priya.post("/samples", {"act": "end", "which": str(sample)})
    assert "No sample is open to you now" in staff(cast.aud).get("/sample").main


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"auditor": "nobody"}, "Choose the auditor"),
        ({"count": "31"}, "Enter how many: 1 to 30"),
        ({"count": "many"}, "1 to 30"),
        ({"ends": "2027-12-01"}, "within three months"),
        ({"purpose": ""}, "Enter what it is for"),
    ],
)
def test_what_is_wrong_is_said(staff, cast, wrong, said):
    page = names(staff(cast.priya), cast, **wrong)
    assert (page.status, said in page.main) == (422, True)


@pytest.mark.parametrize("who", ["sam", "cory", "ade", "aud"])
def test_it_is_the_managers_alone(staff, cast, who):
    assert staff(getattr(cast, who)).get("/samples").status == 404
