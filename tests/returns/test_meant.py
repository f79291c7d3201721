"""Is this what you meant? On the young person's phone: what is new today, and then no more.

Seen red with a `visible_to` that handed out everybody's.
"""

import pytest
from sqlalchemy import select

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from portal.returns.conversation import Conversation
from portal.returns.write_up import Meant, WriteUp
from portal.trail.models import Voice
from tests.factories import a_conversation, a_write_up

WRITTEN = "Home felt loud."


@pytest.fixture
def version(at_work, cast, waiting_return):
    """The id of a write-up that waits on Amara's phone."""
    with at_work():
        held = a_conversation(cast.amara, cast.sam, session.get_one(InterviewTask, waiting_return))
        return a_write_up(held, cast.sam, WRITTEN).id


@pytest.fixture
def phone(doors, cast):
    return doors.young.sign_in_as(cast.amara)


@pytest.fixture
def opened(phone, version):
    """Amara's phone, on which she has opened it."""
    phone.get("/")
    phone.follow(phone.post(f"/meant/{version}"))
    return phone


@pytest.fixture
def meant(at_work):
    def look():
        with at_work():
            return [(one.said, one.words, one.way) for one in session.scalars(select(Meant))]

    return look


def test_the_first_page_has_a_button_and_not_a_word_of_it(phone, version):
    main = phone.get("/").main
    assert "Look at what was written down" in main
    assert WRITTEN not in main


def test_looking_at_the_address_does_not_open_it(phone, version, at_work):
    assert phone.get(f"/meant/{version}").status == 303
    with at_work():
        assert session.get_one(WriteUp, version).opened_at is None


def test_opened_it_is_there_to_read(opened):
    assert WRITTEN in opened.page.main


@pytest.mark.parametrize(
    ("pressed", "words", "kept"),
    [
        ("agrees", "", ("agrees", "", "on their phone")),
        ("adds", "and my brother", ("adds", "and my brother", "on their phone")),
        ("corrects", "it was MEAN not loud", ("corrects", "it was MEAN not loud", "on their phone")),
        ("agrees", "and my brother", ("adds", "and my brother", "on their phone")),
    ],
)
def test_what_they_say_is_kept_exactly(pressed, words, kept, opened, version, meant):
    page = opened.follow(opened.post(f"/meant/{version}", {"go": pressed, "words": words}))
    assert meant() == [kept]
    assert "That's saved." in page.main
    assert WRITTEN not in page.main


def test_said_it_is_not_shown_again(opened, version):
    opened.post(f"/meant/{version}", {"go": "agrees"})
    assert "Look at what was written down" not in opened.get("/").main
    assert WRITTEN not in opened.get(f"/meant/{version}").main


def test_pressed_twice_it_is_said_once(opened, version, meant):
    said = {"go": "corrects", "words": "no", "form_key": opened.page.field("form_key")}
    opened.post(f"/meant/{version}", said)
    opened.post(f"/meant/{version}", said)
    assert len(meant()) == 1


def test_words_are_a_voice_that_somebody_reads_and_answers(opened, version, at_work, cast):
    opened.post(f"/meant/{version}", {"go": "corrects", "words": "it was MEAN"})
    with at_work():
        voice = session.scalars(select(Voice).where(Voice.kind == "correction")).one()
        told = [
            row.recipient_id
            for row in session.scalars(select(OutboxMessage).where(OutboxMessage.object_id == voice.id))
        ]
    assert (voice.person_id, voice.state, told) == (cast.amara, "waiting", [cast.sam])


def test_her_worker_reads_them_as_any_voice(opened, version, at_work, at_door, cast):
    opened.post(f"/meant/{version}", {"go": "corrects", "words": "it was MEAN"})
    with at_work():
        voice = session.scalars(select(Voice.id).where(Voice.kind == "correction")).one()
    assert "it was MEAN" in at_door("staff").sign_in_as(cast.sam).get(f"/voices/{voice}").main


@pytest.mark.parametrize("pressed", ["adds", "corrects"])
def test_without_words_it_says_what_to_do(pressed, opened, version, meant):
    page = opened.post(f"/meant/{version}", {"go": pressed, "words": " "})
    assert (page.status, meant()) == (422, [])
    assert "Write what you want to say" in page.main


def test_what_is_too_long_comes_back_whole(opened, version, meant):
    page = opened.post(f"/meant/{version}", {"go": "adds", "words": "a" * 10_001})
    assert (page.status, len(page.field("words").strip()), meant()) == (422, 10_001, [])


def test_the_day_after_it_was_opened_it_is_gone(opened, version, clock, at_door, cast):
    clock.forward(days=1)
    later = at_door("young").sign_in_as(cast.amara)
    assert later.get(f"/meant/{version}").status == 404
    assert "Look at what was written down" not in later.get("/").main


def test_in_person_only_the_phone_does_not_hint_at_it(phone, version, at_work, waiting_return):
    with at_work():
        Conversation.of(waiting_return).voice().in_person_only = True
    assert "Look at what was written down" not in phone.get("/").main
    assert phone.post(f"/meant/{version}").status == 404


def test_put_away_it_is_not_there(phone, version):
    phone.get("/")
    phone.post("/away")
    assert phone.get(f"/meant/{version}").status == 404


def test_jo_cannot_open_it(at_door, cast, version, at_work):
    jo = at_door("young").sign_in_as(cast.jo)
    assert jo.post(f"/meant/{version}").status == 404
    with at_work():
        assert session.get_one(WriteUp, version).opened_at is None
