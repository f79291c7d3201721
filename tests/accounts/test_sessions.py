"""How long a sign-in holds, at which door, and how it ends at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import Room, me, signed_in
from portal.accounts.models import Person, PersonRole
from portal.accounts.sign_in import SignIn, drop_what_is_over, end_all
from portal.config import Hub
from portal.db import session

WHO = {"young": "amara", "family": "ruth", "staff": "sam"}
IDLE = {"young": 15, "family": 30, "staff": 30}  # minutes
WHOLE = {"young": 4, "family": 12, "staff": 12}  # hours


@pytest.fixture
def app(app):
    """With one page more, that says who is in."""
    room = Room("whoever", __name__)

    @room.get("/whoever")
    @signed_in("young", "family", "staff")
    def whoever():
        return str(me().id)

    app.register_blueprint(room)
    return app


@pytest.fixture(params=WHO)
def browser(request, at_door, cast):
    return at_door(request.param).sign_in_as(getattr(cast, WHO[request.param]))


def is_in(browser) -> bool:
    return bool(browser.get("/whoever").status == 200)


def test_a_sign_in_holds_just_under_its_idle_limit(browser, clock):
    clock.forward(minutes=IDLE[browser.door], seconds=-1)
    assert is_in(browser)


def test_an_idle_sign_in_is_over(browser, clock):
    clock.forward(minutes=IDLE[browser.door])
    assert not is_in(browser)


def test_each_request_begins_the_idle_time_anew(browser, clock):
    for _ in range(4):
        clock.forward(minutes=IDLE[browser.door], seconds=-1)
        assert is_in(browser)


def test_no_sign_in_lasts_longer_than_its_whole_limit(browser, clock):
    """Seen red with the absolute limit left out."""
    steps = WHOLE[browser.door] * 6 - 1  # every ten minutes
    for _ in range(steps):
        clock.forward(minutes=10)
        assert is_in(browser)
    clock.forward(minutes=10)
    assert not is_in(browser)


def touched(at_work):
    with at_work():
        return session.scalars(select(SignIn)).one().touched_at


def test_a_sign_in_is_touched_at_most_once_a_minute(browser, clock, at_work):
    began = clock()
    clock.forward(seconds=59)
    is_in(browser)
    assert touched(at_work) == began
    clock.forward(seconds=1)
    is_in(browser)
    assert touched(at_work) == began + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("who", "home", "elsewhere"),
    [("sam", "staff", "young"), ("sam", "staff", "family"), ("amara", "young", "family"), ("ruth", "family", "young"),
     ("amara", "young", "staff"), ("ruth", "family", "staff")],
)  # fmt: skip
def test_a_cookie_of_one_door_means_nothing_at_another(at_door, cast, hub_file, who, home, elsewhere):
    own, other = at_door(home).sign_in_as(getattr(cast, who)), at_door(elsewhere)
    cookie = own.client.get_cookie("s", domain=hub_file.host(home))
    other.client.set_cookie("s", cookie.value, domain=hub_file.host(elsewhere))
    assert is_in(own)
    assert not is_in(other)


def test_a_worker_who_is_a_parent_too_signs_in_at_each_door_apart(at_door, cast, hub_file, at_work):
    """Seen red with the door left out of the look-up of a sign-in."""
    with at_work():
        session.get_one(Person, cast.sam).take_role("parent or carer")
    own, other = at_door("staff").sign_in_as(cast.sam), at_door("family")
    other.client.set_cookie(
        "s", own.client.get_cookie("s", domain="staff.localhost").value, domain="family.localhost"
    )
    assert is_in(own)
    assert not is_in(other)


def test_a_worker_gets_nowhere_at_the_young_peoples_door_even_with_a_sign_in_there(at_door, cast):
    assert not is_in(at_door("young").sign_in_as(cast.sam))


def test_a_sign_in_that_was_ended_is_out_at_the_next_request(browser, at_work, cast):
    assert is_in(browser)
    with at_work():
        end_all(getattr(cast, WHO[browser.door]))
    assert not is_in(browser)


def test_somebody_whose_account_ends_is_out_at_the_next_request(browser, at_work, cast, clock):
    with at_work():
        session.get_one(Person, getattr(cast, WHO[browser.door])).ended_at = clock()
    assert not is_in(browser)


def test_somebody_whose_role_ends_is_out_at_the_next_request(browser, at_work, cast, clock):
    with at_work():
        for role in session.scalars(
            select(PersonRole).where(PersonRole.person_id == getattr(cast, WHO[browser.door]))
        ):
            role.ends_at = clock()
    assert not is_in(browser)


def test_a_cookie_signed_by_somebody_else_means_nothing(browser, hub_file):
    domain = hub_file.host(browser.door)
    value = browser.client.get_cookie("s", domain=domain).value
    browser.client.set_cookie("s", value[:-2] + ("AA" if value[-2:] != "AA" else "BB"), domain=domain)
    assert not is_in(browser)


def test_what_opens_nothing_any_more_is_dropped(doors, at_work, cast, clock, hub_file):
    doors.young.sign_in_as(cast.amara)
    clock.forward(minutes=20)
    doors.staff.sign_in_as(cast.sam)
    drop_what_is_over(Hub(hub_file, clock=clock))
    with at_work():
        assert session.scalars(select(SignIn.person_id)).all() == [cast.sam]
