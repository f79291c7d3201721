"""The young person's first page: only what is new today, and an empty one after everything was put away."""

from datetime import date

from sqlalchemy import func, select

from portal.audit import AuditEvent
from portal.db import session
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from tests.factories import a_return
from tests.voices.conftest import WORDS


def test_with_nothing_new_it_says_so(amara):
    assert "There is nothing new today." in amara.get("/").main


def test_nobody_is_sent_to_the_way_in(doors):
    assert doors.young.get("/").location == "/in"


def test_an_answer_is_there_and_not_yet_open(amara, answered):
    page = amara.get("/")
    assert "Something new for you" in page.main
    assert "nan" not in page.html


def test_looking_changes_nothing(amara, answered, at_work):
    def state():
        with at_work():
            return (
                session.scalars(select(VoiceReply.opened_at)).all(),
                session.scalar(select(func.count()).select_from(AuditEvent)),
            )

    before = state()
    amara.get("/")
    amara.get(f"/answer/{answered}")
    assert state() == before


def test_her_own_old_words_are_not_shown_again(amara, answered):
    first = amara.get("/").html
    amara.post(f"/answer/{answered}")
    assert WORDS not in first + amara.follow().html + amara.get("/").html


def test_an_opened_answer_stands_there_until_the_day_is_over(amara, young, cast, answered, clock):
    amara.post(f"/answer/{answered}")
    assert "Read it again" in amara.get("/").main
    clock.forward(days=1)
    assert "There is nothing new today." in young(cast.amara).get("/").main


def test_an_answer_nobody_opened_waits_on(young, cast, answered, clock):
    clock.forward(days=9)
    assert "Something new for you" in young(cast.amara).get("/").main


def test_what_she_was_told_in_person_never_shows(amara, said, cast, at_work):
    with at_work():
        session.get_one(Voice, said).tell_in_person(date(2026, 11, 24), "Sam", "The police rang.", cast.sam)
    assert "There is nothing new today." in amara.get("/").main


def test_her_side_is_offered_while_a_worker_waits_for_it(amara, cast, at_work):
    assert "Tell your side" not in amara.get("/").main
    with at_work():
        a_return(cast.amara).take(cast.sam)
    assert amara.get("/").tree.find(".//a[@href='/side']").text == "Tell your side"


def test_ring_me_is_one_press(amara, cast, at_work):
    form = amara.get("/").tree.find(".//form[@action='/now']")
    sent = {e.get("name"): e.get("value") for e in form.iter("input", "button")}
    assert sent["safe"] == "ring"
    assert amara.post("/now", sent).status == 303


def test_nobodys_name_stands_on_it(amara, answered):
    page = amara.get("/").html
    assert not [name for name in ("Amara", "Obi", "Sam", "Okoro", "Manchester") if name in page]


def test_its_whole_title_is_the_doors_word(amara):
    assert amara.get("/").tree.find(".//title").text == "Notes"


def test_it_speaks_the_language_that_was_chosen(amara):
    amara.post("/language", {"l": "eo"})
    assert "[Ĥéłłó" in amara.get("/").main
