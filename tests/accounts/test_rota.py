"""The rota: who is on duty out of office hours, entered by a manager, read anew each time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.cover import Cover
from portal.accounts.models import Person, PersonRole
from portal.accounts.rota import (
    DIRECTOR_ON_CALL,
    EMERGENCY_DUTY_TEAM,
    SECOND_PERSON,
    DutyTurn,
    covered_at,
    on_duty,
)
from portal.audit import AuditEvent
from portal.db import session


@pytest.fixture
def turn(at_work, cast, clock):
    """`turn(dee)`: from now on, for eight hours, she is of the emergency duty team; the turn's id."""

    def enter(who, post=EMERGENCY_DUTY_TEAM, *, begins=0, hours=8):
        with at_work():
            starts = clock() + timedelta(hours=begins)
            return DutyTurn.enter(who, post, starts, starts + timedelta(hours=hours), cast.priya).id

    return enter


@pytest.fixture
def there(at_work, clock):
    """`there()`: who is of the emergency duty team now."""

    def look(post=EMERGENCY_DUTY_TEAM):
        with at_work():
            return set(on_duty(post, clock()))

    return look


def test_a_hub_without_a_rota_has_no_cover(at_work, cast, clock):
    with at_work():
        assert not covered_at(clock())


def test_whoever_has_a_turn_is_on_duty_in_that_post_alone(turn, there, cast):
    turn(cast.dee)
    assert there() == {cast.dee}
    assert there(SECOND_PERSON) == set()


@pytest.mark.parametrize(
    ("begins", "later", "on"), [(0, 7.9, True), (0, 8, False), (1, 0, False), (1, 1, True)]
)
def test_from_its_first_instant_to_before_its_last(turn, there, clock, cast, begins, later, on):
    turn(cast.dee, begins=begins)
    clock.forward(hours=later)
    assert there() == ({cast.dee} if on else set())


def test_whoever_covers_for_an_absent_colleague_is_on_duty_too(turn, there, at_work, clock, cast):
    """Seen red without the look at cover."""
    turn(cast.dee)
    with at_work():
        Cover.give(cast.dee, cast.priya, clock(), clock() + timedelta(hours=1), by=cast.dee)
    assert there() == {cast.dee, cast.priya}
    clock.forward(hours=2)
    assert there() == {cast.dee}


def test_who_has_left_is_no_cover(turn, there, at_work, clock, cast):
    turn(cast.dee)
    with at_work():
        session.get_one(Person, cast.dee).ended_at = clock()
    assert there() == set()


def test_who_may_not_open_every_alert_is_no_cover(turn, there, at_work, clock, cast):
    """Seen red without the look at the roles: an alert would go to somebody who cannot open it."""
    turn(cast.dee)
    with at_work():
        role = session.scalars(select(PersonRole).where(PersonRole.person_id == cast.dee)).one()
        role.ends_at = clock()
    assert there() == set()


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def priya(doors, cast):
    return doors.staff.sign_in_as(cast.priya)


def said(who, **more):
    form = {
        "person": str(who),
        "post": DIRECTOR_ON_CALL,
        "starts": "2026-11-24T17:00",
        "ends": "2026-11-25T09:00",
    }
    return form | more


def test_a_manager_puts_somebody_down_and_sees_it(priya, cast):
    assert "promises no cover at night" in priya.get("/rota").main
    priya.post("/rota", said(cast.dee))
    assert (
        "Dee Duty (Manchester City Council) Director on call Tue 24 Nov 2026, 17:00 Wed 25 Nov 2026, 09:00"
        in priya.follow().main
    )


def test_the_times_are_londons(priya, at_work, cast):
    priya.get("/rota")
    priya.post("/rota", said(cast.dee, starts="2027-07-01T17:00", ends="2027-07-02T09:00"))
    with at_work():
        assert f"{session.scalars(select(DutyTurn)).one().starts_at:%H:%M}" == "16:00"


def test_sent_twice_it_is_one_turn(priya, at_work, cast):
    for _ in range(2):
        priya.get("/rota")
        priya.post("/rota", said(cast.dee))
    with at_work():
        assert session.scalar(select(func.count()).select_from(DutyTurn)) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"person": ""}, "Choose who is on duty"),
        ({"post": "king"}, "Not a valid choice"),
        ({"starts": ""}, "Enter from when"),
        ({"starts": "x"}, "Enter from when, such as"),
        ({"ends": "2026-11-24T16:00"}, "after the beginning"),
        ({"ends": "2026-12-24T16:00"}, "at most fourteen days"),
        ({"starts": "2026-11-20T16:00"}, "from today on"),
    ],
)
def test_what_is_no_turn_comes_back_with_what_to_do(priya, at_work, cast, wrong, words):
    priya.get("/rota")
    page = priya.post("/rota", said(cast.dee, **wrong))
    assert page.status == 422
    assert words in page.main
    with at_work():
        assert session.scalar(select(func.count()).select_from(DutyTurn)) == 0


def test_only_those_who_can_open_every_alert_are_offered(priya, cast):
    page = priya.get("/rota").main
    assert "Dee Duty" in page
    assert "Sam Okoro" not in page
    assert priya.post("/rota", said(cast.sam)).status == 422


def test_a_turn_that_is_ended_is_over_at_once(priya, turn, there, at_work, cast):
    turn_id = turn(cast.dee)
    priya.get("/rota")
    priya.post("/rota", {"go": "end", "turn": str(turn_id)})
    assert there() == set()
    with at_work():
        assert (
            session.scalars(select(AuditEvent.object_id).where(AuditEvent.act == "rota.ended")).one()
            == cast.dee
        )


@pytest.mark.parametrize("odd", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_an_odd_turn_is_not_found(priya, cast, odd):
    priya.get("/rota")
    assert priya.post("/rota", {"go": "end", "turn": odd}).status == 404


@pytest.mark.parametrize("who", ["sam", "dee", "cory", "ade"])
def test_it_is_the_managers_page(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/rota").status == 404
