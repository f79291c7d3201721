"""The staff's list of what was asked for, by the day on which each answer is promised."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, allocate, end_allocation
from portal.accounts.pauses import Pause
from portal.contact.models import Ask
from portal.contact.words import things
from portal.db import engines_of, new_id, session
from portal.trail.models import Voice
from tests.statements import statements_of


def an_ask(of, what="lift", words=""):
    return Ask.ask(of, things()[what], words, tell_how="", form_key=new_id(), sitting=new_id())


@pytest.fixture
def list_of(at_door):
    return lambda person_id: at_door("staff").sign_in_as(person_id).get("/asks")


@pytest.fixture
def both(at_work, cast):
    """Amara asked for a lift and Jo for a bus pass."""
    with at_work():
        an_ask(cast.amara, words="to nan's")
        an_ask(cast.jo, "bus-pass")


def test_the_first_day_comes_first_under_its_name(list_of, both, cast):
    page = list_of(cast.priya).main
    assert page.index("Wednesday 25 November") < page.index("A lift") < page.index("Friday 27 November")


def test_what_they_wrote_stands_a_page_further(list_of, both, cast):
    assert "to nan's" not in list_of(cast.sam).html


def test_a_worker_sees_those_of_their_own(list_of, both, cast):
    page = list_of(cast.sam).main
    assert "Amara Obi" in page
    assert "Jo Birch" not in page


def test_the_duty_worker_sees_those_whom_nobody_holds(list_of, both, cast, at_work):
    assert "Amara Obi" not in list_of(cast.dee).main
    with at_work():
        end_allocation(cast.amara)
    assert "Amara Obi" in list_of(cast.dee).main


@pytest.mark.parametrize("who", ["cory", "noor", "ade", "aud"])
def test_no_other_role_has_the_page(list_of, cast, who):
    assert list_of(getattr(cast, who)).status == 404


def test_a_different_worker_stands_on_the_managers_list_alone(list_of, at_work, cast):
    with at_work():
        an_ask(cast.amara, "different-worker")
    assert "A different worker" not in list_of(cast.sam).main
    assert "said to managers alone" in list_of(cast.priya).main


def test_what_is_late_says_so_and_comes_first(list_of, both, cast, clock):
    clock.forward(days=2)
    page = list_of(cast.priya).main
    assert page.index("Late") < page.index("A lift") < page.index("Friday 27 November")


def test_what_was_answered_is_not_on_it(list_of, both, at_work, cast):
    with at_work():
        session.scalars(select(Voice).where(Voice.person_id == cast.amara)).one().answer("Yes.", cast.sam)
    assert "Nobody waits for an answer" in list_of(cast.sam).main


def test_the_empty_list_says_so(list_of, cast):
    assert "Nobody waits for an answer to something they asked for." in list_of(cast.sam).main


def test_a_long_list_goes_on(at_work, cast, at_door):
    with at_work():
        for _ in range(51):
            an_ask(cast.amara)
    sam = at_door("staff").sign_in_as(cast.sam)
    link = next(a for a in sam.get("/asks").tree.iter("a") if a.text == "Those promised later")
    assert sam.get(link.get("href")).main.count("A lift") == 1


@pytest.mark.parametrize("odd", ["x", "2026-x", "%00"])
def test_a_place_that_was_never_given_out_is_not_found(at_door, cast, odd):
    assert at_door("staff").sign_in_as(cast.sam).get(f"/asks?after={odd}").status == 404


@pytest.mark.parametrize("how_many", [5, 50])
def test_it_takes_the_same_few_statements_however_many_wait(at_work, cast, at_door, hub_file, how_many):
    with at_work():
        for number in range(how_many):
            child = Person.enter("child", f"Child {number}", roles=("young person",)).id
            allocate(child, cast.sam)
            an_ask(child)
    sam = at_door("staff").sign_in_as(cast.sam)
    sam.get("/asks")
    with statements_of(*engines_of(hub_file)) as seen:
        sam.get("/asks")
    assert len(seen) <= 5, seen


def test_while_sam_is_paused_amara_is_not_on_his_list(list_of, both, at_work, cast):
    with at_work():
        Pause.begin(cast.amara, cast.sam, new_id())
    assert "Amara Obi" not in list_of(cast.sam).main
    assert "Amara Obi" in list_of(cast.dee).main
