"""Cover: whoever stands in for an absent colleague reaches whom they hold, for as long as it runs and no longer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.colleagues import covers_of
from portal.accounts.cover import Cover
from portal.accounts.models import Person
from portal.alerts.flags import ABOUT_A_WORKER
from portal.alerts.models import raise_alert
from portal.audit import AuditEvent
from portal.db import session
from portal.outbox import OutboxMessage
from tests.factories import a_voice, an_alert


@pytest.fixture
def away(at_work, cast, clock):
    """`away(sam, lee)`: from now on, for a day, the second covers for the first; the cover's id."""

    def _away(absent, covers, *, begins=0, hours=24):
        with at_work():
            now = clock()
            starts, ends = now + timedelta(hours=begins), now + timedelta(hours=begins + hours)
            return Cover.give(absent, covers, starts, ends, by=absent).id

    return _away


def test_whoever_covers_reaches_whom_the_absent_colleague_holds(away, doors, at_work, cast):
    """Seen red with `may_reach` as it was, by own allocations alone."""
    with at_work():
        voice_id = a_voice(by=cast.amara).id
    lee = doors.staff.sign_in_as(cast.lee)
    assert lee.get(f"/voices/{voice_id}").status == 404
    away(cast.sam, cast.lee)
    assert lee.get(f"/voices/{voice_id}").status == 200
    assert "Amara Obi" in lee.get("/young-people").main


def test_whoever_is_away_goes_on_reaching_them(away, doors, cast):
    away(cast.sam, cast.lee)
    assert doors.staff.sign_in_as(cast.sam).get(f"/young-people/{cast.amara}").status == 200


@pytest.mark.parametrize(("begins", "later"), [(0, 24), (3, 2)])
def test_cover_that_is_over_or_to_come_opens_nothing(away, doors, cast, clock, begins, later):
    away(cast.sam, cast.lee, begins=begins)
    clock.forward(hours=later)
    assert doors.staff.sign_in_as(cast.lee).get(f"/young-people/{cast.amara}").status == 404


def test_cover_is_not_handed_on(away, doors, cast):
    away(cast.sam, cast.lee)
    away(cast.lee, cast.dan)
    dan = doors.staff.sign_in_as(cast.dan)
    assert dan.get(f"/young-people/{cast.jo}").status == 200
    assert dan.get(f"/young-people/{cast.amara}").status == 404


def test_cover_gives_nobody_a_role(away, doors, cast):
    """Noor leads participation: whoever she covered for, she reads nothing with a name."""
    away(cast.sam, cast.noor)
    assert doors.staff.sign_in_as(cast.noor).get(f"/young-people/{cast.amara}").status == 404


def _said(clock, covers, *, days=2, **more):
    today = clock().date()
    return {
        "covers": str(covers), "starts": f"{today}", "ends": f"{today + timedelta(days=days)}", **more,
    }  # fmt: skip


def test_a_worker_says_who_covers_for_them(doors, cast, clock, at_work):
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/cover")
    page = sam.follow(sam.post("/cover", _said(clock, cast.lee)))
    assert "Lee Marsh" in page.main
    with at_work():
        (given,) = session.scalars(select(Cover)).all()
        assert (given.absent_id, given.covers_id, given.starts_at) == (cast.sam, cast.lee, clock())
        # Until midnight in London after the last day.
        assert f"{given.ends_at:%Y-%m-%d %H:%M}" == "2026-11-27 00:00"
        note = session.scalars(select(AuditEvent).where(AuditEvent.act == "cover.given")).one()
        assert (note.actor_id, note.object_id) == (cast.sam, cast.lee)


def test_a_worker_gives_nobody_elses_young_people_away(doors, cast, clock, at_work):
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/cover")
    sam.post("/cover", _said(clock, cast.dee, absent=str(cast.lee)))
    with at_work():
        assert session.scalars(select(Cover.absent_id)).all() == [cast.sam]


def test_a_worker_chooses_among_their_own_organisation(doors, cast, clock):
    sam = doors.staff.sign_in_as(cast.sam)
    named = [option.text for option in sam.get("/cover").tree.iter("option")]
    assert [name.split(" (")[0] for name in named] == ["Choose", "Dee Duty", "Lee Marsh"]
    assert sam.post("/cover", _said(clock, cast.dan)).status == 422


def test_a_manager_gives_cover_for_anybody_and_ends_it(doors, cast, clock, at_work):
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get("/cover")
    page = priya.follow(priya.post("/cover", _said(clock, cast.dan, absent=str(cast.sam))))
    assert "Dan Far" in page.main
    with at_work():
        (line,) = covers_of(None)
    page = priya.follow(priya.post("/cover", {"go": "end", "cover": str(line.id)}))
    assert "Nobody is away." in page.main
    assert doors.staff.sign_in_as(cast.dan).get(f"/young-people/{cast.amara}").status == 404


