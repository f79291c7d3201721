"""The write-up: beside what they wrote themselves, in versions; and what they say of it stays beside it."""

import pytest
from sqlalchemy import select

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.questionnaires.models import Given
from portal.returns.conversation import Conversation
from portal.returns.write_up import Meant, WriteUp, last_version, versions
from portal.trail.models import Voice
from tests.factories import a_conversation, a_voice, a_write_up

OWN = "i needed out of there"
SAID = {"going-on": Given(("home",), OWN), "would-help": Given((), "nan"), "tell-how": Given(("here",))}


@pytest.fixture
def held(at_work, cast, waiting_return):
    """The id of a conversation that Sam put down, after Amara had sent her form."""
    with at_work():
        a_voice(cast.amara, SAID)
        return a_conversation(cast.amara, cast.sam, session.get_one(InterviewTask, waiting_return)).id


@pytest.fixture
def sam(at_door, cast):
    return at_door("staff").sign_in_as(cast.sam)


@pytest.fixture
def page_of(waiting_return):
    return f"/returns/{waiting_return}/write-up"


@pytest.fixture
def all_versions(at_work, held):
    def look():
        with at_work():
            return [(one.number, one.words) for one in versions(held)]

    return look


@pytest.fixture
def meant(at_work):
    def look():
        with at_work():
            return [(one.said, one.words, one.way) for one in session.scalars(select(Meant))]

    return look


@pytest.fixture
def last(at_work, held):
    """The id of the version that stands."""

    def look():
        with at_work():
            version = last_version(held)
            return str(version.id) if version else ""

    return look


def test_what_they_wrote_themselves_stands_beside_its_heading(sam, page_of, held):
    main = sam.get(page_of).main
    assert (
        main.index(OWN)
        < main.index("Before: what was going on")
        < main.index("Headings that were not covered")
    )


def test_what_stood_first_can_be_kept_again_from_a_page_that_was_kept(sam, page_of, all_versions):
    key = {"form_key": "6f0b0d5c-5d5e-4c55-9f0a-6d3c4c2b1a00"}
    for words in ("One.", "Two.", "One.", "One."):
        sam.post(page_of, key | {"before": words})
    assert [words["before"] for _, words in all_versions()] == ["One.", "Two.", "One."]


def test_each_keeping_is_a_version(sam, page_of, all_versions):
    sam.post(page_of, {"before": "Home felt loud."})
    sam.post(page_of, {"before": "Home felt loud. She left.", "help": "Fridays at nan's."})
    assert all_versions() == [
        (2, {"before": "Home felt loud. She left.", "help": "Fridays at nan's."}),
        (1, {"before": "Home felt loud."}),
    ]


def test_the_same_words_again_are_no_version(sam, page_of, all_versions):
    sam.post(page_of, {"before": "Home felt loud."})
    sam.post(page_of, {"before": "Home felt loud."})
    assert len(all_versions()) == 1


def test_what_is_too_long_comes_back_as_it_was_typed(sam, page_of, all_versions):
    page = sam.post(page_of, {"before": "a" * 10_001, "help": "nan"})
    assert (page.status, page.field("help"), all_versions()) == (422, "nan", [])
    assert "Keep it under 10,000 letters" in page.main


def test_what_they_say_of_it_with_their_worker_is_kept_exactly(sam, page_of, last, meant):
    sam.post(page_of, {"before": "Home felt loud."})
    said = {
        "version": last(),
        "heard-way": "read aloud",
        "heard-said": "corrects",
        "heard-words": "not loud. MEAN \U0001f621",
    }
    sam.post(f"{page_of}/heard", said)
    sam.post(f"{page_of}/heard", said | {"form_key": ""})
    assert ("corrects", "not loud. MEAN \U0001f621", "read aloud") in meant()
    assert "not loud. MEAN \U0001f621" in sam.get(page_of).main


def test_sent_twice_it_is_said_once(sam, page_of, last, meant):
    sam.post(page_of, {"before": "Home felt loud."})
    key = sam.get(page_of).field("form_key")
    said = {"version": last(), "heard-way": "together", "heard-said": "agrees", "form_key": key}
    sam.post(f"{page_of}/heard", said)
    sam.post(f"{page_of}/heard", said)
    assert meant() == [("agrees", "", "together")]


def test_a_correction_needs_their_words(sam, page_of, last, meant):
    sam.post(page_of, {"before": "Home felt loud."})
    page = sam.post(
        f"{page_of}/heard", {"version": last(), "heard-way": "together", "heard-said": "corrects"}
    )
    assert (page.status, meant()) == (422, [])
    assert "Write down what they said, in their own words" in page.main


def test_both_stay_when_a_new_version_is_written(sam, page_of, last, meant):
    sam.post(page_of, {"before": "Home felt loud."})
    sam.post(
        f"{page_of}/heard",
        {"version": last(), "heard-way": "together", "heard-said": "adds", "heard-words": "and cold"},
    )
    sam.post(page_of, {"before": "Home felt loud and cold."})
    main = sam.get(page_of).main
    assert main.index("Version 2") < main.index("Version 1") < main.index("and cold", main.index("Version 1"))


def test_what_is_said_of_an_older_version_is_refused(sam, page_of, last):
    sam.post(page_of, {"before": "Home felt loud."})
    old = last()
    sam.post(page_of, {"before": "Home felt mean."})
    assert (
        sam.post(f"{page_of}/heard", {"version": old, "heard-way": "together", "heard-said": "agrees"}).status
        == 404
    )


def test_it_goes_on_their_phone_and_comes_back(sam, page_of, last, at_work, held):
    sam.post(page_of, {"before": "Home felt loud."})
    sam.post(f"{page_of}/send", {"version": last()})
    assert "is on their phone, not opened yet" in sam.get(page_of).main
    sam.post(f"{page_of}/send", {"version": last(), "go": "back"})
    with at_work():
        assert last_version(held).waits is False


def test_what_names_the_police_stays_off_the_phone_unless_somebody_says_so(sam, page_of, last, at_work, held):
    sam.post(page_of, {"before": "The police were kind."})
    page = sam.post(f"{page_of}/send", {"version": last()})
    assert (page.status, "It names the police" in page.main) == (422, True)
    sam.post(f"{page_of}/send", {"version": last(), "send-police_too": "y"})
    with at_work():
        assert last_version(held).waits is True


def test_in_person_only_it_never_goes_there(sam, page_of, last, at_work, held):
    sam.post(page_of, {"before": "Home felt loud."})
    with at_work():
        session.get_one(Conversation, held).voice().in_person_only = True
    sam.post(f"{page_of}/send", {"version": last()})
    with at_work():
        assert last_version(held).waits is False


def test_a_new_version_takes_the_old_one_off_the_phone(at_work, cast, held):
    with at_work():
        conversation = session.get_one(Conversation, held)
        a_write_up(conversation, cast.sam)
        WriteUp.write(conversation, {"before": "Another."}, cast.sam)
        assert [one.waits for one in versions(held)] == [False, False]


def test_there_is_none_before_the_conversation(sam, page_of):
    assert sam.get(page_of).status == 404


def test_the_voice_of_the_conversation_shows_it(sam, page_of, at_work, held):
    sam.post(page_of, {"before": "Home felt loud."})
    with at_work():
        voice = session.get_one(Conversation, held).voice().id
        assert session.get_one(Voice, voice).kind == "conversation"
    assert "Home felt loud." in sam.get(f"/voices/{voice}").main
