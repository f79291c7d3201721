"""The trail on paper, for Amara to keep: in her language, and nothing on it tells whose it is or what of."""

from datetime import date
from uuid import uuid4

import pytest

from portal.accounts.models import Person
from portal.config import TELLING
from portal.contact.models import Ask
from portal.contact.words import DIFFERENT_WORKER, THINGS
from portal.db import session
from portal.trail import shares
from portal.trail.models import Voice
from tests.voices.conftest import WORDS


@pytest.fixture
def paper(staff, cast):
    """`paper()`: the sheet that Sam prints."""
    return lambda: staff(cast.sam).get(f"/young-people/{cast.amara}/trail/paper")


def test_it_tells_where_it_went(paper, said, at_work, cast):
    with at_work():
        session.get_one(Voice, said).tell_in_person(date(2026, 11, 24), "Sam", "School said yes.", cast.sam)
    page = paper().main
    assert "What you said on Tuesday 24 November" in page
    assert "Sam Okoro read it." in page
    assert "Told in person on Tuesday 24 November School said yes." in page


def test_nothing_on_it_tells_whose_it_is(paper, said):
    page = paper()
    assert page.tree.findtext(".//title") == "Notes"
    assert not [
        word for word in ("Amara", "Obi", "Manchester", *TELLING) if word.lower() in page.text.lower()
    ]
    assert WORDS not in page.html


def test_what_is_in_person_only_is_not_on_it(paper, said, at_work, cast):
    with at_work():
        voice = session.get_one(Voice, said)
        voice.tell_in_person(date(2026, 11, 24), "Sam", "The police rang.", cast.sam)
        shares.must_share(voice, "police", cast.sam, "badly hurt", True, words="The address.")
    page = paper().main
    assert "You were told about it in person." in page
    assert "olice" not in page
    assert "address" not in page


def test_what_is_kept_in_person_as_a_whole_is_not_on_it(paper, said, at_work, cast):
    with at_work():
        session.get_one(Voice, said).keep_in_person(cast.sam)
    assert "There is nothing here yet." in paper().main


def test_it_speaks_her_language(paper, said, at_work, cast):
    with at_work():
        session.get_one(Person, cast.amara).language = "dv"
    page = paper()
    root = page.tree.getroot()
    assert (root.get("lang"), root.get("dir")) == ("dv", "rtl")
    assert "[Ŵ" in page.main


def test_printing_it_is_noted(paper, said):
    paper()
    assert "Sam Okoro: printed this list." in paper().main


@pytest.mark.parametrize("who", ["lee", "cory", "noor"])
def test_to_others_it_is_not_there(who, staff, cast, said):
    assert staff(getattr(cast, who)).get(f"/young-people/{cast.amara}/trail/paper").status == 404


def test_what_was_said_to_a_manager_is_not_on_it_though_a_manager_prints(staff, cast, at_work):
    """Seen red with everything that whoever prints it may reach: who takes it home may have to show it."""
    with at_work():
        asked = next(thing for thing in THINGS if thing.value == DIFFERENT_WORKER)
        Ask.ask(cast.amara, asked, "", tell_how="", form_key=uuid4(), sitting=uuid4())
    assert (
        "There is nothing here yet." in staff(cast.priya).get(f"/young-people/{cast.amara}/trail/paper").main
    )
