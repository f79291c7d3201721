"""A parent's and a carer's side after a return: when it stands at their door, their way through it, what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.accounts.models import Link, Person
from portal.alerts.models import Alert
from portal.alerts.sources import flagged_words
from portal.db import session
from portal.episodes.models import Episode
from portal.questionnaires.models import Answer, Submission
from portal.returns.family import FamilyForm
from portal.trail.models import Voice
from tests.factories import a_return, safe_home

OFFERED = "Tell your side"


class AtHome:
    """Somebody at the families' door with the form about one young person."""

    def __init__(self, comes_in, link_id):
        self.comes_in, self.browser, self.path = comes_in, comes_in(), f"/side/{link_id}"
        self.episode = None  # the return that the form is about

    def again(self):
        """Come in anew: another sitting."""
        return AtHome(self.comes_in, self.path.rsplit("/", 1)[1])

    def front(self):
        return self.browser.get("/")

    def sees(self):
        return self.browser.get(self.path)

    def presses(self, **form):
        page = self.browser.page
        if page.tree is None or page.tree.find(".//input[@name='screen']") is None:
            page = self.sees()
        kept = {"screen": page.field("screen")}
        kept |= {name: page.field(name) for name in ("form_key", "version") if f'name="{name}"' in page.html}
        answer = self.browser.post(self.path, kept | form)
        return self.browser.get(answer.location) if answer.status == 303 else answer

    def begins(self):
        self.sees()
        self.presses(go="on")
        return self.presses(go="on")

    def goes_to(self, question):
        """Skip until that question is on the screen."""
        page = self.begins()
        while page.field("screen") != question:
            page = self.presses(go="skip")
        return page

    def sends(self):
        page = self.sees()
        while page.field("screen") != "check":
            page = self.presses(go="skip")
        return self.presses(go="send")


@pytest.fixture
def home(at_work, at_door, cast):
    """`home(adult, child, kind)`: contacting them is safe, the child came back a day ago, and they sit at their door."""

    def sit(adult=cast.ruth, child=cast.amara, kind="parent", hours_ago=24.0, by=cast.sam):
        with at_work():
            link = safe_home(adult, child, by, kind)
            task = a_return(child, hours_ago=hours_ago)
            episode = session.scalars(select(Episode).where(Episode.task_id == task.id)).one()
            ids = SimpleNamespace(link=link.id, episode=episode.id)
        made = AtHome(lambda: at_door("family").sign_in_as(adult), ids.link)
        made.episode = ids.episode
        return made

    return sit


@pytest.fixture
def ruth(home):
    return home()


@pytest.fixture
def carol(home, cast):
    return home(cast.carol, cast.amara, "residential")


# --- when it stands at the door -----------------------------------------------------------------------------------


def test_it_stands_at_the_door_at_the_same_hour_after_every_return(home, clock):
    ruth = home(hours_ago=23.5)
    assert OFFERED not in ruth.front().main
    clock.forward(minutes=31)
    assert OFFERED in ruth.again().front().main


def test_nothing_stands_there_until_contacting_home_is_recorded_as_safe(at_work, at_door, cast):
    with at_work():
        a_return(cast.amara)
    assert OFFERED not in at_door("family").sign_in_as(cast.ruth).get("/").main


def test_a_record_made_after_the_hour_counts_from_the_next_return(home, at_work, clock, cast):
    ruth = home(hours_ago=24.5)
    assert OFFERED not in ruth.front().main
    clock.forward(hours=40)
    with at_work():
        a_return(cast.amara, hours_ago=24, number="2")
    assert OFFERED in ruth.again().front().main


