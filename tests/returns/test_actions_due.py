"""What was agreed and is still to be done: by its day, for whoever holds the young person, at the same cost for any number."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.db import engines_of, session
from portal.returns.conversation import AgreedAction, Conversation
from tests.factories import a_conversation
from tests.statements import statements_of


@pytest.fixture
def agreed(at_work, cast):
    """`agreed(n)`: so many actions were agreed with Amara, one for each day from tomorrow on."""

    def agree(many):
        with at_work():
            held = session.scalar(select(Conversation)) or a_conversation(cast.amara, cast.sam)
            for n in range(many):
                held.agree(f"Do {n}.", "Sam", date(2026, 11, 25) + timedelta(days=n), cast.sam)

    return agree


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


def test_it_says_so_where_nothing_is_left(sam):
    assert "Nothing that was agreed is still to be done." in sam.get("/actions").main


def test_the_first_day_comes_first_and_what_is_done_is_gone(sam, agreed, at_work, cast):
    agreed(3)
    with at_work():
        session.scalars(select(AgreedAction).where(AgreedAction.by_on == date(2026, 11, 26))).one().done(
            cast.sam
        )
    main = sam.get("/actions").main
    assert main.index("Do 0.") < main.index("Do 2.")
    assert "Do 1." not in main


def test_every_action_stands_on_one_page(sam, agreed):
    agreed(30)
    first = sam.get("/actions")
    onward = first.tree.find(".//tr[@id='more']//a").get("href")
    second = sam.get(onward)
    assert [f"Do {n}." in first.main for n in (0, 24, 25)] == [True, True, False]
    assert [f"Do {n}." in second.main for n in (24, 25, 29)] == [False, True, True]


@pytest.mark.parametrize("place", ["nowhere", "20261125-", "20261399-" + "0" * 32])
def test_a_place_that_was_never_given_out_is_not_found(place, sam):
    assert sam.get(f"/actions?after={place}").status == 404


def test_lee_sees_none_of_amaras(at_door, cast, agreed):
    agreed(1)
    assert "Do 0." not in at_door("staff").sign_in_as(cast.lee).get("/actions").main


def test_it_costs_the_same_for_any_number(sam, agreed, hub_file):
    costs = []
    for many in (1, 40):
        agreed(many)
        with statements_of(*engines_of(hub_file)) as run:
            sam.get("/actions")
        costs.append(len(run))
    assert costs[0] == costs[1] <= 5