def test_a_worker_ends_their_own_and_nobody_elses(away, doors, at_door, cast, at_work, clock):
    cover_id = away(cast.sam, cast.lee)
    lee, sam = (at_door("staff").sign_in_as(who) for who in (cast.lee, cast.sam))
    assert "End it" not in lee.get("/cover").main
    assert lee.post("/cover", {"go": "end", "cover": str(cover_id)}).status == 404
    sam.get("/cover")
    sam.post("/cover", {"go": "end", "cover": str(cover_id)})
    with at_work():
        assert session.get_one(Cover, cover_id).ends_at == clock()


def test_one_that_is_to_come_can_be_ended_before_it_begins(away, doors, cast, at_work):
    cover_id = away(cast.sam, cast.lee, begins=48)
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/cover")
    sam.post("/cover", {"go": "end", "cover": str(cover_id)})
    assert "You are not away" in sam.get("/cover").main


def test_the_same_form_twice_is_one_cover(doors, cast, clock, at_work):
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/cover")
    for _ in range(2):
        sam.post("/cover", _said(clock, cast.lee))
        clock.forward(seconds=3)
    with at_work():
        assert len(session.scalars(select(Cover)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"covers": ""}, "Choose who covers"),
        ({"starts": "2026-11-23"}, "Enter today or a later day"),
        ({"starts": "9999-12-31", "ends": "9999-12-31"}, "Enter a day within a year"),
        ({"ends": "2026-11-20"}, "Enter a last day that is not before the first"),
        ({"ends": "2027-11-20"}, "Enter a last day within twelve weeks; after that, give it again"),
        ({"ends": "soon"}, "Enter the last day, as day, month and year"),
        ({"ends": ""}, "Enter the last day"),
    ],
)
def test_what_cannot_be_comes_back_and_says_what_to_enter(doors, cast, clock, at_work, wrong, said):
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/cover")
    page = sam.post("/cover", _said(clock, cast.lee) | wrong)
    assert page.status == 422
    assert page.html.count(f">{said}<") == 2  # on top, and at the field
    with at_work():
        assert session.scalars(select(Cover)).all() == []


def test_nobody_covers_for_themselves(doors, cast, clock):
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get("/cover")
    page = priya.post("/cover", _said(clock, cast.sam, absent=str(cast.sam)))
    assert "Choose somebody other than who is away" in page.main


def test_whoever_works_for_nobody_here_is_told_whom_to_ask(doors, cast, at_work):
    with at_work():
        session.get_one(Person, cast.sam).organisation_id = None
    assert "Ask a manager" in doors.staff.sign_in_as(cast.sam).get("/cover").main


@pytest.mark.parametrize("who", ["cory", "noor", "ade", "aud"])
def test_who_holds_nobody_does_not_find_the_page(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/cover").status == 404


def test_whoever_covers_hears_of_what_was_said_and_of_an_alert(away, at_work, cast):
    """Seen red with the message to the absent worker alone."""
    away(cast.sam, cast.lee)
    with at_work():
        voice_id, alert_id = a_voice(by=cast.amara).id, an_alert(cast.amara).id
    with at_work():
        told = {(row.object_id, row.recipient_id) for row in session.scalars(select(OutboxMessage))}
    assert {(voice_id, cast.sam), (voice_id, cast.lee), (alert_id, cast.lee)} <= told


def test_whoever_covers_may_be_whom_something_is_about(away, at_work, doors, cast):
    """They work with the young person for that time: until a manager has looked, they read nothing either."""
    away(cast.sam, cast.lee)
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        an_alert(cast.amara, ABOUT_A_WORKER)
    assert doors.staff.sign_in_as(cast.lee).get(f"/voices/{voice_id}").status == 404


def test_the_young_persons_page_says_who_covers(away, doors, cast):
    away(cast.sam, cast.lee)
    page = doors.staff.sign_in_as(cast.priya).get(f"/young-people/{cast.amara}")
    assert "Covers nowLee Marsh for Sam Okoro, until Wed 25 Nov 2026, 10:00" in page.main


def test_whoever_covers_is_told_so_on_their_first_page(away, doors, cast):
    away(cast.sam, cast.lee)
    page = doors.staff.sign_in_as(cast.lee).get("/")
    assert "You cover for Sam Okoro until Wed 25 Nov 2026, 10:00" in page.main


def test_whoever_covers_for_somebody_who_may_not_read_reads_nothing_either(away, doors, at_work, cast):
    """Seen red with cover alone: Sam, paused, chose a friend to cover for him, who read it all. The list stays."""
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        raise_alert(cast.amara, ABOUT_A_WORKER, source_kind="x", source_id=voice_id, key="x", about=cast.sam)
    away(cast.sam, cast.lee)
    lee = doors.staff.sign_in_as(cast.lee)
    assert lee.get(f"/voices/{voice_id}").status == 404
    assert "Amara" in lee.get("/young-people").main
