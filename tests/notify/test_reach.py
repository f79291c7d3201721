"""Staff say how they are told; a message goes so, and somebody is always reached."""

import pytest

from portal.accounts.models import Person
from portal.db import engines_of, session
from portal.notify.gateways import EMAIL, TEXT
from tests.statements import statements_of


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


@pytest.fixture
def as_kept(at_work, cast):
    def look():
        with at_work():
            person = session.get_one(Person, cast.sam)
            return person.notices_by, person.phone

    return look


def test_at_first_it_is_by_mail_to_the_address_there_is(sam):
    assert "Now: by e-mail, to sam@hub.example." in sam.get("/how-we-reach-you").main


def test_who_chooses_texts_gets_texts(sam, as_kept, waits, sends, gateway):
    sam.get("/how-we-reach-you")
    assert sam.post("/how-we-reach-you", {"way": "text", "phone": "07700 900123"}).status == 303
    assert as_kept() == (TEXT, "07700 900123")
    waits()
    sends()
    assert [(one.route, one.to) for one in gateway.took] == [(TEXT, "07700 900123")]
    assert "Now: by text." in sam.get("/how-we-reach-you").main


def test_who_chooses_both_gets_both(sam, waits, sends, gateway):
    sam.get("/how-we-reach-you")
    sam.post("/how-we-reach-you", {"way": "both", "phone": "07700 900123"})
    waits()
    sends()
    assert sorted(one.route for one in gateway.took) == [EMAIL, TEXT]


def test_a_number_that_is_taken_out_is_not_texted(sam, as_kept):
    sam.get("/how-we-reach-you")
    sam.post("/how-we-reach-you", {"way": "both", "phone": "07700 900123"})
    sam.post("/how-we-reach-you", {"way": "email", "phone": ""})
    assert as_kept() == (EMAIL, None)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"way": "text", "phone": ""}, "Enter a number, or choose e-mail"),
        ({"way": "both", "phone": "ring me"}, "Enter a telephone number"),
        ({"way": "both", "phone": "0" * 40}, "Enter a telephone number"),
        ({"way": "", "phone": ""}, "Choose a way"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_kept(sam, as_kept, typed, says):
    sam.get("/how-we-reach-you")
    page = sam.post("/how-we-reach-you", typed)
    assert page.status == 422
    assert says in page.main
    assert page.field("phone") == typed["phone"]
    assert as_kept() == (None, None)


def test_it_asks_who_it_is_before_an_address_changes(sam, as_kept, clock):
    sam.get("/how-we-reach-you")
    clock.forward(minutes=6)
    sam.post("/how-we-reach-you", {"way": "text", "phone": "07700 900123"})
    assert as_kept() == (None, None)


def test_everybody_of_the_staff_has_the_page(doors, cast):
    assert doors.staff.sign_in_as(cast.aud).get("/how-we-reach-you").status == 200


def test_it_takes_few_statements(sam, hub_file):
    with statements_of(*engines_of(hub_file)) as statements:
        sam.get("/how-we-reach-you")
    assert len(statements) <= 8
