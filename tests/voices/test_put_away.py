"""Put it all away: one press, and the PIN opens an empty page until the worker opens it again."""

import pytest

from portal.accounts.models import Person
from portal.db import session
from tests.factories import a_return, an_answer_to


@pytest.fixture
def waiting(at_work, cast):
    """An answer and a return wait for Amara; the id of the answer's voice."""
    with at_work():
        a_return(cast.amara).take(cast.sam)
        return an_answer_to(cast.amara, cast.sam).id


@pytest.fixture
def away(young, cast, waiting):
    """Amara's phone after the press."""
    phone = young(cast.amara)
    phone.get("/")
    phone.post("/away")
    return phone


def test_the_page_says_beforehand_what_the_press_does(young, cast):
    assert (
        "Then your PIN opens an empty page, until your worker opens it again"
        in young(cast.amara).get("/").main
    )


def test_afterwards_the_page_is_empty(away):
    page = away.follow()
    assert page.main == "Nothing here There is nothing on this page. Help numbers are at the top."


def test_nothing_on_it_tells_that_there_was_something(away):
    page = away.get("/")
    assert [link.get("href") for link in page.tree.iterfind(".//main//a")] == []
    assert page.tree.find(".//main//form") is None


def test_a_new_sign_in_finds_it_empty_too(away, young, cast):
    assert "Nothing here" in young(cast.amara).get("/").main


@pytest.mark.parametrize("address", ["/side", "/answer/{}"])
def test_no_other_page_opens(address, away, waiting):
    assert away.get(address.format(waiting)).status == 404


def test_help_and_leaving_stay(away):
    page = away.get("/")
    assert page.tree.find(".//header//a[@href='/help']") is not None
    assert page.tree.find(".//header//form[@action='/leave']") is not None


def test_the_worker_opens_it_again(away, young, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).reopen(cast.sam)
    assert "Something new for you" in young(cast.amara).get("/").main


def test_an_address_typed_in_puts_nothing_away(young, cast, at_work):
    assert young(cast.amara).get("/away").status == 405
    with at_work():
        assert session.get_one(Person, cast.amara).put_away_at is None
