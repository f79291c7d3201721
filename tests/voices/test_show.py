"""One voice on the staff's side: the exact words, who may read them, and what closes it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.accounts.pauses import Pause
from portal.alerts.models import raise_alert
from portal.audit import AuditEvent
from portal.db import session
from portal.questionnaires.models import Given
from portal.trail.beside import VoiceReply
from tests.factories import a_voice
from tests.voices.conftest import SAID, WORDS

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page_of(staff, said):
    """`page_of(cast.sam)`: the voice's page as that person gets it."""
    return lambda person_id: staff(person_id).get(f"/voices/{said}")


def replies(at_work):
    with at_work():
        return session.scalars(select(VoiceReply)).all()


def test_sam_reads_the_exact_words(page_of, cast):
    assert WORDS in page_of(cast.sam).text


def test_a_question_that_was_skipped_says_so(page_of, cast):
    assert "What was going on? Skipped" in page_of(cast.sam).text


def test_lee_cannot_read_what_amara_said(page_of, cast):
    page = page_of(cast.lee)
    assert (page.status, WORDS in page.html) == (404, False)


def test_to_lee_it_looks_like_a_random_id(staff, said, cast):
    lee = staff(cast.lee)
    hers, random = lee.get(f"/voices/{said}"), lee.get(f"/voices/{uuid4()}")
    assert (hers.status, hers.main) == (random.status, random.main)


@pytest.mark.parametrize("who", ["dan", "noor", "cory", "ade", "aud"])
def test_nor_can_they(who, page_of, cast):
    assert page_of(getattr(cast, who)).status == 404


def test_priya_reads_it_as_manager(page_of, cast):
    assert WORDS in page_of(cast.priya).text


def test_reading_leaves_a_line_in_the_trail_before_the_page(page_of, cast, said, at_work):
    page_of(cast.sam)
    with at_work():
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "voice.opened_by_staff")).one()
    assert (line.actor_id, line.object_id, line.subject_id) == (cast.sam, said, cast.amara)


def test_looking_does_not_count_as_read(page_of, cast, voice_now):
    page_of(cast.sam)
    assert voice_now().read_at is None


def test_read_is_a_button(staff, cast, said, voice_now, clock):
    staff(cast.sam).post(f"/voices/{said}/read")
    assert voice_now().read_at == clock()


def test_a_note_stands_beside_the_words(staff, cast, said):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/notes", {"note-words": "Shouting is about the new partner?"})
    page = sam.follow()
    assert WORDS in page.text
    assert "Shouting is about the new partner?" in page.text
    assert "Sam Okoro (Manchester City Council)" in page.text


def test_lee_writes_no_note_beside_what_amara_said(staff, cast, said, voice_now):
    assert staff(cast.lee).post(f"/voices/{said}/notes", {"note-words": "x"}).status == 404
    assert voice_now(lambda voice: voice.notes()) == []


def test_an_answer_waits_until_amara_opens_it(staff, cast, said, voice_now):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/answer", {"answer-words": "You said home felt loud. We asked."})
    assert "At their door, not opened yet." in sam.follow().text
    assert (voice_now().state, voice_now().reached_at) == ("answered", None)


def test_its_way_is_told_in_order(staff, cast, said, clock):
    clock.forward(hours=1)
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/no-answer", {"none-reason": "An adult reads the phone."})
    steps = [step.text.split(":")[0] for step in sam.follow().tree.iterfind(".//main//ol/li")]
    assert steps == ["Said", "Read", "No safe answer", "Closed"]


@pytest.mark.parametrize(
    ("asked", "opens"), [("here", "Answer on their phone"), ("in person", "They were told in person")]
)
def test_the_way_that_amara_asked_for_stands_open(asked, opens, staff, cast, at_work):
    with at_work():
        voice_id = a_voice(cast.amara, SAID | {"tell-how": Given((asked,))}).id
    page = staff(cast.sam).get(f"/voices/{voice_id}")
    ways = page.tree.iterfind(".//main//details")
    assert [way.find("summary").text for way in ways if way.get("open") is not None] == [opens]


def test_an_empty_answer_comes_back_with_what_to_do(staff, cast, said, voice_now):
    page = staff(cast.sam).post(f"/voices/{said}/answer", {"answer-words": "   "})
    assert (page.status, "Write the answer" in page.text) == (422, True)
    assert voice_now().state == "waiting"


