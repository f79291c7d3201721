"""Contacting home: recorded as safe of one adult at a time, taken back, and what stands first on the page."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Link, Person, join_adult
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires.models import Given
from tests.factories import a_parents_voice, a_return, safe_home

CAUTION = {"not-to-speak-to": Given(("yes",), "Dave")}


@pytest.fixture
def path(cast):
    return f"/young-people/{cast.amara}/home"


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


def test_nobody_is_safe_to_contact_before_somebody_says_so(sam, path):
    page = sam.get(path)
    assert "Ruth Obi" in page.main
    assert "Not recorded as safe. Nothing is offered to them." in page.main


def test_a_worker_records_that_it_is_safe_and_takes_it_back(sam, path, cast):
    sam.post(f"{path}/{cast.ruth}", {"do": "safe"})
    page = sam.get(path)
    assert "Recorded as safe on Tue 24 Nov 2026, 10:00 by Sam Okoro." in page.main
    assert "From the next return on" in page.main
    sam.post(f"{path}/{cast.ruth}", {"do": "take back"})
    assert "Not recorded as safe." in sam.get(path).main


def test_of_one_parent_it_says_nothing_of_the_other(sam, path, cast, at_work):
    with at_work():
        father = Person.enter("adult", "Femi Obi", roles=("parent or carer",)).id
        join_adult(father, cast.amara, "parent")
    sam.post(f"{path}/{cast.ruth}", {"do": "safe"})
    with at_work():
        safe = session.scalars(select(Link.adult_id).where(Link.home_safe_at.is_not(None))).all()
        assert safe == [cast.ruth]


@pytest.mark.parametrize(
    ("hours_ago", "follows"),
    [
        (23, "Their form about the last return stands at their door from Tue 24 Nov 2026, 11:00."),
        (25, "From the next return on, their form stands at their door."),
    ],
)
def test_it_says_from_which_return_on(hours_ago, follows, sam, path, cast, at_work):
    with at_work():
        a_return(cast.amara, hours_ago=hours_ago)
    sam.post(f"{path}/{cast.ruth}", {"do": "safe"})
    assert follows in sam.get(path).main


def test_said_twice_it_is_safe_since_the_first_time(sam, path, cast, clock, at_work):
    sam.post(f"{path}/{cast.ruth}", {"do": "safe"})
    clock.forward(minutes=5)
    sam.post(f"{path}/{cast.ruth}", {"do": "safe"})
    with at_work():
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("link.home%"))).all()
        assert acts == ["link.home_safe"]


def test_an_adult_who_is_not_theirs_is_not_found(sam, path, cast):
    assert sam.post(f"{path}/{cast.carol}", {"do": "safe"}).status == 404


def test_an_odd_button_changes_nothing(sam, path, cast):
    assert sam.post(f"{path}/{cast.ruth}", {"do": "dance"}).status == 303
    assert "Not recorded as safe." in sam.get(path).main


def test_another_worker_does_not_find_it(at_door, path, cast):
    assert at_door("staff").sign_in_as(cast.lee).get(path).status == 404


def test_who_has_nobody_at_home_sees_that_said(at_door, cast):
    page = at_door("staff").sign_in_as(cast.lee).get(f"/young-people/{cast.jo}/home")
    assert "No parent or carer is entered for them." in page.main


@pytest.fixture
def warned(at_work, cast):
    with at_work():
        safe_home(cast.ruth, cast.amara, cast.sam)
        a_return(cast.amara)
        return a_parents_voice(cast.ruth, cast.amara, CAUTION).id


@pytest.mark.parametrize("place", ["home", "page", "voice"])
def test_whom_not_to_speak_to_stands_before_everything(place, warned, sam, path, cast):
    at = {"home": path, "page": f"/young-people/{cast.amara}", "voice": f"/voices/{warned}"}[place]
    assert "Before you ring or visit" in sam.get(at).main


def test_a_later_no_takes_it_away(warned, sam, path, cast, at_work, clock):
    clock.forward(minutes=1)
    with at_work():
        a_parents_voice(cast.ruth, cast.amara, {"not-to-speak-to": Given(("no",))})
    assert "Before you ring or visit" not in sam.get(path).main


def test_a_later_form_that_skips_it_leaves_it(warned, sam, path, cast, at_work, clock):
    clock.forward(minutes=1)
    with at_work():
        a_parents_voice(cast.ruth, cast.amara, {"noticed": Given((), "quiet")})
    assert "Dave" in sam.get(path).main


def test_a_coordinator_is_not_shown_it(warned, at_door, cast):
    page = at_door("staff").sign_in_as(cast.cory).get(f"/young-people/{cast.amara}")
    assert "Before you ring" not in page.main