def test_the_record_is_per_parent(ruth, at_work, at_door, cast):
    with at_work():
        father = Person.enter("adult", "Femi Obi", roles=("parent or carer",)).id
        session.add(
            Link(
                adult_id=father,
                child_id=cast.amara,
                kind="parent",
                starts_at=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )
    assert OFFERED in ruth.front().main
    assert OFFERED not in at_door("family").sign_in_as(father).get("/").main


def test_taken_back_it_is_gone_at_once(ruth, at_work):
    with at_work():
        session.scalars(select(Link).where(Link.home_safe_at.is_not(None))).one().take_home_safe_back(
            ruth.episode
        )
    assert OFFERED not in ruth.front().main
    assert ruth.browser.get(ruth.path).location == "/"


def test_it_goes_when_the_placement_ends(carol, at_work):
    with at_work() as hub:
        session.scalars(select(Link).where(Link.kind == "residential")).one().ends_at = hub.now()
    assert OFFERED not in carol.front().main
    assert carol.browser.get(carol.path).status == 404


def test_after_four_weeks_a_return_is_not_asked_about_any_more(ruth, clock):
    clock.forward(days=28)
    assert OFFERED in ruth.again().front().main
    clock.forward(minutes=1)
    assert OFFERED not in ruth.again().front().main


def test_a_parent_of_two_has_one_form_for_each(home, cast, at_work):
    ruth = home()
    also = home(cast.ruth, cast.jo)
    page = ruth.front()
    assert page.main.count(OFFERED) == 2
    ruth.begins()
    also.begins()
    with at_work():
        drafts = session.scalars(select(Submission).where(Submission.person_id == cast.ruth)).all()
        assert {draft.about_id for draft in drafts} == {cast.amara, cast.jo}


def test_anothers_link_is_not_found(ruth, at_door, cast):
    carol = at_door("family").sign_in_as(cast.carol)
    assert carol.get(ruth.path).status == 404
    assert carol.post(ruth.path, {"screen": "start", "go": "on"}).status == 404


# --- the way through it -------------------------------------------------------------------------------------------


def test_first_it_says_what_it_is_and_that_it_need_not_be(ruth):
    page = ruth.sees()
    assert "It is about Amara" in page.main
    assert "Nobody holds it against you" in page.main
    assert ruth.browser.post(ruth.path, {"screen": "start", "go": "not now"}).location == "/"


def test_looking_begins_nothing(ruth, at_work):
    ruth.sees()
    with at_work():
        assert session.scalar(select(Submission.id)) is None


def test_no_question_before_the_deal(ruth):
    ruth.sees()
    page = ruth.presses(go="on")
    assert "the deal" in page.main
    ruth.browser.post(ruth.path, {"screen": "noticed", "go": "on", "answer": "early"})
    assert "the deal" in ruth.sees().main


def test_every_page_says_that_a_missing_child_is_not_reported_here(carol):
    pages = [carol.front(), carol.sees(), carol.presses(go="on"), carol.presses(go="on")]
    pages.append(carol.sends())
    for page in pages:
        assert "This is not where you report a child missing. Ring 999 or 101, and the duty team" in page.main


def test_each_question_says_of_whom_it_speaks(ruth):
    assert "About Amara" in ruth.begins().main


def test_every_question_can_be_skipped(ruth):
    page = ruth.begins()
    asked = []
    while page.field("screen") != "check":
        asked.append(page.field("screen"))
        page = ruth.presses(go="skip")
    assert len(asked) == 10


def test_what_was_said_can_be_seen_and_changed_before_it_is_sent(ruth):
    ruth.begins()
    ruth.presses(go="on", answer="she was quiet")
    page = ruth.browser.page
    while page.field("screen") != "check":
        page = ruth.presses(go="skip")
    assert "she was quiet" in page.main
    page = ruth.presses(change="noticed")
    assert page.field("answer") == "she was quiet"
    assert "she was loud" in ruth.presses(go="on", answer="she was loud").main


def test_going_back_keeps_what_was_written(ruth):
    ruth.begins()
    ruth.presses(go="on", answer="quiet")
    assert ruth.presses(go="back").field("answer") == "quiet"


def test_in_a_later_sitting_nothing_of_the_earlier_one_is_shown(ruth, at_work):
    ruth.begins()
    ruth.presses(go="on", answer="she was quiet")
    again = ruth.again()
    assert "What you told us before is kept." in again.sees().main
    page = again.presses(go="on")
    assert page.field("screen") == "came-back"
    while page.field("screen") != "check":
        assert "she was quiet" not in page.html
        page = again.presses(go="skip")
    assert "she was quiet" not in page.html
    again.browser.post(again.path, {"screen": "noticed", "go": "on", "answer": "written over"})
    with at_work():
        kept = session.scalars(select(Answer).where(Answer.question == "noticed")).one()
        assert kept.words == "she was quiet"


def test_too_much_comes_back_with_what_was_typed(ruth):
    ruth.begins()
    page = ruth.presses(go="on", answer="x" * 20_001)
    assert page.status == 422
    assert page.field("answer") == "x" * 20_001


def test_odd_screens_lead_to_the_one_that_is_due(ruth):
    ruth.begins()
    for screen in ("", "nothing", "check.nothing", "heard.noticed", "talk.x", "may-read", "ok-now"):
        assert ruth.browser.post(ruth.path, {"screen": screen, "go": "on", "answer": "\0😀"}).status == 303
    assert ruth.sees().field("screen") == "noticed"


# --- what becomes of it -------------------------------------------------------------------------------------------


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


# --- a carer's form -----------------------------------------------------------------------------------------------


def test_a_carer_is_asked_when_they_came_back_and_it_stands_beside_the_lists_time(carol, at_work, cast):
    assert carol.begins().field("screen") == "home-time"
    page = carol.presses(go="on", answer="2026-11-22", more="21:40")
    assert page.field("screen") == "came-back"
    carol.sends()
    with at_work():
        episode = session.get(Episode, carol.episode)
        assert episode.home_returned_at == datetime(2026, 11, 22, 21, 40, tzinfo=UTC)
        assert episode.home_said_by_id == cast.carol
        assert episode.returned_at != episode.home_returned_at
        assert session.scalars(select(Voice.kind)).one() == "carer"


def test_when_they_came_back_stands_on_the_check_page_as_people_say_it(carol):
    carol.begins()
    page = carol.presses(go="on", answer="2026-11-22", more="21:40")
    while page.field("screen") != "check":
        page = carol.presses(go="skip")
    assert ("Sunday 22 November, 21:40" in page.main, "2026-11-22" in page.main) == (True, False)


@pytest.mark.parametrize(
    ("day", "time"), [("2026-02-31", "10:00"), ("yesterday", "10:00"), ("2026-11-22", ""), ("", "21:40"), ("2026-12-24", "10:00")]
)  # fmt: skip
def test_what_is_no_moment_comes_back_with_what_was_typed(day, time, carol):
    carol.begins()
    page = carol.presses(go="on", answer=day, more=time)
    assert page.status == 422
    assert "Enter the day and the time when they came back" in page.main
    assert page.field("answer") == day
    assert page.field("more") == time


@pytest.mark.parametrize(("day", "time"), [("22/11/2026", "9.40 pm"), ("22.11.26", "2140")])
def test_a_day_and_a_time_may_be_typed_as_people_write_them(day, time, carol, at_work):
    carol.begins()
    assert carol.presses(go="on", answer=day, more=time).status == 200
    carol.sends()
    with at_work():
        assert session.get(Episode, carol.episode).home_returned_at == datetime(
            2026, 11, 22, 21, 40, tzinfo=UTC
        )


def test_going_back_with_half_a_moment_breaks_nothing(carol):
    carol.begins()
    carol.presses(go="skip")
    carol.presses(go="back")
    assert carol.browser.page.field("screen") == "home-time"
    carol.browser.post(
        carol.path, {"screen": "check.home-time", "go": "back", "answer": "2026-13-01", "more": "x"}
    )
    assert carol.sends().status == 200


def test_skipped_home_says_nothing(carol, at_work):
    carol.begins()
    carol.sends()
    with at_work():
        assert session.get(Episode, carol.episode).home_returned_at is None


def test_a_child_hurt_or_unwell_on_coming_back_is_a_worry(carol, at_work):
    carol.goes_to("came-back")
    carol.presses(go="on", answer=["hurt", "tired"])
    with at_work():
        assert session.scalars(select(Alert.rule)).one() == "adult worry"
