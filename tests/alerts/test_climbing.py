"""Alerting again until a named person has it: by day, at night with somebody on duty, and with nobody."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person, allocate
from portal.accounts.rota import (
    DIRECTOR_ON_CALL,
    EMERGENCY_DUTY_MANAGER,
    EMERGENCY_DUTY_TEAM,
    SECOND_PERSON,
)
from portal.alerts.climbing import climb_what_is_due
from portal.alerts.models import Alert
from portal.alerts.steps import AlertStep
from portal.audit import AuditEvent
from portal.config import Hub
from portal.db import session
from portal.outbox import OutboxMessage

NIGHT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


@pytest.fixture
def director(at_work):
    with at_work():
        return Person.enter("staff", "Dora Rector", roles=("manager",)).id


@pytest.fixture
def team(at_work):
    """Who is on duty at night: one for each post."""
    with at_work():
        return [
            Person.enter("staff", f"Night {name}", roles=("duty worker",)).id
            for name in ("One", "Two", "Three")
        ]


@pytest.fixture
def covered(on_rota, team, director):
    """A night with cover: every post has somebody."""
    posts = (EMERGENCY_DUTY_TEAM, SECOND_PERSON, EMERGENCY_DUTY_MANAGER)
    for post, who in zip(posts, team, strict=True):
        on_rota(post, who)
    on_rota(DIRECTOR_ON_CALL, director)


# --- office hours -------------------------------------------------------------------------------------------------


def test_by_day_it_climbs_at_5_15_and_30_minutes_and_then_every_30(
    says, climbs, told_since, on_rota, director, clock, cast
):
    """Seen red with the first rung told again and again."""
    on_rota(DIRECTOR_ON_CALL, director)
    alert = says("not safe")
    assert told_since(alert) == sorted([cast.sam, cast.dee])
    found = []
    for pause in (5, 10, 15, 30, 30):
        clock.forward(minutes=pause - 0.1)
        climbs()
        assert told_since(alert) == []
        clock.forward(minutes=0.1)
        climbs()
        found.append(told_since(alert))
    assert found == [[cast.dee], sorted([cast.priya, director]), [director], [director], [director]]


def test_where_no_director_is_on_call_the_managers_hear_it_again(says, climbs, told_since, clock, cast):
    alert = says("not safe")
    clock.forward(minutes=15)
    climbs()
    told_since(alert)
    clock.forward(minutes=15)
    climbs()
    assert told_since(alert) == [cast.priya]


def test_once_somebody_has_it_it_climbs_no_further(says, climbs, told_since, at_work, clock, cast):
    alert = says("not safe")
    told_since(alert)
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    clock.forward(minutes=29)
    assert climbs() == 0
    assert told_since(alert) == []


def test_a_delivery_is_nobody_who_has_it(says, climbs, told_since, at_work, clock, cast):
    alert = says("not safe")
    told_since(alert)
    with at_work():
        for message in session.scalars(select(OutboxMessage)):
            message.delivered_at = clock()
    clock.forward(minutes=5)
    climbs()
    assert told_since(alert) == [cast.dee]


def test_a_worker_that_was_away_for_an_hour_goes_on_by_the_clock_and_forgets_nobody(
    says, climbs, told_since, on_rota, director, clock, cast
):
    on_rota(DIRECTOR_ON_CALL, director)
    alert = says("not safe")
    told_since(alert)
    clock.forward(minutes=61)
    assert climbs() == 1
    assert told_since(alert) == sorted([director, cast.priya])
    assert climbs() == 0


def test_two_workers_at_once_climb_a_rung_once(says, hub_file, clock, at_work, app):
    alert = says("not safe")
    clock.forward(minutes=5)
    ready = threading.Barrier(2)

    def one():
        ready.wait()
        climb_what_is_due(Hub(hub_file, clock=clock))

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(20)
    with at_work():
        steps = select(func.count()).where(AlertStep.alert_id == alert, AlertStep.rung == 1)
        assert session.scalar(steps) == 1


def test_each_step_is_a_row_and_an_audit_line(says, climbs, at_work, clock, cast):
    alert = says("not safe")
    clock.forward(minutes=5)
    climbs()
    with at_work():
        rows = session.scalars(select(AlertStep).where(AlertStep.alert_id == alert)).all()
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "alert.climbed")).one()
    assert {(row.rung, row.person_id) for row in rows} == {(0, cast.sam), (0, cast.dee), (1, cast.dee)}
    assert line.detail == '{"hours": "office hours", "rung": 1, "told": 1}'


def test_about_a_worker_climbs_among_managers_alone_and_never_to_whom_it_is_about(
    says, climbs, told_since, on_rota, director, clock, cast
):
    on_rota(DIRECTOR_ON_CALL, cast.dee)
    alert = says("about a worker", about=cast.priya)
    for _ in range(5):
        told = told_since(alert)
        assert told == [director]
        clock.forward(minutes=30)
        climbs()


def test_a_slower_rule_leaves_the_manager_alone_until_its_time_is_nearly_over(
    says, climbs, told_since, clock, cast
):
    alert = says("ring me")
    told_since(alert)
    clock.forward(hours=5)
    assert climbs() == 0
    clock.forward(hours=1)
    climbs()
    assert told_since(alert) == [cast.dee]


# --- night, with somebody on duty ---------------------------------------------------------------------------------


def test_at_night_it_climbs_through_those_on_duty(says, climbs, told_since, covered, clock, team, director):
    clock.at = NIGHT
    alert = says("not safe")
    found = [told_since(alert)]
    for pause in (5, 10, 15, 30):
        clock.forward(minutes=pause)
        climbs()
        found.append(told_since(alert))
    assert found == [[team[0]], [team[1]], [team[2]], [director], [director]]


def test_when_the_office_closes_whoever_is_on_duty_and_has_not_heard_of_it_hears_of_it(
    says, climbs, told_since, on_rota, clock, director, cast
):
    """Seen red with a ladder that tells its own rung alone."""
    on_rota(EMERGENCY_DUTY_TEAM, director)
    on_rota(EMERGENCY_DUTY_MANAGER, cast.priya)
    clock.forward(hours=6, minutes=50)
    alert = says("not safe")
    told_since(alert)
    clock.forward(minutes=15)
    climbs()
    assert told_since(alert) == sorted([director, cast.priya])


def test_in_the_morning_the_worker_and_the_duty_team_hear_of_it_at_the_opening(
    says, climbs, told_since, covered, on_rota, director, clock, cast
):
    clock.at = datetime(2026, 11, 25, 8, 40, tzinfo=UTC)
    on_rota(EMERGENCY_DUTY_TEAM, director)
    alert = says("not safe")
    clock.forward(minutes=16)
    climbs()
    told_since(alert)
    clock.forward(minutes=4)
    climbs()
    assert {cast.sam, cast.dee} <= set(told_since(alert))


def test_within_the_hour_the_days_people_hear_of_it_at_the_opening_not_when_its_next_rung_is_due(
    says, climbs, told_since, on_rota, director, clock, cast
):
    """Seen red with `planned` alone as the first step."""
    clock.at = datetime(2026, 11, 25, 8, 50, tzinfo=UTC)
    on_rota(EMERGENCY_DUTY_TEAM, director)
    alert = says("hurt")
    found = [told_since(alert)]
    for pause in (10, 19.9, 0.1):
        clock.forward(minutes=pause)
        climbs()
        found.append(told_since(alert))
    assert found == [[director], sorted([cast.sam, cast.dee]), [], [cast.dee]]


def test_at_the_opening_a_rung_is_not_climbed_before_its_own_time(
    says, climbs, told_since, now_is, on_rota, director, clock, cast
):
    """Seen red with the next rung climbed whenever the step was due: the managers heard of it at once."""
    clock.at = datetime(2026, 11, 25, 8, 50, tzinfo=UTC)
    on_rota(EMERGENCY_DUTY_TEAM, director)
    alert = says("not safe")
    found = [told_since(alert)]
    for pause in (5, 5, 5):
        clock.forward(minutes=pause)
        climbs()
        found.append(told_since(alert))
    assert found == [[director], [director], sorted([cast.sam, cast.dee]), sorted([cast.priya, director])]
    assert now_is(alert).rung == 3


def test_what_can_wait_for_the_morning_wakes_nobody(says, told_since, climbs, covered, clock):
    clock.at = NIGHT
    alert = says("ring me")
    clock.forward(minutes=31)
    climbs()
    assert told_since(alert) == []


# --- night, with nobody -------------------------------------------------------------------------------------------


def test_with_nobody_on_duty_it_waits_for_the_opening_and_climbs_from_there(
    says, climbs, told_since, clock, cast
):
    clock.at = NIGHT
    alert = says("not safe")
    clock.forward(hours=10, minutes=59)
    assert (climbs(), told_since(alert)) == (0, [])
    clock.forward(minutes=1)
    assert told_since(alert) == sorted([cast.sam, cast.dee])
    clock.forward(minutes=5)
    climbs()
    assert told_since(alert) == [cast.dee]
    clock.forward(minutes=10)
    climbs()
    assert told_since(alert) == [cast.priya]


def test_when_somebody_comes_on_duty_before_the_opening_they_hear_of_it(
    says, climbs, told_since, on_rota, clock, team
):
    """Seen red without the look at what waits for the opening."""
    clock.at = NIGHT
    alert = says("not safe")
    on_rota(EMERGENCY_DUTY_TEAM, team[0], begins=1)
    assert climbs() == 0
    clock.forward(hours=1)
    climbs()
    assert told_since(alert) == [team[0]]


def test_at_the_opening_those_of_the_day_are_told_once(says, climbs, on_rota, clock, team, at_work):
    """What waited for the opening is taken back when a new ladder begins. Seen red with it left to leave as well."""
    clock.at = NIGHT
    says("not safe")
    on_rota(EMERGENCY_DUTY_TEAM, team[0], begins=1)
    climbs()
    while clock.at < datetime(2026, 11, 25, 9, 15, tzinfo=UTC):
        clock.forward(minutes=15)
        climbs()
    with at_work():
        of_the_day = OutboxMessage.recipient_id.not_in(team)
        told = session.scalars(select(OutboxMessage.recipient_id).where(of_the_day)).all()
    assert told
    assert len(told) == len(set(told))


def test_when_cover_ends_in_the_night_it_waits_for_the_opening(
    says, climbs, told_since, on_rota, clock, team
):
    clock.at = NIGHT
    on_rota(EMERGENCY_DUTY_TEAM, team[0], hours=1)
    alert = says("not safe")
    told_since(alert)
    for _ in range(4):
        clock.forward(minutes=30)
        climbs()
    told_since(alert)
    clock.forward(hours=2)
    assert (climbs(), told_since(alert)) == (0, [])


def test_over_a_bank_holiday_it_waits_for_the_day_after(says, climbs, told_since, clock, cast):
    clock.at = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday
    alert = says("hurt")
    clock.forward(hours=44.9)
    assert told_since(alert) == []
    clock.forward(hours=0.1)
    assert told_since(alert) == sorted([cast.sam, cast.dee])


# --- no outcome ---------------------------------------------------------------------------------------------------


@pytest.fixture
def held(says, at_work, cast):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    return alert


def test_without_an_outcome_after_30_minutes_it_is_open_again_and_the_next_are_told(
    held, climbs, told_since, now_is, clock, cast
):
    told_since(held)
    clock.forward(minutes=30)
    climbs()
    found = now_is(held)
    assert (found.state, found.held_by_id, found.ladder) == ("open", None, 1)
    assert told_since(held) == sorted([cast.sam, cast.dee])
    clock.forward(minutes=10)
    climbs()
    assert told_since(held) == [cast.priya]


def test_that_it_opened_again_is_audited_with_who_had_it(held, climbs, at_work, clock, cast):
    clock.forward(minutes=30)
    climbs()
    with at_work():
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "alert.opened_again")).one()
    assert (line.actor_id, line.detail) == (None, f'{{"held_by": "{cast.dee}"}}')


def test_an_outcome_ends_it(held, climbs, at_work, now_is, clock, cast):
    with at_work():
        session.get_one(Alert, held).close("Rang her.", cast.dee)
    clock.forward(hours=3)
    assert climbs() == 0
    assert now_is(held).state == "closed"


def test_whoever_says_that_they_still_have_it_has_it_for_another_30_minutes(
    held, climbs, at_work, now_is, clock, cast
):
    clock.forward(minutes=29)
    with at_work():
        session.get_one(Alert, held).keep(cast.dee)
    clock.forward(minutes=29)
    assert climbs() == 0
    clock.forward(minutes=1)
    assert climbs() == 1
    assert now_is(held).state == "open"


def test_whoever_kept_a_slower_one_and_fell_silent_has_the_next_told_at_once(
    says, climbs, told_since, at_work, clock, cast
):
    """Seen red with the second rung left until its own time."""
    alert = says("ring me")
    with at_work():
        session.get_one(Alert, alert).hold(cast.sam)
        session.get_one(Alert, alert).keep(cast.sam)
    told_since(alert)
    clock.forward(minutes=30)
    climbs()
    assert told_since(alert) == sorted([cast.sam, cast.dee])


def test_with_nobody_on_duty_it_opens_again_and_waits_for_the_opening(
    says, climbs, told_since, at_work, now_is, clock, cast
):
    clock.forward(hours=6, minutes=45)
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    told_since(alert)
    clock.forward(minutes=30)
    climbs()
    assert (now_is(alert).state, told_since(alert)) == ("open", [])
    clock.forward(hours=16)
    assert told_since(alert) == sorted([cast.sam, cast.dee])


def test_it_climbs_to_whoever_holds_the_young_person_then(says, climbs, told_since, at_work, clock, cast):
    alert = says("ring me")
    told_since(alert)
    with at_work():
        allocate(cast.amara, cast.lee)
    clock.forward(hours=6)
    climbs()
    assert told_since(alert) == sorted([cast.dee, cast.lee])
