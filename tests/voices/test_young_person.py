"""The page of one young person, and the draft that is theirs to show."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires.models import Submission
from tests.factories import a_draft, a_return, an_alert
from tests.voices.conftest import SAID, WORDS


@pytest.fixture
def page_of(staff, cast):
    """`page_of(cast.sam)`: Amara's page as that person gets it."""
    return lambda person_id: staff(person_id).get(f"/young-people/{cast.amara}")


def test_sam_sees_who_works_with_her_and_what_waits(page_of, cast, said, at_work):
    with at_work():
        task, alert = a_return(cast.amara).id, an_alert(cast.amara).id
    page = page_of(cast.sam)
    links = {link.get("href") for link in page.tree.iterfind(".//main//a")}
    assert links >= {f"/voices/{said}", f"/returns/{task}", f"/alerts/{alert}"}
    assert f"/young-people/{cast.amara}/way-in" in links


def test_the_words_stand_a_page_further(page_of, cast, said):
    assert "shouting" not in page_of(cast.sam).html


def test_to_lee_it_looks_like_a_random_id(page_of, staff, cast):
    hers, random = page_of(cast.lee), staff(cast.lee).get(f"/young-people/{uuid4()}")
    assert (hers.status, hers.main) == (404, random.main)


def test_the_coordinator_sees_returns_and_no_voices(page_of, cast, said, at_work):
    with at_work():
        a_return(cast.amara)
    page = page_of(cast.cory)
    assert ("Return conversations" in page.main, "What they said" in page.main) == (True, False)
    assert f"/voices/{said}" not in page.html


def test_opening_her_record_leaves_a_line_in_the_trail(page_of, cast, at_work):
    page_of(cast.sam)
    with at_work():
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.opened_by_staff")).one()
    assert (line.actor_id, line.subject_id) == (cast.sam, cast.amara)


def test_what_she_put_away_is_opened_again_on_the_page_of_her_way_in(page_of, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    page = page_of(cast.sam)
    assert "They put everything away on Tue 24 Nov 2026, 10:00." in page.main
    assert page.tree.find(f".//a[@href='/young-people/{cast.amara}/way-in']") is not None


def test_her_mothers_way_in_is_one_press_further(page_of, cast):
    address = f"/young-people/{cast.amara}/way-in/{cast.ruth}"
    assert page_of(cast.sam).tree.find(f".//a[@href='{address}']") is not None


def test_the_coordinator_gives_no_way_in(page_of, cast):
    assert "Ways in" not in page_of(cast.cory).main


def test_a_draft_is_shown_where_she_said_so(staff, page_of, cast, at_work):
    with at_work():
        a_draft(cast.amara, SAID)
    assert "What they have begun and not sent" in page_of(cast.sam).main
    assert WORDS in staff(cast.sam).get(f"/young-people/{cast.amara}/draft").text


def test_a_draft_of_her_own_is_not_even_hinted_at(page_of, staff, cast, at_work):
    before = page_of(cast.sam).main, staff(cast.sam).get(f"/young-people/{cast.amara}/draft").main
    with at_work():
        a_draft(cast.amara, SAID)
        session.scalars(select(Submission)).one().let_read_draft(False)
    after = page_of(cast.sam).main, staff(cast.sam).get(f"/young-people/{cast.amara}/draft").main
    assert before == after
