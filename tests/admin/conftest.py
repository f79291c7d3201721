"""What the tests of how a hub is run stand on."""

from __future__ import annotations

from datetime import date

import pytest

from portal import commands  # noqa: F401 - most of the rooms' tables; the rest come with `app`
from portal.accounts.models import Person
from portal.admin.retention import retain
from portal.config import LONDON, Hub
from portal.db import session
from portal.trail.models import Voice
from tests.factories import a_voice


@pytest.fixture
def staff(at_door):
    """`staff(cast.ade)`: a browser of their own, signed in at the staff's door."""
    return lambda person: at_door("staff").sign_in_as(person)


@pytest.fixture
def lets_go(app, hub_file, clock):
    """`lets_go()`: what one run of `retain` let go, by rule."""

    def run(**how):
        return {one.rule: one for one in retain(Hub(hub_file, clock=clock), **how)}

    return run


@pytest.fixture
def how_many(at_work):
    """`how_many(Voice)`: how many rows there are."""

    def count(table):
        with at_work():
            return session.query(table).count()

    return count


@pytest.fixture
def on_record(at_work, cast, clock):
    """`on_record()`: Amara said something, was answered in person, and it went on the record today; the voice's id."""

    def put(person=None):
        with at_work():
            voice = a_voice(person or cast.amara)
            voice.tell_in_person(today(clock), "Sam", "Your nan said yes.", cast.sam)
            voice.put_on_record(today(clock), cast.sam)
            return voice.id

    return put


@pytest.fixture
def closes(at_work, clock):
    """`closes(cast.amara)`: they are closed here from now on."""

    def close(person_id):
        with at_work():
            session.get_one(Person, person_id).ended_at = clock()

    return close


def today(clock) -> date:
    day: date = clock().astimezone(LONDON).date()
    return day


def voice_is_there(at_work, voice_id) -> bool:
    with at_work():
        return session.get(Voice, voice_id) is not None
