"""The tray of texts whose number nobody knows: duty workers and managers see to them, and nobody else sees them."""

from uuid import uuid4

import pytest

from portal.contact.incoming import IncomingText
from portal.db import engines_of, session
from tests.statements import statements_of


@pytest.fixture
def a_text(at_work, cast):
    """`a_text("Hello")`: it came from a number that nobody knows; its id."""

    def come(words="Who is this?"):
        with at_work():
            return IncomingText.take(uuid4(), "07700 900999", words).id

    return come


@pytest.fixture
def dee(doors, cast):
    return doors.staff.sign_in_as(cast.dee)


def test_nothing_waits(dee):
    assert "No text waits." in dee.get("/texts").main


def test_it_stands_there_with_its_number_and_exact_words(dee, a_text):
    a_text("Who is this? <i>")
    page = dee.get("/texts")
    assert "07700 900999" in page.main
    assert "Who is this? <i>" in page.main


def test_it_goes_when_somebody_wrote_what_they_did(dee, a_text, at_work, cast):
    text = a_text()
    dee.get("/texts")
    assert dee.post("/texts", {"text": str(text), "done": "A wrong number."}).status == 303
    assert "No text waits." in dee.get("/texts").main
    with at_work():
        row = session.get_one(IncomingText, text)
        assert (row.done, row.seen_to_by_id) == ("A wrong number.", cast.dee)


def test_without_a_word_it_stays_and_says_so_at_its_place(dee, a_text):
    text = a_text()
    dee.get("/texts")
    page = dee.post("/texts", {"text": str(text), "done": " "})
    assert page.status == 422
    assert "Write what you did about it" in page.main


def test_what_was_typed_at_one_is_not_shown_at_another(dee, a_text):
    text = a_text()
    a_text("Another")
    page = dee.post("/texts", {"text": str(text), "done": "x" * 2001})
    assert [len(area.text or "") for area in page.tree.iter("textarea")].count(2001) == 1


def test_of_two_who_write_the_first_stands(dee, a_text, doors, at_work, cast):
    text = a_text()
    dee.post("/texts", {"text": str(text), "done": "Rang her."})
    dee.post("/texts", {"text": str(text), "done": "Did not."})
    with at_work():
        assert session.get_one(IncomingText, text).done == "Rang her."


@pytest.mark.parametrize("who", ["sam", "cory", "noor", "ade", "aud", "dan"])
def test_nobody_else_sees_them(doors, cast, a_text, who):
    a_text()
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/texts").status == 404


def test_a_text_that_is_somebodys_is_not_in_the_tray(dee, at_work, cast):
    with at_work():
        row = IncomingText.take(uuid4(), "07700 900999", "Mine")
        row.person_id = None
        text = row.id
    assert str(text) in dee.get("/texts").html
    with at_work():
        row = IncomingText(
            person_id=cast.amara, number="1", words="Hers", reference=uuid4(), came_at=row.came_at
        )
        session.add(row)
    assert "Hers" not in dee.get("/texts").main


def test_an_id_that_is_none_is_not_found(dee, a_text):
    assert dee.post("/texts", {"text": "x", "done": "y"}).status == 404
    assert dee.post("/texts", {"text": str(uuid4()), "done": "y"}).status == 404


@pytest.mark.parametrize("number", [5, 50])
def test_a_page_of_them_takes_few_statements(dee, a_text, hub_file, number):
    for _ in range(number):
        a_text()
    with statements_of(*engines_of(hub_file)) as statements:
        dee.get("/texts")
    assert len(statements) <= 8
