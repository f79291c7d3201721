"""`/young-people/…/people`: the people and places that Amara names, kept by Sam in her words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts import trusted
from portal.accounts.trusted import Heard, Place, Trusted
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires.models import Given
from tests.factories import a_draft, a_voice

NAN = {"act": "person", "person-name": "my nan", "person-kind": "family", "person-reach": "0161 496 0000",
       "person-said_by": "themselves"}  # fmt: skip
PARK = {
    "act": "place",
    "place-words": "the park behind school",
    "place-feels": "not safe",
    "place-said_by": "themselves",
}


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def of(child) -> str:
    return f"/young-people/{child}/people"


def test_nobody_named_yet_is_said(sam, cast):
    page = sam.get(of(cast.amara))
    assert "Nobody named yet." in page.main
    assert "No place yet." in page.main


def test_sam_keeps_her_nan(sam, cast):
    sam.get(of(cast.amara))
    assert sam.post(of(cast.amara), NAN).status == 303
    page = sam.get(of(cast.amara))
    assert "my nan" in page.main
    assert "0161 496 0000" in page.main


def test_sam_keeps_a_place_and_how_it_feels(sam, cast):
    sam.get(of(cast.amara))
    sam.post(of(cast.amara), PARK)
    page = sam.get(of(cast.amara))
    assert "the park behind school" in page.main
    assert "Does not feel safe" in page.main


@pytest.mark.parametrize(
    ("form", "missing", "sentence"),
    [
        (NAN, "person-name", "Enter who it is"),
        (NAN, "person-kind", "Choose what they are"),
        (NAN, "person-said_by", "Choose whose word it is"),
        (PARK, "place-words", "Enter which place"),
        (PARK, "place-feels", "Choose how it feels to them"),
    ],
)
def test_what_is_missing_is_said_at_its_place(sam, cast, form, missing, sentence):
    sam.get(of(cast.amara))
    page = sam.post(of(cast.amara), {name: value for name, value in form.items() if name != missing})
    assert page.status == 422
    assert page.main.count(sentence) == 2  # on top and at the field


def test_what_was_typed_is_still_there(sam, cast):
    sam.get(of(cast.amara))
    page = sam.post(of(cast.amara), NAN | {"person-kind": "sorcerer"})
    assert (page.status, page.field("person-name")) == (422, "my nan")


def test_a_form_sent_twice_keeps_one(sam, cast, at_work):
    key = sam.get(of(cast.amara)).field("form_key")
    for _ in range(2):
        sam.post(of(cast.amara), NAN | {"form_key": key})
    with at_work():
        assert len(session.scalars(select(Trusted)).all()) == 1


def test_somebody_is_no_longer_so(sam, cast, at_work):
    with at_work():
        nan = Trusted.enter(cast.amara, "aunt bee", "family", cast.sam).id
    sam.get(of(cast.amara))
    sam.post(of(cast.amara), {"act": "end", "which": str(nan)})
    assert "aunt bee" not in sam.get(of(cast.amara)).main


def test_at_one_young_persons_page_nobody_of_another_ends(doors, cast, at_work):
    """Seen red with the row looked for among all whom the manager reaches."""
    priya = doors.staff.sign_in_as(cast.priya)
    with at_work():
        nan = Trusted.enter(cast.jo, "my nan", "family", cast.lee).id
    priya.get(of(cast.amara))
    priya.post(of(cast.amara), {"act": "end", "which": str(nan)})
    with at_work():
        assert session.get_one(Trusted, nan).ended_at is None


def test_one_press_keeps_what_amara_said_as_she_said_it(sam, cast, at_work, monkeypatch):
    said = [Heard("trust:1", "my nan and mr okafor 🌈"), Heard("places:1", "the bus station", "not safe")]
    monkeypatch.setattr(trusted, "_sources", [lambda who, child_id: said if child_id == cast.amara else []])
    assert "my nan and mr okafor 🌈" in sam.get(of(cast.amara)).main
    sam.post(of(cast.amara), {"act": "heard", "heard": "trust:1"})
    sam.post(of(cast.amara), {"act": "heard", "heard": "places:1"})
    with at_work():
        assert session.scalars(select(Trusted)).one().name == "my nan and mr okafor 🌈"
        assert session.scalars(select(Place)).one().feels == "not safe"


def test_what_was_kept_from_there_is_not_offered_again(sam, cast, monkeypatch):
    monkeypatch.setattr(trusted, "_sources", [lambda *_: [Heard("trust:1", "my nan")]])
    sam.get(of(cast.amara))
    for _ in range(2):
        sam.post(of(cast.amara), {"act": "heard", "heard": "trust:1"})
    page = sam.get(of(cast.amara))
    assert "From what they said" not in page.main
    assert page.html.count("<bdi>my nan</bdi>") == 1


@pytest.mark.parametrize("act", ["", "heard", "end", "other", "\x00"])
def test_an_odd_press_does_nothing(sam, cast, act, at_work):
    sam.get(of(cast.amara))
    assert sam.post(of(cast.amara), {"act": act}).status == 303
    with at_work():
        assert session.scalars(select(Trusted)).all() == []


def test_looking_is_noted(sam, cast, at_work):
    sam.get(of(cast.amara))
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "trusted.read")).one()
    assert (event.actor_id, event.subject_id) == (cast.sam, cast.amara)


@pytest.mark.parametrize("who", ["lee", "cory", "dan", "noor"])
def test_nobody_else_sees_whom_amara_trusts(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get(of(cast.amara)).status == 404


NAMED = {"trust": Given((), "mr okafor from boxing"), "unsafe-places": Given((), "the bus station"),
         "would-help": Given((), "somebody to talk to")}  # fmt: skip


def test_what_amara_wrote_where_she_was_asked_is_offered_and_nothing_else(sam, cast, at_work):
    with at_work():
        a_voice(cast.amara, NAMED)
    page = sam.get(of(cast.amara))
    assert "mr okafor from boxing" in page.main
    assert "the bus station" in page.main
    assert "somebody to talk to" not in page.main


def test_what_she_has_not_sent_is_not_offered(sam, cast, at_work):
    with at_work():
        a_draft(cast.amara, NAMED)
    assert "mr okafor" not in sam.get(of(cast.amara)).main


def test_one_press_keeps_the_place_as_one_that_does_not_feel_safe(sam, cast, at_work):
    with at_work():
        a_voice(cast.amara, NAMED)
    page = sam.get(of(cast.amara))
    key = next(e.get("value") for e in page.tree.iter("button") if "unsafe-places" in (e.get("value") or ""))
    sam.post(of(cast.amara), {"act": "heard", "heard": key})
    with at_work():
        place = session.scalars(select(Place)).one()
        assert (place.words, place.feels, place.said_by) == ("the bus station", "not safe", "themselves")
