"""In person only: nothing of it shows on a phone, and nothing hints at it."""

import pytest

from portal.db import session
from portal.questionnaires.models import Given
from portal.trail.models import InPersonOnly, Voice
from tests.factories import a_voice
from tests.voices.conftest import CAME_BACK


@pytest.fixture
def kept(staff, cast, answered):
    """Sam's browser, after he kept what Amara said, and its answer, off her phone."""
    sam = staff(cast.sam)
    sam.get(f"/voices/{answered}")
    assert sam.post(f"/voices/{answered}/in-person", {"do": "keep"}).status == 303
    return sam


def test_her_first_page_does_not_even_hint(amara, kept):
    """Red while `answers_new_for` did not look at the voice."""
    assert "There is nothing new today." in amara.get("/").main


def test_what_waited_is_taken_back_and_somebody_has_to_tell_her(kept, answered, voice_now, amara):
    assert (voice_now().state, voice_now().reached_at) == ("read", None)
    assert amara.post(f"/answer/{answered}").status == 404
    assert "Taken back on" in kept.get(f"/voices/{answered}").main


def test_what_she_opened_today_is_gone_too(amara, staff, cast, answered):
    amara.post(f"/answer/{answered}")
    assert CAME_BACK in amara.follow().main
    sam = staff(cast.sam)
    sam.get(f"/voices/{answered}")
    sam.post(f"/voices/{answered}/in-person", {"do": "keep"})
    assert amara.get(f"/answer/{answered}").status == 404


def test_no_answer_is_offered_or_taken_for_her_phone(kept, answered):
    assert "No answer waits on a phone: this is in person only." in kept.get(f"/voices/{answered}").main
    page = kept.post(f"/voices/{answered}/answer", {"answer-words": "We asked."})
    assert (page.status, "This is in person only." in page.main) == (422, True)
    assert page.field("answer-words").strip() == "We asked."


def test_the_worker_may_say_that_it_is_safe_after_all(kept, answered, amara):
    kept.post(f"/voices/{answered}/in-person", {"do": "allow"})
    kept.post(f"/voices/{answered}/answer", {"answer-words": "We asked."})
    assert "Something new for you" in amara.get("/").main


def test_what_names_the_police_is_so_from_the_start(at_work, cast):
    with at_work():
        said = {"would-help": Given((), "i told the police about kev")}
        voice = a_voice(cast.amara, said)
        assert voice.in_person_only
        with pytest.raises(InPersonOnly):
            voice.answer("We asked.", cast.sam)


def test_what_does_not_is_not(at_work, said):
    with at_work():
        assert not session.get_one(Voice, said).in_person_only


def test_a_button_that_nobody_made_changes_nothing(staff, cast, said, voice_now):
    staff(cast.sam).post(f"/voices/{said}/in-person", {"do": "whatever"})
    assert not voice_now().in_person_only
