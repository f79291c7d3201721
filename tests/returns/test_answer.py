"""Your side: one address, from "Is it OK to do this now?" through every question."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.models import InterviewTask, waiting_for
from portal.returns.models import ReturnForm
from tests.returns.conftest import BAD, CHECK, HELP, Child
from tests.returns.test_now import everything_in

# --- is it OK to do this now ------------------------------------------------------------------------------------


def test_the_first_question_is_whether_now_is_all_right(amara):
    assert amara.opens("/side").main.startswith("Is it OK to do this now?")


def test_looking_at_the_first_question_keeps_nothing(amara, at_work):
    before = everything_in(at_work)
    amara.opens("/side")
    assert everything_in(at_work) == before


def test_someone_is_looking_is_leaving_and_nothing_else(amara):
    page = amara.opens("/side")
    button = next(b for b in page.tree.iter("button") if "Someone is looking" in b.text)
    assert (button.get("formaction"), button.get("name")) == ("/leave", None)


def test_someone_is_looking_leaves_for_another_site_and_ends_the_sitting(amara, at_work):
    page = amara.opens("/side")
    before = everything_in(at_work)
    answer = amara.phone.post("/leave", {"screen": "ok-now", "form_key": page.field("form_key")})
    assert answer.location == "https://www.bbc.co.uk/weather"
    after = everything_in(at_work)
    assert (after["submission"], after["return_form"]) == (before["submission"], before["return_form"])
    assert amara.phone.get("/side").location.endswith("/in")


def test_not_now_is_no_blame_and_nothing_more_is_asked(amara, at_work, rules):
    amara.opens("/side")
    page = amara.presses(go="not now").main
    assert "You are not in trouble." in page
    assert "?" not in page
    assert rules() == []
    with at_work():
        assert session.scalars(select(ReturnForm.choice)).one() == "not now"


def test_after_not_now_it_is_offered_again_another_time(amara, again, waiting_return, at_work, cast):
    amara.opens("/side")
    amara.presses(go="not now")
    assert again().opens("/side").main.startswith("Is it OK to do this now?")
    with at_work():
        assert waiting_for(cast.amara) is not None


def test_the_worker_sees_not_now_as_an_offer_that_was_put_off_and_once(amara, at_work, waiting_return):
    page = amara.opens("/side")
    for _ in range(2):
        amara.phone.post("/side", {"screen": "ok-now", "go": "not now", "form_key": page.field("form_key")})
    with at_work():
        task = session.get_one(InterviewTask, waiting_return)
        assert task.state == "offered"
        assert [(a.way, a.outcome) for a in task.attempts()] == [("here", "not now")]


def test_not_now_can_be_taken_back_at_once(amara):
    amara.opens("/side")
    amara.presses(go="not now")
    assert "the deal" in amara.presses(go="on").main


def test_rather_talk_asks_for_a_call_once_and_says_by_when(amara, rules):
    page = amara.opens("/side")
    for _ in range(2):
        amara.phone.post("/side", {"screen": "ok-now", "go": "talk", "form_key": page.field("form_key")})
    page = amara.opens("/side").main
    assert rules() == ["ring me"]
    assert "by Tuesday 24 November, 17:00" in page
    assert "Nobody has said yet that they have it." in page


def test_with_someone_goes_on_like_yes_and_is_noted(amara, at_work):
    amara.opens("/side")
    assert "the deal" in amara.presses(go="with someone").main
    with at_work():
        assert session.scalars(select(ReturnForm.choice)).one() == "with someone"


def test_yes_pressed_twice_begins_one_form(amara, submissions):
    page = amara.opens("/side")
    for _ in range(2):
        amara.phone.post("/side", {"screen": "ok-now", "go": "now", "form_key": page.field("form_key")})
    assert len(submissions()) == 1


# --- the questions ----------------------------------------------------------------------------------------------


def test_every_question_can_be_skipped(amara, answers):
    amara.begins()
    for _ in range(6):
        assert "Skip this" in amara.page.main
        amara.presses(go="skip", answer="good")
    assert amara.page.main.startswith(CHECK)
    assert set(answers().values()) == {((), "")}


def test_going_on_with_nothing_ticked_is_skipping(amara):
    amara.begins()
    assert amara.presses(go="on").main.startswith("About four more")


def test_what_was_ticked_and_written_is_saved_as_it_was(amara, answers):
    amara.begins()
    amara.comes_to("What was going on?")
    amara.presses(go="on", answer=["home", "space"], more="it was LOUD\r\nnobody  listens ☹")
    assert answers()["going-on"] == (("home", "space"), "it was LOUD\nnobody  listens ☹")


def test_back_shows_what_this_sitting_said(amara):
    amara.begins()
    amara.presses(go="on", answer="not-great", more="meh")
    page = amara.presses(go="back")
    marked = [e.get("value") for e in page.tree.iter("input") if e.get("checked") is not None]
    assert (marked, page.field("more")) == (["not-great"], "meh")


def test_back_keeps_what_was_typed_and_not_sent(amara, answers):
    amara.begins()
    amara.comes_to(HELP)
    assert BAD in amara.presses(go="back", answer="a lift home").main
    assert answers()["would-help"] == ((), "a lift home")


def test_back_wipes_nothing(amara, answers):
    amara.begins()
    amara.presses(go="on", answer="good")
    amara.presses(go="on", answer="yes")
    amara.presses(go="back")
    amara.presses(go="back", answer=[])
    assert answers()["as-you-see-it"] == (("yes",), "")


def test_skipping_what_this_sitting_said_takes_it_back(amara, answers):
    amara.begins()
    amara.presses(go="on", answer="good")
    amara.presses(go="back")
    amara.presses(go="skip")
    assert answers()["now"] == ((), "")


def test_an_old_page_answers_the_question_that_it_shows(amara, answers):
    amara.begins()
    old = amara.page.field("screen")
    amara.presses(go="skip")
    amara.presses(screen=old, go="on", answer="bad")
    assert answers()["now"] == (("bad",), "")


def test_leaving_and_coming_back_goes_on_at_the_same_place(amara, again):
    amara.begins()
    amara.presses(go="on", answer="good")
    later = again()
    later.opens("/side")
    assert "Was it missing, as you see it?" in later.presses(go="now").main


def test_each_saved_answer_is_in_the_audit_trail_without_its_words(amara, at_work):
    amara.begins()
    amara.presses(go="on", answer="good", more="heron")
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "answer.saved")).one()
    assert event.detail == '{"question": "now"}'


# --- all of it --------------------------------------------------------------------------------------------------


def test_another_child_meets_nothing_of_it(amara, at_door, cast):
    amara.begins()
    amara.presses(go="on", answer="bad", more="heron")
    jo = at_door("young").sign_in_as(cast.jo)
    assert "Is it OK to do this now?" in jo.get("/side").main


def test_two_children_at_once_each_send_their_own(amara, at_door, cast, submissions):
    jo = Child(at_door("young").sign_in_as(cast.jo))
    for child in (amara, jo):
        child.begins()
        child.comes_to(CHECK)
    for child in (amara, jo):
        assert child.presses(go="send").main.startswith(
            "You sent it to Sam." if child is amara else "You sent it to Lee."
        )
    assert {(s.person_id, s.state) for s in submissions()} == {(cast.amara, "sent"), (cast.jo, "sent")}


def test_every_page_of_the_journey_has_the_one_neutral_title(amara):
    titles = set()
    for page in (amara.opens("/side"), amara.presses(go="now"), amara.presses(go="on"), amara.presses(go="yes"),
                 amara.presses(go="quick"), amara.comes_to(CHECK), amara.presses(go="send")):  # fmt: skip
        titles.add(page.tree.findtext(".//title"))
    assert titles == {"Notes"}


def test_the_form_is_closed_when_all_is_put_away(amara, at_work, cast):
    with at_work() as hub:
        session.get_one(Person, cast.amara).put_away_at = hub.now()
    assert amara.opens("/side").status == 404
