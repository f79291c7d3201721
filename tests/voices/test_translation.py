"""An answer in another language waits beside its English; the promise counts from there, and so do replies."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal import i18n
from portal.db import session
from portal.questionnaires.models import Given
from portal.trail import translations
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from tests.factories import a_conversation, a_return, a_voice, a_write_up

WORDS = "أردت بعض الهواء"
SAID = {"now": Given(("ok",)), "would-help": Given((), WORDS), "tell-how": Given(("here",))}
ENGLISH = "I wanted some air."
ABOUT_SAM = {"ask": Given(("different-worker",), "he shouts"), "other-worker": Given((), "he shouts at me")}


@pytest.fixture
def said(at_work, cast):
    """The id of what Amara said in a language that nobody of the staff reads."""
    with at_work(), i18n.speaking("dv"):
        return a_voice(cast.amara, SAID).id


@pytest.fixture
def sam(staff, cast):
    return staff(cast.sam)


@pytest.fixture
def page_of(said):
    return f"/voices/{said}/translation"


@pytest.fixture
def field(said, voice_now):
    """The name of the field for what she wrote."""
    return f"text-{voice_now(lambda voice: voice.source_id).hex}-would-help"


def test_it_waits_to_be_put_into_english(sam, said):
    assert "To be put into English" in sam.get("/voices").main
    assert "By when a person reads it counts from its translation." in sam.get(f"/voices/{said}").main


def test_ticks_alone_need_no_translation(at_work, cast):
    with at_work(), i18n.speaking("dv"):
        assert a_voice(cast.amara, {"now": Given(("ok",))}).waits_for_translation is False


def test_english_needs_none(at_work, cast):
    with at_work():
        assert a_voice(cast.amara).waits_for_translation is False


def test_who_made_it_and_when_stand_beside_the_exact_words(sam, page_of, field, said):
    sam.post(page_of, {field: ENGLISH, "made_by": "Ms Ali, LanguageLine"})
    main = sam.get(f"/voices/{said}").main
    assert main.index(WORDS) < main.index("In English, by Ms Ali, LanguageLine") < main.index(ENGLISH)
    assert "Nobody else who speaks it has checked it." in main


def test_without_a_name_it_comes_back_with_what_was_typed(sam, page_of, field, voice_now):
    page = sam.post(page_of, {field: ENGLISH, "made_by": ""})
    assert (page.status, page.field(field).strip()) == (422, ENGLISH)
    assert "Enter who put it into the other language" in page.main
    assert voice_now().waits_for_translation


def test_what_stood_there_first_can_be_said_again_from_a_page_that_was_kept(sam, page_of, field, said):
    for words in (ENGLISH, "I needed air.", ENGLISH):
        sent = {field: words, "made_by": "Ms Ali", "form_key": "6f0b0d5c-5d5e-4c55-9f0a-6d3c4c2b1a00"}
        assert sam.post(page_of, sent).status == 303
    assert ENGLISH in sam.get(f"/voices/{said}").main


def test_it_can_be_english_already(sam, page_of, voice_now):
    sam.post(page_of, {"rest": "y"})
    assert not voice_now().waits_for_translation


def test_another_version_stands_beside_the_first(sam, page_of, field, said, at_work, clock):
    sam.post(page_of, {field: ENGLISH, "made_by": "Ms Ali"})
    clock.forward(minutes=1)
    sam.post(page_of, {field: "I needed air.", "made_by": "Mr Omar"})
    with at_work():
        assert [row.words for row in translations.of(said).values()] == ["I needed air."]


def test_somebody_else_checks_it(sam, page_of, field, said, at_work):
    sam.post(page_of, {field: ENGLISH, "made_by": "Ms Ali"})
    with at_work():
        made = str(next(iter(translations.of(said).values())).id)
    page = sam.post(f"{page_of}/check", {"translation": made, "checked_by": " "})
    assert (page.status, "Enter who checked it" in page.main) == (422, True)
    sam.post(f"{page_of}/check", {"translation": made, "checked_by": "Mr Omar"})
    assert "Checked by Mr Omar" in sam.get(page_of).main


def test_the_record_has_both(sam, page_of, field, said):
    sam.post(page_of, {field: ENGLISH, "made_by": "Ms Ali"})
    text = sam.get(f"/voices/{said}/copy").tree.find(".//pre").text
    assert text.index(WORDS) < text.index("In English (Ms Ali") < text.index(ENGLISH)


# --- what goes back -----------------------------------------------------------------------------------------------


@pytest.fixture
def answered(sam, said, at_work):
    """Sam's answer in English, which waits to be put into her language; its id."""
    sam.post(f"/voices/{said}/answer", {"answer-words": "Your nan said yes."})
    with at_work():
        return session.scalars(select(VoiceReply.id).where(VoiceReply.voice_id == said)).one()


def test_an_answer_waits_for_its_translation(answered, said, sam, amara, voice_now):
    assert "Something new for you" not in amara.get("/").main
    assert "Waits to be put into" in sam.get(f"/voices/{said}").main
    assert voice_now().state == "read"


def test_what_she_reads_is_in_her_language_with_the_english_behind(answered, said, sam, amara, page_of):
    sam.post(page_of, {f"text-{answered.hex}-": "جدتك قالت نعم", "made_by": "Ms Ali", "rest": "y"})
    amara.get("/")
    page = amara.follow(amara.post(f"/answer/{said}"))
    assert page.main.index("جدتك قالت نعم") < page.main.index("Your nan said yes.")


def test_whoever_reads_english_gets_it_at_once(said, sam, amara):
    sam.post(f"/voices/{said}/answer", {"answer-words": "Your nan said yes.", "answer-as_it_is": "y"})
    assert "Something new for you" in amara.get("/").main


def test_a_write_up_is_read_in_her_language(at_work, cast, sam, amara):
    with at_work():
        held = a_conversation(cast.amara, cast.sam, a_return(cast.amara))
        version, voice = a_write_up(held, cast.sam), held.voice()
        translations.translate(voice, version.id, "", "dv", "بلغتي", "Ms Ali", cast.sam)
        write_up: UUID = version.id
    amara.get("/")
    page = amara.follow(amara.post(f"/meant/{write_up}"))
    assert "بلغتي" in page.main
    assert "Home felt loud." not in page.main


def test_the_promise_counts_from_the_translation(at_work, said, clock, cast):
    """A promise from when it was said would be over before anybody can read it."""
    with at_work():
        first = session.get_one(Voice, said).promised_by
    clock.forward(days=3)
    with at_work():
        voice = session.get_one(Voice, said)
        translations.read_from_now(voice, cast.sam)
        assert voice.promised_by - first >= timedelta(days=2)


def test_what_was_asked_of_a_manager_is_not_read_here(sam, at_work, cast):
    """Seen red with every answer as it was typed: Sam read why Amara wants somebody else."""
    with at_work():
        voice_id = a_voice(cast.amara, SAID | ABOUT_SAM).id
    page = sam.get(f"/voices/{voice_id}/translation").main
    assert (WORDS in page, "he shouts" in page) == (True, False)
    assert "he shouts" not in sam.get(f"/voices/{voice_id}").main
