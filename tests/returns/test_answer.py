"""Your side: one address from "Is it OK to do this now?" to the receipt."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, end_allocation
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.models import InterviewTask, waiting_for
from portal.outbox import OutboxMessage
from portal.returns.models import ReturnForm, draft_reading, exact_words
from portal.trail.models import Voice
from tests.returns.conftest import Child
from tests.returns.test_now import everything_in

BAD = "Did anything bad happen?"
HELP = "What would help?"
TELL = "How shall we tell you what happens?"
CHECK = "Look at it before it goes"


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


# --- the deal ---------------------------------------------------------------------------------------------------


def test_the_deal_names_the_worker_and_has_no_skip(amara):
    amara.opens("/side")
    page = amara.presses(go="now")
    assert "Sam and their team read it" in page.main
    assert "Skip" not in page.main


@pytest.mark.parametrize("screen", ["may-read", "now", "check", "check.now", "heard.would-help"])
def test_nothing_is_taken_before_the_deal(amara, answers, submissions, screen):
    amara.opens("/side")
    amara.presses(go="now")
    page = amara.presses(screen=screen, go="on", answer="good", change="now")
    assert "the deal" in page.main
    assert answers() == {}


def test_whether_a_draft_may_be_read_cannot_be_said_before_the_deal(amara, submissions, answers):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(screen="may-read", go="yes")
    amara.presses(screen="now", go="on", answer="good")
    assert (submissions()[0].may_read_draft, answers()) == (None, {})


def test_nothing_is_taken_before_she_said_whether_a_draft_may_be_read(amara, answers):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    assert "May Sam read" in amara.presses(screen="now", go="on", answer="good").main
    assert answers() == {}


def test_nothing_is_sent_before_the_deal(amara, at_work):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(screen="check", go="send")
    with at_work():
        assert session.scalars(select(Voice)).all() == []


def test_the_version_agreed_to_is_kept(amara, submissions, clock):
    amara.begins()
    kept = submissions()[0]
    assert (kept.deal_version, kept.deal_agreed_at) == (1, clock())


@pytest.mark.parametrize("version", ["", "2", "-1", "١", "01"])
def test_a_deal_that_does_not_exist_is_not_agreed_to(amara, submissions, version):
    amara.opens("/side")
    amara.presses(go="now")
    assert "the deal" in amara.presses(go="on", version=version).main
    assert submissions()[0].deal_version is None


def test_instead_of_the_deal_a_call(amara, rules):
    amara.opens("/side")
    amara.presses(go="now")
    assert "get in touch" in amara.presses(go="talk").main
    assert rules() == ["ring me"]


# --- may it be read before it is sent ---------------------------------------------------------------------------


def what_sam_reads_of_the_draft(at_work, cast):
    with at_work():
        return dict(draft_reading(cast.amara))


def test_a_draft_is_read_by_nobody_unless_she_said_so(amara, at_work, cast, submissions):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    amara.presses(go="no")
    amara.presses(go="on", answer="good")
    assert what_sam_reads_of_the_draft(at_work, cast) == {}
    with at_work():
        assert exact_words(submissions()[0].id) == []


def test_a_draft_is_read_if_she_said_so(amara, at_work, cast):
    amara.begins()
    amara.presses(go="on", answer="good", more="tired tho")
    assert what_sam_reads_of_the_draft(at_work, cast)["How are you right now?"] == "Good\ntired tho"


def test_passing_the_question_by_is_a_no(amara, submissions):
    amara.opens("/side")
    amara.presses(go="now")
    amara.presses(go="on")
    assert amara.presses(go="skip").main.startswith("About five more")
    assert submissions()[0].may_read_draft is False


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


# --- flags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ticked", "raised"),
    [
        ("hurt", ["hurt"]), ("made-me", ["hurt"]), ("touched", ["hurt"]), ("photos", ["hurt"]),
        ("scared", ["scared"]), ("wanted-back", ["scared"]), ("owe", ["scared"]), ("gifts", []), ("none", []),
    ],
)  # fmt: skip
def test_a_tick_raises_its_flag_when_it_is_saved_and_a_gift_alone_raises_none(amara, rules, ticked, raised):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer=ticked)
    assert rules() == raised


def test_each_rule_is_raised_once_however_often_it_is_said(amara, rules):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer=["hurt", "photos", "scared"])
    amara.presses(screen="anything-bad", go="on", answer=["hurt", "touched"])
    assert sorted(rules()) == ["hurt", "scared"]


def test_a_flag_points_at_the_form_and_its_messages_leave_with_it(amara, at_work, cast, submissions):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    with at_work():
        alert = session.scalars(select(Alert)).one()
        told = set(session.scalars(select(OutboxMessage.recipient_id)))
    assert alert.source_id == submissions()[0].id
    assert told == {cast.sam, cast.dee}


def test_where_a_flag_cannot_be_raised_the_answer_is_not_called_saved(amara, answers, no_message_can_be_put):
    amara.begins()
    amara.comes_to(BAD)
    assert amara.presses(go="on", answer="hurt").status == 503
    assert "anything-bad" not in answers()


def test_after_a_flag_come_thanks_numbers_and_what_is_true(amara):
    amara.begins()
    amara.comes_to(BAD)
    page = amara.presses(go="on", answer="hurt").main
    assert page.index("0800 1111") < page.index("Thank you for telling us.")
    assert "by Tuesday 24 November, 11:00" in page
    assert "Nobody has said yet that they have it." in page
    assert HELP in amara.presses(go="on").main


def test_after_a_flag_she_can_stop_and_later_goes_on_behind_it(amara):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    answer = amara.phone.post("/side", {"screen": "heard.would-help", "go": "stop"})
    assert answer.location == "/"
    assert HELP in amara.opens("/side").main


def test_rather_tell_a_person_is_an_answer_and_an_alert(amara, rules, answers):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="person", answer="hurt")
    assert rules() == ["rather tell a person"]
    assert answers()["anything-bad"] == (("person",), "")


def test_a_question_that_is_not_sensitive_takes_no_rather_tell_a_person(amara, rules):
    amara.begins()
    assert "rather tell a person" not in amara.page.main
    amara.presses(go="person")
    assert rules() == []


def test_going_back_calls_nobody(amara, rules, answers):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="back", answer="hurt")
    assert rules() == []
    assert "anything-bad" not in answers()


def test_skipping_calls_nobody_whatever_is_ticked(amara, rules):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="skip", answer="hurt")
    assert rules() == []


def test_nobody_asks_for_detail_of_something_bad(amara):
    amara.begins()
    assert "textarea" not in amara.comes_to(BAD).html


# --- the check page ---------------------------------------------------------------------------------------------


def test_the_check_page_shows_what_this_sitting_said(amara):
    amara.begins()
    amara.presses(go="on", answer="not-great", more="meh")
    page = amara.comes_to(CHECK).main
    assert "How are you right now? Not great meh Change" in page
    assert "You skipped this. That is OK." in page


def test_an_answer_is_changed_from_the_check_page_and_leads_back_there(amara, answers):
    amara.begins()
    amara.comes_to(CHECK)
    assert "How are you right now?" in amara.presses(change="now").main
    assert amara.presses(go="on", answer="ok").main.startswith(CHECK)
    assert answers()["now"] == (("ok",), "")


def test_back_from_a_change_is_the_check_page(amara):
    amara.begins()
    amara.comes_to(CHECK)
    amara.presses(change="now")
    assert amara.presses(go="back").main.startswith(CHECK)


def test_back_from_the_check_page_is_the_last_question(amara):
    amara.begins()
    amara.comes_to(CHECK)
    assert TELL in amara.presses(go="back").main


def test_keeping_it_for_now_sends_nothing(amara, submissions):
    amara.begins()
    amara.comes_to(CHECK)
    assert amara.phone.post("/side", {"screen": "check", "go": "stop"}).location == "/"
    assert submissions()[0].state == "draft"


# --- sending ----------------------------------------------------------------------------------------------------


def test_sending_makes_a_voice_and_tells_the_worker_that_something_waits(amara, at_work, cast, submissions):
    amara.sends_everything()
    with at_work():
        voice = session.scalars(select(Voice)).one()
        message = session.scalars(select(OutboxMessage)).one()
    assert (voice.kind, voice.source_id, voice.person_id) == ("return", submissions()[0].id, cast.amara)
    assert (message.kind, message.object_id, message.recipient_id) == ("voice.new", voice.id, cast.sam)


def test_sent_twice_is_one(amara, at_work):
    amara.begins()
    amara.comes_to(CHECK)
    for _ in range(2):
        assert amara.phone.post("/side", {"screen": "check", "go": "send"}).status == 303
    with at_work():
        assert len(session.scalars(select(Voice)).all()) == 1


def test_a_form_alone_is_not_a_conversation(amara, at_work, waiting_return):
    amara.sends_everything()
    with at_work():
        assert session.get_one(InterviewTask, waiting_return).state == "form only"
        assert session.scalars(select(ReturnForm.task_id)).one() == waiting_return


def test_without_a_return_her_side_is_open_all_the_same(amara, at_work):
    assert amara.sends_everything().main.startswith("You sent it to Sam.")
    with at_work():
        assert session.scalars(select(ReturnForm.task_id)).one() is None


def test_where_nobody_holds_her_it_goes_to_the_team_and_says_so(amara, at_work, cast):
    with at_work():
        end_allocation(cast.amara)
    assert amara.sends_everything().main.startswith("You sent it to the team.")
    with at_work():
        assert session.scalars(select(OutboxMessage.recipient_id)).all() == [cast.dee]


def test_a_form_begun_before_counts_for_the_return_that_waits_when_it_is_sent(amara, at_work, request):
    amara.begins()
    waiting = request.getfixturevalue("waiting_return")
    amara.comes_to(CHECK)
    amara.presses(go="send")
    with at_work():
        assert session.get_one(InterviewTask, waiting).state == "form only"


def test_how_she_wants_to_be_told_goes_with_the_voice(amara, at_work):
    amara.begins()
    amara.comes_to(TELL)
    amara.presses(go="on", answer="in person", more="not at school")
    amara.presses(go="send")
    with at_work():
        assert session.scalars(select(Voice)).one().tell_how == "Face to face\nnot at school"


def test_the_receipt_says_when_a_person_reads_it_and_that_nobody_watches(amara):
    page = amara.sends_everything().main
    assert "A person reads this by Wednesday, 5 in the afternoon." in page
    assert "Nobody watches this at night." in page


def test_after_sending_nothing_typed_is_shown_again(amara):
    amara.begins()
    amara.presses(go="on", answer="bad", more="heron")
    amara.comes_to(CHECK)
    assert "heron" not in amara.presses(go="send").html
    for screen in ("now", "check", "check.now"):
        assert "heron" not in amara.presses(screen=screen, go="back", change="now").html


def test_after_sending_an_old_page_changes_nothing(amara, answers):
    amara.sends_everything()
    amara.presses(screen="now", go="on", answer="bad")
    assert answers()["now"] == ((), "")


def test_something_more_is_a_new_form(amara, submissions):
    amara.sends_everything()
    assert "the deal" in amara.presses(go="on").main
    assert [s.state for s in submissions()] == ["sent", "draft"]


def test_the_next_sitting_is_not_shown_that_something_was_sent(amara, again):
    amara.sends_everything()
    assert again().opens("/side").main.startswith("Is it OK to do this now?")


def test_the_worker_reads_every_question_in_order_with_her_exact_words(amara, at_work, submissions):
    amara.begins()
    amara.presses(go="on", answer="not-great", more="meh ☹")
    amara.comes_to(BAD)
    amara.presses(go="person")
    amara.presses(go="on")
    amara.comes_to(CHECK)
    amara.presses(go="send")
    with at_work():
        words = exact_words(submissions()[0].id)
    assert words[0] == ("How are you right now?", "Not great\nmeh ☹")
    assert words[1] == ("Was it missing, as you see it?", "")
    assert words[3] == (BAD, "I'd rather tell a person")


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
                 amara.comes_to(CHECK), amara.presses(go="send")):  # fmt: skip
        titles.add(page.tree.findtext(".//title"))
    assert titles == {"Notes"}


def test_the_form_is_closed_when_all_is_put_away(amara, at_work, cast):
    with at_work() as hub:
        session.get_one(Person, cast.amara).put_away_at = hub.now()
    assert amara.opens("/side").status == 404
