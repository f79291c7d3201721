"""When the form about a return stands at a parent's or carer's door."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from portal.accounts.models import Link, Person
from portal.db import session
from portal.questionnaires.models import Submission
from tests.factories import a_return
from tests.returns.at_home import OFFERED


def test_it_stands_at_the_door_at_the_same_hour_after_every_return(home, clock):
    ruth = home(hours_ago=23.5)
    assert OFFERED not in ruth.front().main
    clock.forward(minutes=31)
    assert OFFERED in ruth.again().front().main


def test_nothing_stands_there_until_contacting_home_is_recorded_as_safe(at_work, at_door, cast):
    with at_work():
        a_return(cast.amara)
    assert OFFERED not in at_door("family").sign_in_as(cast.ruth).get("/").main


def test_a_record_made_after_the_hour_counts_from_the_next_return(home, at_work, clock, cast):
    ruth = home(hours_ago=24.5)
    assert OFFERED not in ruth.front().main
    clock.forward(hours=40)
    with at_work():
        a_return(cast.amara, hours_ago=24, number="2")
    assert OFFERED in ruth.again().front().main


def test_the_record_is_per_parent(ruth, at_work, at_door, cast):
    with at_work():
        father = Person.enter("adult", "Femi Obi", roles=("parent or carer",)).id
        session.add(
            Link(
                adult_id=father,
                child_id=cast.amara,
                kind="parent",
                starts_at=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )
    assert OFFERED in ruth.front().main
    assert OFFERED not in at_door("family").sign_in_as(father).get("/").main


def test_taken_back_it_is_gone_at_once(ruth, at_work):
    with at_work():
        session.scalars(select(Link).where(Link.home_safe_at.is_not(None))).one().take_home_safe_back(
            ruth.episode
        )
    assert OFFERED not in ruth.front().main
    assert ruth.browser.get(ruth.path).location == "/"


def test_it_goes_when_the_placement_ends(carol, at_work):
    with at_work() as hub:
        session.scalars(select(Link).where(Link.kind == "residential")).one().ends_at = hub.now()
    assert OFFERED not in carol.front().main
    assert carol.browser.get(carol.path).status == 404


def test_after_four_weeks_a_return_is_not_asked_about_any_more(ruth, clock):
    clock.forward(days=28)
    assert OFFERED in ruth.again().front().main
    clock.forward(minutes=1)
    assert OFFERED not in ruth.again().front().main


def test_a_parent_of_two_has_one_form_for_each(home, cast, at_work):
    ruth = home()
    also = home(cast.ruth, cast.jo)
    page = ruth.front()
    assert page.main.count(OFFERED) == 2
    ruth.begins()
    also.begins()
    with at_work():
        drafts = session.scalars(select(Submission).where(Submission.person_id == cast.ruth)).all()
        assert {draft.about_id for draft in drafts} == {cast.amara, cast.jo}


def test_anothers_link_is_not_found(ruth, at_door, cast):
    carol = at_door("family").sign_in_as(cast.carol)
    assert carol.get(ruth.path).status == 404
    assert carol.post(ruth.path, {"screen": "start", "go": "on"}).status == 404
