"""What becomes of what a parent said after a return."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.alerts.sources import flagged_words
from portal.db import session
from portal.questionnaires.models import Submission
from portal.returns.family import FamilyForm
from portal.trail.models import Voice
from tests.factories import a_return
from tests.returns.at_home import OFFERED


def test_sent_it_is_the_parents_own_voice_about_the_young_person(ruth, at_work, cast):
    ruth.goes_to("reach")
    ruth.presses(go="on", answer=["call"], more="after six, in Igbo")
    page = ruth.sends()
    assert "You sent it to the team." in page.main
    with at_work():
        voice = session.scalars(select(Voice)).one()
        assert (voice.person_id, voice.about_id, voice.kind) == (cast.ruth, cast.amara, "parent")
        assert "after six, in Igbo" in voice.tell_how


def test_sent_twice_it_is_one(ruth, at_work):
    ruth.begins()
    ruth.sends()
    ruth.browser.post(ruth.path, {"screen": "check", "go": "send"})
    with at_work():
        assert len(session.scalars(select(Voice)).all()) == 1


def test_after_sending_the_front_page_thanks_and_takes_more(ruth):
    ruth.begins()
    ruth.sends()
    page = ruth.front()
    assert "You told us about it. Thank you." in page.main
    assert OFFERED not in page.main
    ruth.sees()
    assert ruth.presses(go="on").field("screen") == "deal"


def test_after_the_next_return_it_is_asked_again(ruth, at_work, cast, clock):
    ruth.begins()
    ruth.sends()
    with at_work():
        a_return(cast.amara, hours_ago=1, number="2")
    assert OFFERED not in ruth.front().main
    clock.forward(hours=23)
    assert OFFERED in ruth.again().front().main


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_a_worry_about_harm_is_an_alert_to_worker_and_duty_and_shows_numbers(said, ruth, at_work, cast):
    ruth.goes_to("harm")
    page = ruth.presses(go="on", answer=said)
    assert "Thank you for telling us." in page.main
    assert "0808 800 5000" in page.main
    assert "by Tuesday 24 November, 17:00" in page.main
    with at_work():
        alert = session.scalars(select(Alert)).one()
        assert (alert.rule, alert.child_id) == ("adult worry", cast.amara)
        [(asked, words)] = flagged_words(alert.source_kind, alert.source_id, alert.rule)
        assert "Ruth Obi, parent" in asked
        assert words in ("Yes", "I am not sure")


def test_the_alert_names_who_said_it_and_keeps_it_from_the_young_person(ruth, at_door, cast, at_work):
    ruth.goes_to("harm")
    ruth.presses(go="on", answer="yes")
    with at_work():
        key = session.scalars(select(Alert.id)).one()
    page = at_door("staff").sign_in_as(cast.dee).get(f"/alerts/{key}")
    assert "asked of Ruth Obi, parent" in page.main
    assert "The young person sees none of it here" in page.main


def test_after_a_worry_one_can_stop_and_later_goes_on_behind_it(ruth, at_work):
    ruth.goes_to("harm")
    after = ruth.presses(go="on", answer="yes").field("screen")
    assert ruth.browser.post(ruth.path, {"screen": after, "go": "stop"}).location == "/"
    assert ruth.sees().field("screen") == after.removeprefix("heard.")
    with at_work():
        assert session.scalars(select(Submission.state)).one() == "draft"


def test_kept_here_for_now_it_is_sent_to_nobody_and_can_be_sent_later(ruth, at_work):
    page = ruth.begins()
    while page.field("screen") != "check":
        page = ruth.presses(go="skip")
    assert ruth.browser.post(ruth.path, {"screen": "check", "go": "stop"}).location == "/"
    with at_work():
        assert session.scalars(select(Submission.state)).one() == "draft"
        assert session.scalar(select(Voice.id)) is None
    assert "You sent it" in ruth.presses(go="send").main


def test_no_worry_calls_nobody(ruth, at_work):
    ruth.goes_to("worries")
    ruth.presses(go="on", answer=["gifts", "money"])
    ruth.presses(go="on", answer="no")
    with at_work():
        assert session.scalar(select(Alert.id)) is None


def test_who_would_rather_tell_a_person_is_heard_as_an_adult(ruth, at_work):
    ruth.goes_to("harm")
    assert "Thank you for telling us." in ruth.presses(go="person").main
    with at_work():
        assert session.scalars(select(Alert.rule)).all() == ["adult worry"]


def test_pressed_twice_it_is_one_alert(ruth, at_work):
    ruth.goes_to("harm")
    ruth.presses(go="on", answer="yes")
    ruth.browser.post(ruth.path, {"screen": "harm", "go": "on", "answer": "yes"})
    with at_work():
        assert len(session.scalars(select(Alert)).all()) == 1


@pytest.mark.parametrize(
    ("said", "more", "kept"),
    [
        ("yes", "Dave, her new partner", "Yes\nDave, her new partner"),
        ("unsure", "", "I am not sure"),
        ("no", "", ""),
    ],
)
def test_whom_not_to_speak_to_is_kept_for_the_worker(said, more, kept, ruth, at_work):
    ruth.goes_to("not-to-speak-to")
    ruth.presses(go="on", answer=said, more=more)
    ruth.sends()
    with at_work():
        assert session.scalars(select(FamilyForm)).one().not_to_speak_to == kept


def test_the_young_person_learns_of_none_of_it(ruth, at_door, cast, at_work):
    ruth.goes_to("harm")
    ruth.presses(go="on", answer="yes")
    ruth.sends()
    with at_work():
        voice = session.scalars(select(Voice)).one()
        voice.answer("We ring you.", cast.sam)
        key = voice.id
    phone = at_door("young").sign_in_as(cast.amara)
    seen = [phone.get(path) for path in ("/", "/now", "/side", f"/answer/{key}")]
    assert seen[-1].status == 404
    assert not [page for page in seen if "new for you" in page.html or "We ring you" in page.html]
    assert "Nobody has said" not in phone.get("/now").main
