"""Who may have her words: ask me first for everybody, unless she opens the list; and what she asks for."""

from __future__ import annotations

from sqlalchemy import select

from portal.contact.models import Ask
from portal.db import session
from portal.returns.models import exact_words
from portal.returns.safer_plan import SaferPlan
from portal.trail.models import Voice
from portal.trail.shares import TrailWish, wish_of
from tests.returns.conftest import CHECK

SHARING = "Who may have your words?"
ASK = "Do you want to ask for something?"


def sends(child):
    child.presses(go="enough")
    child.comes_to(CHECK)
    return child.presses(go="send")


def test_the_list_is_closed_and_asks_first_for_everybody(amara):
    amara.begins("whole")
    page = amara.comes_to(SHARING)
    details = page.tree.find(".//main//details")
    assert details.get("open") is None
    assert {s.find("option").text for s in page.tree.iter("select")} == {"Ask me first"}
    assert "Three things we have to tell" in page.main


def test_what_she_wishes_holds_for_what_she_sent(amara, at_work):
    amara.begins("whole")
    amara.comes_to(SHARING)
    amara.presses(go="on", answer=["school:ok", "parent or carer:only worker", "panel:ask first"])
    sends(amara)
    with at_work():
        voice = session.scalars(select(Voice).where(Voice.kind == "return")).one()
        assert wish_of(voice, "school") == "ok"
        assert wish_of(voice, "parent or carer") == "only worker"
        assert wish_of(voice, "panel") == "ask first"


def test_passing_the_screen_by_wishes_nothing_and_the_worker_reads_ask_me_first(amara, at_work, submissions):
    amara.begins("whole")
    amara.comes_to(CHECK)
    amara.presses(go="send")
    sent = submissions()[0].id
    with at_work():
        assert session.scalars(select(TrailWish)).all() == []
        assert (SHARING, "Ask me first, for everyone") in exact_words(sent)


def test_the_check_page_and_the_worker_read_the_wish_in_words(amara, at_work, submissions):
    amara.begins("whole")
    amara.comes_to(SHARING)
    amara.presses(go="on", answer="school:ok")
    assert "School: OK to share" in amara.comes_to(CHECK).main
    amara.presses(go="send")
    with at_work():
        assert (SHARING, "School: OK to share") in exact_words(submissions()[0].id)


def test_coming_back_to_it_shows_what_was_wished(amara):
    amara.begins("whole")
    amara.comes_to(SHARING)
    amara.presses(go="on", answer="school:ok")
    page = amara.presses(go="back")
    assert page.tree.find(".//main//details").get("open") is not None
    assert [o.get("value") for o in page.tree.iter("option") if o.get("selected") is not None] == [
        "school:ok"
    ]


def test_what_is_no_wish_is_not_taken(amara, answers):
    amara.begins("whole")
    amara.comes_to(SHARING)
    amara.presses(go="on", answer=["school:everything", "nobody:ok", ":", "x" * 9000, "police:ok"])
    assert answers()["sharing"] == (("police:ok",), "")


def test_a_wish_about_the_police_does_not_take_her_answer_off_her_phone(amara, at_work):
    amara.begins("whole")
    amara.comes_to(SHARING)
    amara.presses(go="on", answer="police:only worker")
    sends(amara)
    with at_work():
        assert session.scalars(select(Voice)).one().in_person_only is False


def test_a_tick_that_names_the_police_does(amara, at_work):
    amara.begins("whole")
    amara.comes_to("Who did you meet when you got back?")
    amara.presses(go="on", answer="police")
    sends(amara)
    with at_work():
        assert session.scalars(select(Voice)).one().in_person_only is True


# --- what she asks for ------------------------------------------------------------------------------------------


def test_what_she_ticks_is_asked_for_once_with_her_words(amara, at_work, cast):
    amara.begins("whole")
    amara.comes_to(ASK)
    amara.presses(go="on", answer=["lift", "try"], more="on fridays")
    sends(amara)
    amara.phone.post("/side", {"screen": "check", "go": "send"})
    with at_work():
        asks = session.scalars(select(Ask)).all()
        assert sorted((ask.person_id, ask.what, ask.words) for ask in asks) == [
            (cast.amara, "A lift", "on fridays"),
            (cast.amara, "Something to try: gym, music, football", "on fridays"),
        ]


def test_nothing_is_asked_for_before_it_is_sent(amara, at_work):
    amara.begins("whole")
    amara.comes_to(ASK)
    amara.presses(go="on", answer="food")
    with at_work():
        assert session.scalars(select(Ask)).all() == []


def test_asking_for_somebody_else_goes_to_the_manager_and_no_worker_reads_it(amara, at_work, submissions):
    """Seen red with `exact_words` as the answers are."""
    amara.begins("whole")
    amara.comes_to(ASK)
    assert "Only the manager reads this" in amara.presses(go="on", answer=["lift", "different-worker"]).main
    amara.presses(go="on", answer="he never rings back")
    sends(amara)
    with at_work():
        read = str(exact_words(submissions()[0].id))
        kinds = {
            (v.kind, session.get_one(Ask, v.source_id).words)
            for v in session.scalars(select(Voice))
            if v.kind != "return"
        }
    assert "A lift" in read
    assert "different worker" not in read
    assert "rings back" not in read
    assert kinds == {("ask", ""), ("ask manager", "he never rings back")}


def test_words_beside_that_tick_alone_go_with_it(amara, at_work, submissions):
    amara.begins("whole")
    amara.comes_to(ASK)
    amara.presses(go="on", answer="different-worker", more="anyone but him")
    sends(amara)
    with at_work():
        assert "anyone but him" not in str(exact_words(submissions()[0].id))
        assert session.scalars(select(Ask)).one().words == "anyone but him"


def test_what_she_says_of_her_plan_stands_on_her_card(amara, at_work, cast):
    amara.begins("whole")
    amara.comes_to("If it happens again: where is a safe place?")
    amara.presses(go="on", answer="nan's kitchen")
    sends(amara)
    with at_work():
        assert SaferPlan.versions_of(cast.amara)[0].place == "nan's kitchen"
