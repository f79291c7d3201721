"""What is opened of a person: the name where a page shows it, nothing where only their id is needed."""

import pytest
from sqlalchemy import select

from portal import crypto
from portal.accounts.holders import (
    adults_of,
    duty_workers,
    people_with,
    worker_id_of,
    worker_of,
    workers_around,
)
from portal.accounts.models import Person
from portal.alerts.models import Alert
from portal.alerts.truth import what_is_true
from portal.alerts.waiting import told_of
from portal.db import session


@pytest.fixture
def opened(monkeypatch, cast, at_work):
    """`opened`: the columns of people that were opened so far, each once."""
    with at_work():
        for person in session.scalars(select(Person)):
            person.email, person.phone, person.born_on = "a@b.example", "0161 496 0000", "1990-01-01"
            person.details = "{}"
    found: set[str] = set()
    real = crypto.open_sealed

    def note(sealed, table, column, row_id, subject):
        found.update({column} if table == "person" else ())
        return real(sealed, table, column, row_id, subject)

    monkeypatch.setattr(crypto, "open_sealed", note)
    return found


def test_who_are_told_are_ids_alone(opened, at_work, cast):
    with at_work():
        assert (duty_workers(), worker_id_of(cast.amara)) == ([cast.dee], cast.sam)
        assert workers_around(cast.amara) == workers_around(cast.ruth) == [cast.sam]
    assert opened == set()


def test_who_are_chosen_from_have_their_names(opened, at_work, cast):
    with at_work():
        assert [one.name for one in people_with("manager")] == ["Priya Shah"]
        assert [(one.id, one.name, kind) for one, kind in adults_of(cast.amara)] == [
            (cast.ruth, "Ruth Obi", "parent")
        ]
    assert opened == {"name"}


def test_a_childs_worker_has_the_two_names_that_pages_show(opened, at_work, cast):
    with at_work():
        worker = worker_of(cast.amara)
        assert (worker.id, worker.known_as) == (cast.sam, "Sam")
    assert opened == {"name", "known_as"}


def test_what_was_left_out_is_there_when_it_is_asked_for(at_work, cast):
    with at_work():
        assert worker_of(cast.amara).email == "sam@hub.example"


@pytest.mark.parametrize("said", ["no", "rather-not", "ring"])
def test_saying_not_safe_opens_nothing_of_anybody(opened, doors, cast, said):
    phone = doors.young.sign_in_as(cast.amara)
    opened.clear()
    assert phone.post("/now", {"safe": said}).status == 303
    assert opened <= {"known_as"}  # whoever is signed in


def test_what_is_true_about_it_opens_first_names(opened, doors, cast, at_work):
    doors.young.sign_in_as(cast.amara).post("/now", {"safe": "no"})
    with at_work() as hub:
        alert = session.scalars(select(Alert)).one()
        alert.hold(cast.sam)
        hub.sitting = alert.sitting
        opened.clear()
        assert any("Sam" in said for said in what_is_true(cast.amara))
    assert opened == {"known_as"}


def test_who_was_told_are_names(opened, doors, cast, at_work):
    doors.young.sign_in_as(cast.amara).post("/now", {"safe": "no"})
    with at_work():
        alert = session.scalars(select(Alert)).one()
        opened.clear()
        assert [one.name for one in told_of(alert)] == ["Dee Duty", "Sam Okoro"]
    assert opened == {"name"}
