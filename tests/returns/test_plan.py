"""The safer plan: a card the young person owns; each change is a version; a phone shows it only if it is private."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.private_phone import say_private
from portal.db import session
from portal.returns.safer_plan import SaferPlan


def versions(at_work, cast):
    with at_work():
        return SaferPlan.versions_of(cast.amara)


def writes(amara, **lines):
    amara.opens("/plan")
    return amara.presses("/plan", **lines)


@pytest.fixture
def private(at_work, cast):
    with at_work():
        say_private(cast.amara, cast.sam)


def test_it_is_kept_in_their_words(amara, at_work, cast):
    assert "That's saved." in writes(amara, ring="Nan 🙂", place="the library").main
    (plan,) = versions(at_work, cast)
    assert plan.lines == {"ring": "Nan 🙂", "place": "the library", "signal": "", "numbers": ""}


def test_each_change_is_a_version_and_an_empty_box_keeps_what_stood_there(amara, at_work, cast):
    writes(amara, ring="Nan", place="the library")
    writes(amara, place="Auntie Bea's")
    last, first = versions(at_work, cast)
    assert (last.version, last.ring, last.place) == (2, "Nan", "Auntie Bea's")
    assert first.place == "the library"


def test_a_new_card_takes_off_what_stood_on_the_old_one(amara, at_work, cast):
    """Who was safe once may not be now."""
    writes(amara, ring="Danny")
    writes(amara, place="the library", afresh="y")
    assert versions(at_work, cast)[0].lines["ring"] == ""


def test_nothing_written_is_no_version(amara, at_work, cast):
    writes(amara)
    assert versions(at_work, cast) == []


def test_a_phone_shows_nothing_of_it_and_not_that_there_is_one(amara, again):
    def shape(page):
        key, token = page.field("form_key"), page.token()
        return page.html.replace(key, "").replace(token, "")

    amara.opens("/")
    before = again().opens("/plan")
    writes(amara, ring="Nan", signal="pineapple")
    after = again().opens("/plan")
    assert "pineapple" not in after.html
    assert shape(before) == shape(after)


def test_a_private_phone_shows_the_card(amara, private):
    writes(amara, ring="Nan", signal="pineapple")
    assert amara.opens("/plan").field("signal") == "pineapple"


def test_on_a_private_phone_an_empty_box_takes_it_out(amara, private, at_work, cast):
    writes(amara, ring="Danny", place="the library")
    writes(amara, ring="", place="the library")
    assert versions(at_work, cast)[0].lines["ring"] == ""


def test_too_long_for_a_card_comes_back_whole(amara, at_work, cast):
    page = writes(amara, ring="Nan", numbers="1" * 1001)
    assert (page.status, page.field("ring"), len(page.field("numbers"))) == (422, "Nan", 1001)
    assert versions(at_work, cast) == []


def test_sent_twice_it_is_one_version(amara, at_work, cast):
    page = amara.opens("/plan")
    for _ in range(2):
        amara.phone.post("/plan", {"ring": "Nan", "form_key": page.field("form_key")})
    assert len(versions(at_work, cast)) == 1


def test_put_away_it_is_closed(amara, at_work, cast):
    with at_work() as hub:
        session.get_one(Person, cast.amara).put_away_at = hub.now()
    assert amara.opens("/plan").status == 404


def test_the_words_lie_sealed(amara, at_work, hub_file):
    writes(amara, signal="pineapple")
    with at_work():
        raw = session.execute(select(SaferPlan.__table__)).one()
    assert "pineapple" not in repr(raw)