def test_an_answer_that_names_the_police_is_kept_off_the_phone(staff, cast, said, at_work):
    typed = "You asked about Friday. The police officer says no."
    page = staff(cast.sam).post(f"/voices/{said}/answer", {"answer-words": typed})
    assert (page.status, page.field("answer-words").strip()) == (422, typed)
    assert replies(at_work) == []


def test_unless_the_worker_says_that_it_is_safe_there(staff, cast, said, at_work):
    words = {"answer-words": "The police officer says no.", "answer-police_too": "y"}
    staff(cast.sam).post(f"/voices/{said}/answer", words)
    assert [reply.way for reply in replies(at_work)] == ["here"]


def test_a_second_answer_is_refused_with_its_text(staff, cast, said):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/answer", {"answer-words": "We asked."})
    page = sam.post(f"/voices/{said}/answer", {"answer-words": "We asked again."})
    assert (page.status, page.field("answer-words").strip()) == (422, "We asked again.")


def test_a_page_that_comes_back_is_a_reading_too(staff, cast, said, at_work):
    staff(cast.sam).post(f"/voices/{said}/notes", {"note-words": ""})
    with at_work():
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.actor_id == cast.sam)).all()
    assert acts == ["voice.opened_by_staff"]


def told(**changed):
    form = {"told-on": "2026-11-24", "told-told_by": "Sam Okoro", "told-words": "Nan says yes to Fridays."}
    return form | {f"told-{name}": value for name, value in changed.items()}


def test_what_was_told_in_person_closes_it(staff, cast, said, voice_now):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/told", told())
    assert "Told in person on Tuesday 24 November by Sam Okoro." in sam.follow().text
    assert voice_now().state == "closed"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"on": ""}, "Enter the day you told them"),
        ({"on": "soon"}, "Enter the day you told them, as day, month and year"),
        ({"on": "2026-11-25"}, "Enter a day between the one they said it and today"),
        ({"on": "2026-11-23"}, "Enter a day between the one they said it and today"),
        ({"told_by": " "}, "Enter who told them"),
        ({"words": ""}, "Write what they were told"),
    ],
)
def test_nothing_closes_without_when_who_and_what(changed, says, staff, cast, said, voice_now):
    page = staff(cast.sam).post(f"/voices/{said}/told", told(**changed))
    assert (page.status, says in page.text) == (422, True)
    assert voice_now().closed_at is None


def test_no_answer_needs_its_reason(staff, cast, said, voice_now):
    page = staff(cast.sam).post(f"/voices/{said}/no-answer", {"none-reason": ""})
    assert (page.status, voice_now().closed_at) == (422, None)


def test_with_a_reason_it_closes_and_has_reached_nobody(staff, cast, said, voice_now):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/no-answer", {"none-reason": "An adult reads the phone."})
    assert "It has not reached them: no answer is safe." in sam.follow().text
    assert (voice_now().state, voice_now().reached_at) == ("closed", None)


def test_no_address_closes_it_bare(staff, cast, said, voice_now):
    assert staff(cast.priya).post(f"/voices/{said}/close").status == 404
    assert voice_now().closed_at is None


def test_htmx_gets_the_part_that_changed_and_not_the_words_again(staff, cast, said):
    page = staff(cast.sam).post(f"/voices/{said}/notes", {"note-words": "A note."}, headers=HTMX)
    assert (page.status, "<html" in page.html) == (200, False)
    assert "A note." in page.html
    assert WORDS not in page.html


def test_htmx_gets_what_was_typed_back(staff, cast, said):
    page = staff(cast.sam).post(f"/voices/{said}/answer", {"answer-words": "police"}, headers=HTMX)
    assert (page.status, ">police</textarea>" in page.html.replace("\r\n", "")) == (422, True)


def test_markup_in_a_note_is_text(staff, cast, said):
    sam = staff(cast.sam)
    sam.post(f"/voices/{said}/notes", {"note-words": "<b>bold</b>"})
    assert "&lt;b&gt;bold&lt;/b&gt;" in sam.follow().html


def about_sam(cast):
    return raise_alert(
        cast.amara, "about a worker", source_kind="safety", source_id=uuid4(), key="k", about=cast.sam
    )


def test_sam_stops_reading_while_an_alert_may_be_about_him(page_of, cast, at_work):
    with at_work():
        about_sam(cast)
    assert (page_of(cast.sam).status, page_of(cast.priya).status) == (404, 200)


def test_sam_reads_again_when_a_manager_has_ended_that(page_of, cast, at_work):
    with at_work():
        about_sam(cast)
    with at_work():
        session.scalars(select(Pause)).one().end("It was about somebody else.", cast.priya)
    assert page_of(cast.sam).status == 200
