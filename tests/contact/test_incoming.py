"""A text that comes in is heard: as a voice of whoever's number it is, or in the tray; and by nobody without the token."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Person, join_adult
from portal.app import create_app
from portal.contact.incoming import FROM_THEIR_CARD, IncomingText, exact_words
from portal.db import session
from portal.outbox import OutboxMessage
from portal.trail.models import TEXT_MESSAGE, Voice
from tests.conftest import START
from tests.factories import a_card

TOKEN = "a token that is long enough for anybody"
AMARAS = "07700 900111"


@pytest.fixture
def settings(settings):
    return settings | {"incoming_token": TOKEN}


@pytest.fixture
def comes_in(doors):
    """`comes_in("Hello")`: Notify brings a text to the public door; the answer. `number=`, `id=`, `token=`."""

    def bring(words="Hello", *, number=AMARAS, id=None, token=TOKEN, body=None):  # noqa: A002 - Notify names it so
        said = {
            "id": str(id or uuid4()), "source_number": number, "destination_number": "07900900200",
            "message": words, "date_received": "2026-11-24T10:00:00.000000Z",
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return _send(doors.public, body if body is not None else json.dumps(said), headers)

    return bring


def _send(browser, body, headers):
    return browser.client.post(
        "/incoming", base_url=browser.file.origin("public"), data=body, headers=headers,
        content_type="application/json",
    )  # fmt: skip


@pytest.fixture
def number_of(at_work, cast):
    """`number_of(amara)`: from now on this number stands on their card."""

    def give(person: UUID, number: str = AMARAS):
        with at_work():
            a_card(person, cast.sam, number=number)

    return give


@pytest.fixture
def voices(at_work):
    def look():
        with at_work():
            return list(session.scalars(select(Voice)))

    return look


@pytest.fixture
def told(at_work):
    """Who has a message waiting, and of what kind."""

    def look():
        with at_work():
            return {(row.kind, row.recipient_id) for row in session.scalars(select(OutboxMessage))}

    return look


def test_a_text_from_her_number_is_her_voice_with_its_promise(comes_in, number_of, voices, cast):
    number_of(cast.amara)
    assert comes_in("Can you ring me").status_code == 204
    (voice,) = voices()
    assert (voice.person_id, voice.kind, voice.state) == (cast.amara, TEXT_MESSAGE, "waiting")
    assert voice.promised_by > START


def test_her_worker_is_told_without_a_word_of_it(comes_in, number_of, told, cast):
    number_of(cast.amara)
    comes_in("Can you ring me")
    assert told() == {("voice.new", cast.sam)}


def test_the_number_is_hers_however_it_is_written(comes_in, number_of, voices, cast):
    number_of(cast.amara, "07700 900111")
    comes_in(number="447700900111")
    assert len(voices()) == 1


def test_her_exact_words_are_kept_and_staff_are_told_that_it_may_be_somebody_else(
    comes_in, number_of, voices, at_work, doors, cast
):
    number_of(cast.amara)
    comes_in("ring me £5 <b>now</b>\r\nplease")
    (voice,) = voices()
    with at_work():
        assert exact_words(voice.source_id) == [(FROM_THEIR_CARD, "ring me £5 <b>now</b>\nplease")]
    page = doors.staff.sign_in_as(cast.sam).get(f"/voices/{voice.id}")
    assert "Whoever holds that phone may have written it" in page.text
    assert "ring me £5 <b>now</b>" in page.text


def test_it_is_answered_like_a_voice(comes_in, number_of, voices, at_work, cast):
    number_of(cast.amara)
    comes_in()
    with at_work():
        session.get_one(Voice, voices()[0].id).answer("We ring you on Thursday.", cast.sam)
    assert voices()[0].state == "answered"


def test_brought_twice_it_is_one(comes_in, number_of, voices, cast):
    number_of(cast.amara)
    for _ in range(2):
        assert comes_in(id=UUID(int=7)).status_code == 204
    assert len(voices()) == 1


def test_what_names_the_police_is_for_in_person_only(comes_in, number_of, voices, cast):
    number_of(cast.amara)
    comes_in("the police came round")
    assert voices()[0].in_person_only


def test_a_parents_text_is_theirs_about_their_one_young_person(comes_in, number_of, voices, told, cast):
    number_of(cast.ruth)
    comes_in()
    assert (voices()[0].person_id, voices()[0].about_id) == (cast.ruth, cast.amara)
    assert told() == {("voice.new", cast.sam)}


def test_a_parents_text_shows_the_young_person_nothing(comes_in, number_of, doors, cast):
    number_of(cast.ruth)
    before = doors.young.sign_in_as(cast.amara).get("/").main
    comes_in()
    assert doors.young.get("/").main == before


# --- whose it is nobody knows ---------------------------------------------------------------------------------------


def test_an_unknown_number_makes_nobody_up(comes_in, voices, told, at_work, cast):
    with at_work():
        people = session.scalar(select(func.count()).select_from(Person))
    comes_in(number="07700 900999")
    with at_work():
        assert session.scalar(select(func.count()).select_from(Person)) == people
        assert session.scalars(select(IncomingText)).one().person_id is None
    assert voices() == []
    assert told() == {("text.new", cast.dee)}


def test_a_number_of_two_people_is_nobodys(comes_in, number_of, voices, cast):
    number_of(cast.amara)
    number_of(cast.ruth)
    comes_in()
    assert voices() == []


def test_a_parent_of_two_speaks_of_neither_by_themselves(comes_in, number_of, voices, at_work, cast):
    number_of(cast.ruth)
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent")
    comes_in()
    assert voices() == []


def test_a_number_that_was_taken_off_the_card_is_nobodys(comes_in, number_of, voices, cast):
    number_of(cast.amara)
    number_of(cast.amara, "07700 900222")
    comes_in()
    assert voices() == []


def test_a_number_that_the_police_list_gave_is_on_nobodys_card(comes_in, voices, at_work, cast):
    with at_work():
        session.get_one(Person, cast.amara).phone = AMARAS
    comes_in()
    assert voices() == []


# --- the proof ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "another", TOKEN + "x", TOKEN[:-1]])
def test_without_the_token_nothing_comes_in(comes_in, at_work, cast, token):
    """Seen red with `_proves_itself` answering True for a header that only begins so."""
    assert comes_in(token=token).status_code == 401
    with at_work():
        assert session.scalars(select(IncomingText)).all() == []


def test_a_hub_that_named_no_token_takes_no_text(settings, clock, hub_file, cast):
    app = create_app(**settings | {"incoming_token": None}, now=clock)
    answer = app.test_client().post(
        "/incoming", base_url=hub_file.origin("public"), json={}, headers={"Authorization": "Bearer None"}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"id": 7}', '{"id": "x", "source_number": "1", "message": ""}']
)
def test_what_is_no_text_is_refused(comes_in, cast, body):
    assert comes_in(body=body).status_code == 422


@pytest.mark.parametrize("door", ["young", "family", "staff"])
def test_no_other_door_takes_texts(doors, cast, door):
    assert getattr(doors, door).post("/incoming", token=False).status in (404, 405)
