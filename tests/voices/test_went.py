"""What happened to what she said: on a phone that Amara called private, and on no other."""

import pytest
from sqlalchemy import select

from portal.accounts import private_phone, ways_in
from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires.models import Given
from portal.trail.models import Voice
from tests.factories import a_voice

NOT_PRIVATE = "But somebody else could be holding this phone. So this phone shows only what is new today."


@pytest.fixture
def private(at_work, cast):
    """Amara told Sam that her phone is private."""
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)


def test_a_phone_that_is_not_private_shows_nothing_of_before(amara, answered):
    page = amara.get("/went")
    assert NOT_PRIVATE in page.main
    assert str(answered) not in page.html


def test_it_looks_the_same_whether_there_is_anything_or_not(young, cast, answered):
    def looks(child):
        page = young(child).get("/went")
        return page.main, sorted(e.get("href") for e in page.tree.iterfind(".//main//a"))

    assert looks(cast.amara) == looks(cast.jo)


def test_a_private_one_lists_what_she_said(amara, private, said):
    page = amara.get("/went")
    assert page.tree.find(f".//a[@href='/went/{said}']").text == "What you said on Tuesday 24 November"


def test_a_private_one_with_nothing_says_so(young, cast, private):
    assert "There is nothing here yet." in young(cast.amara).get("/went").main


def test_the_words_themselves_stand_a_page_further(amara, private, answered):
    assert "nan" not in amara.get("/went").html


def test_after_another_way_in_it_is_not_private_any_more(young, cast, private, at_work, clock):
    clock.forward(minutes=5)
    with at_work():
        ways_in.give(cast.amara, cast.sam)
    assert NOT_PRIVATE in young(cast.amara).get("/went").main


def test_put_away_and_opened_again_it_is_not_private_any_more(amara, private, at_work, cast, young):
    """Red while `put_away` did not end it."""
    amara.post("/away")
    with at_work():
        session.get_one(Person, cast.amara).reopen(cast.sam)
    assert NOT_PRIVATE in young(cast.amara).get("/went").main


def test_put_away_there_is_no_such_page(amara, private, at_work):
    amara.post("/away")
    assert amara.get("/went").status == 404


def test_what_is_in_person_only_is_not_in_the_list(amara, private, at_work, cast):
    """Red while the list did not start at `on_my_phone`."""
    with at_work():
        kept = a_voice(cast.amara, {"would-help": Given((), "the police came")}).id
    assert str(kept) not in amara.get("/went").html


def test_the_list_goes_on_a_page_further(amara, private, at_work, cast, clock):
    for _ in range(21):
        clock.forward(seconds=1)
        with at_work():
            a_voice(cast.amara)
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)
    first = amara.get("/went")
    links = first.tree.findall(".//ul[@class='link-list']/li/a")
    older = amara.get(first.tree.find(".//a[@class='skip-button']").get("href"))
    assert (len(links), len(older.tree.findall(".//ul[@class='link-list']/li/a"))) == (20, 1)


def test_the_first_page_leads_there_always(young, cast, private):
    """A link that came and went would tell whether the phone was called private."""
    for child in (cast.amara, cast.jo):
        assert young(child).get("/").tree.find(".//a[@href='/went']") is not None


def test_it_speaks_her_language(amara, private, said):
    amara.post("/language", {"l": "eo"})
    assert amara.get("/went").main.startswith("[Ŵ")


def test_looking_is_noted(amara, private, said, at_work):
    amara.get("/went")
    with at_work():
        assert "trail.opened" in set(session.scalars(select(AuditEvent.act)))
        assert session.get_one(Voice, said).read_at is None
