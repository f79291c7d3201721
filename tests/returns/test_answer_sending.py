"""The check page and sending: what leaves, once, and what the receipt says."""

from __future__ import annotations

from sqlalchemy import select

from portal import i18n
from portal.accounts.models import end_allocation
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.outbox import OutboxMessage
from portal.returns.models import ReturnForm, exact_words
from portal.trail.models import Voice
from tests.returns.conftest import BAD, CHECK, TELL

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


def test_the_receipt_in_another_language_promises_from_the_translation(amara):
    amara.phone.client.set_cookie("l", "eo", domain="young.localhost")
    amara.begins()
    amara.presses(go="on", answer="good", more="mi volis aeron")
    while amara.page.field("screen") != "check":
        amara.presses(go="skip")
    receipt = amara.presses(go="send").main
    assert i18n.Pseudo().gettext("First somebody puts your words into English.")[1:30] in receipt
