"""One thing that Amara said, on her private phone: her words, what came back, where it went."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts import private_phone
from portal.contact.models import Ask
from portal.contact.words import THINGS
from portal.db import session
from portal.questionnaires.models import Given
from portal.trail import shares, translations
from portal.trail.models import ABOUT_STAFF, Voice
from tests.factories import a_voice
from tests.voices.conftest import CAME_BACK, WORDS

BUS_PASS = next(thing for thing in THINGS if thing.value == "bus-pass")


@pytest.fixture(autouse=True)
def private(at_work, cast):
    """Both children's phones are private."""
    with at_work():
        private_phone.say_private(cast.amara, cast.sam)
        private_phone.say_private(cast.jo, cast.lee)


@pytest.fixture
def does(at_work, said):
    """`does(lambda voice: voice.mark_read(cast.sam))`: something happens to what she said."""

    def do(act):
        with at_work():
            act(session.get_one(Voice, said))

    return do


def test_her_own_words_stand_there_as_she_said_them(amara, said):
    page = amara.get(f"/went/{said}").main
    assert WORDS in page
    assert "How are you right now? OK" in page


def test_its_way_is_told_in_plain_words(amara, said, does, cast):
    does(lambda voice: voice.mark_read(cast.sam))
    page = amara.get(f"/went/{said}").main
    assert "Tuesday 24 November You said it." in page
    assert "Sam Okoro (Manchester City Council) read it." in page


def test_an_old_answer_can_be_read_again(amara, answered, clock, young, cast):
    amara.post(f"/answer/{answered}")
    clock.forward(days=3)
    assert CAME_BACK in young(cast.amara).get(f"/went/{answered}").main


def test_an_answer_that_she_has_not_opened_is_not_read_here(amara, answered):
    """It reaches her where the opening of it is kept."""
    assert CAME_BACK not in amara.get(f"/went/{answered}").main


def test_what_was_told_in_person_stands_there(amara, said, does, cast):
    does(lambda voice: voice.tell_in_person(date(2026, 11, 24), "Sam", "School said yes.", cast.sam))
    assert "Told in person on Tuesday 24 November School said yes." in amara.get(f"/went/{said}").main


def test_what_was_told_of_the_police_does_not(amara, said, does, cast):
    does(lambda voice: voice.tell_in_person(date(2026, 11, 24), "Sam", "The police rang.", cast.sam))
    page = amara.get(f"/went/{said}").html
    assert "police" not in page.lower()


def test_what_was_shared_says_with_whom_and_why(amara, said, does, cast):
    def share(voice):
        shares.wish(voice, "panel", "ok")
        shares.share(voice, "panel", cast.sam, "So that they hear it from you.")

    does(share)
    page = amara.get(f"/went/{said}").main
    assert (
        "shared it, as you said is OK. With: The meeting of people who plan how to help (the panel)." in page
    )
    assert "So that they hear it from you." in page


def test_what_had_to_be_shared_says_which_of_the_three(amara, said, does, cast):
    does(
        lambda voice: shares.must_share(voice, "health", cast.sam, "badly hurt", True, words="What you took.")
    )
    page = amara.get(f"/went/{said}").main
    assert "had to share it. With: A nurse or a doctor. Why: Someone might get badly hurt." in page


def test_of_what_had_to_be_shared_a_person_tells_her_first(amara, said, does, cast):
    """Red while `in_person_only` did not ask whether she was told."""
    does(
        lambda voice: shares.must_share(
            voice, "health", cast.sam, "badly hurt", False, words="What you took."
        )
    )
    assert "nurse" not in amara.get(f"/went/{said}").html


def test_what_she_asked_for_stands_there_too(amara, at_work, cast):
    with at_work():
        ask = Ask.ask(cast.amara, BUS_PASS, "for school", tell_how="", form_key=uuid4(), sitting=uuid4())
        voice_id = session.scalars(select(Voice.id).where(Voice.source_id == ask.id)).one()
    page = amara.get(f"/went/{voice_id}").main
    assert page.startswith("What you asked for on Tuesday 24 November")
    assert "A bus pass" in page
    assert "for school" in page


def test_what_she_said_to_a_manager_is_not_there(amara, at_work, cast):
    with at_work():
        voice_id = Voice.say(cast.amara, ABOUT_STAFF, uuid4(), tell_how="").id
    assert amara.get(f"/went/{voice_id}").status == 404


def test_an_answer_put_into_her_language_is_read_in_it(amara, answered, at_work, cast):
    amara.post(f"/answer/{answered}")
    with at_work():
        voice = session.get_one(Voice, answered)
        (reply,) = voice.replies()
        translations.translate(voice, reply.id, "", "ar", "قالت جدتك نعم.", "Layla", cast.sam)
    page = amara.get(f"/went/{answered}").main
    assert "قالت جدتك نعم." in page
    assert CAME_BACK not in page


def test_nothing_names_the_police(amara, said, does, cast):
    def share(voice):
        shares.wish(voice, "police", "only worker")
        shares.must_share(voice, "police", cast.sam, "badly hurt", True, words="The address.")

    does(share)
    page = amara.get(f"/went/{said}").html.lower()
    assert "police" not in page
    assert "address." not in page


def test_the_question_that_names_them_does_not_stand_there_either(amara, at_work, cast):
    with at_work():
        voice = a_voice(
            cast.amara, {"would-help": Given((), "a GMP officer was kind"), "now": Given(("ok",))}
        )
        voice.allow_on_phone(cast.sam)
        voice_id = voice.id
    page = amara.get(f"/went/{voice_id}").main
    assert "How are you right now? OK" in page
    assert "kind" not in page


def test_why_nothing_safe_could_be_sent_is_not_said_on_the_phone(amara, said, does, cast):
    does(lambda voice: voice.no_answer("Her brother reads this phone.", cast.sam))
    page = amara.get(f"/went/{said}").main
    assert "safe" not in page
    assert "brother" not in page


def test_on_a_phone_that_is_not_private_it_leads_to_the_list(amara, said, at_work, cast):
    with at_work():
        private_phone.say_not_private(cast.amara, cast.sam)
    assert amara.get(f"/went/{said}").location == "/went"


def test_to_jo_it_looks_like_a_random_id(young, cast, said):
    jo = young(cast.jo)
    hers, random = (jo.get(f"/went/{one}") for one in (said, uuid4()))
    assert (hers.status, hers.main) == (404, random.main)


def test_what_is_in_person_only_is_not_there(amara, said, does, cast):
    does(lambda voice: voice.keep_in_person(cast.sam))
    assert amara.get(f"/went/{said}").status == 404


def test_no_word_of_it_is_left_untranslated(amara, said, does, cast):
    def happens(voice):
        shares.wish(voice, "panel", "ok")
        shares.share(voice, "panel", cast.sam, "x")
        shares.must_share(voice, "school", cast.sam, "court", True, words="x")
        shares.ask(voice, "home", cast.sam)
        voice.note("x", cast.sam)
        voice.put_on_record(date(2026, 11, 24), cast.sam)

    does(happens)
    amara.post("/language", {"l": "eo"})
    page = amara.get(f"/went/{said}")
    lines = ["".join(line.itertext()) for line in page.tree.iterfind(".//main/ul/li")]
    assert len(lines) == 8
    assert all(line.startswith("[") for line in lines), lines


def test_right_to_left_it_stands(amara, said):
    amara.post("/language", {"l": "dv"})
    assert amara.get(f"/went/{said}").tree.getroot().get("dir") == "rtl"
