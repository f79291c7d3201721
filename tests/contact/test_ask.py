"""Asking for something: each thing is an ask of its own with a day, and nothing of it shows on the phone again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, allocate
from portal.accounts.pauses import Pause
from portal.alerts.models import Alert
from portal.contact.models import Ask
from portal.contact.words import answer_by
from portal.db import new_id, session
from portal.outbox import OutboxMessage
from portal.trail.models import Voice


def test_the_front_page_leads_to_it(amara):
    assert 'href="/ask"' in amara.get("/").html


def test_each_thing_becomes_an_ask_with_its_own_day(asks, asked):
    """A Tuesday, ten o'clock: what may be needed tonight by the end of Wednesday, the rest by the end of Friday."""
    asks("lift", "bus-pass", words="to nan's")
    assert {what: ask.answer_by for what, (ask, _) in asked().items()} == {
        "A lift": datetime(2026, 11, 25, 17, tzinfo=UTC),
        "A bus pass": datetime(2026, 11, 27, 16, 30, tzinfo=UTC),
    }
    assert {ask.words for ask, _ in asked().values()} == {"to nan's"}


@pytest.mark.parametrize(
    ("now", "by"),
    [
        (
            datetime(2026, 11, 24, 8, 59, tzinfo=UTC),
            datetime(2026, 11, 24, 17, tzinfo=UTC),
        ),  # before the opening
        (datetime(2026, 11, 27, 10, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC)),  # a Friday: Monday
        (
            datetime(2026, 11, 28, 12, tzinfo=UTC),
            datetime(2026, 11, 30, 17, tzinfo=UTC),
        ),  # a Saturday: Monday
    ],
)
def test_days_are_the_hubs_working_days_and_never_one_under_way(hub_file, now, by):
    assert answer_by(now, hub_file, soon=True) == by


def test_the_hubs_file_says_in_how_many_working_days(hub_file):
    one_day = hub_file.model_copy(update={"ask_days": 1})
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert answer_by(now, one_day, soon=False) == answer_by(now, hub_file, soon=True)


def test_the_page_says_by_which_day_and_not_what(asks):
    page = asks("lift").main
    assert "You get an answer by Wednesday 25 November." in page
    assert "lift" not in page


def test_with_several_days_it_says_the_first_and_the_last(asks):
    assert (
        "the first answers by Wednesday 25 November, and the last by Friday 27 November"
        in asks("lift", "bus-pass").main
    )


def test_nothing_of_it_shows_in_another_sitting(asks, at_door, cast):
    asks("nurse", words="it hurts")
    page = at_door("young").sign_in_as(cast.amara).get("/ask")
    assert "it hurts" not in page.html
    assert "by Wednesday" not in page.main


def test_words_alone_are_an_ask(asks, asked):
    asks(words="a sleeping bag 🙂")
    assert asked()["Something else"][0].words == "a sleeping bag 🙂"


def test_nothing_at_all_says_what_to_do(asks, asked):
    page = asks()
    assert (page.status, asked()) == (422, {})
    assert "Tick what you would like, or write it down." in page.main


def test_too_long_comes_back_with_everything_in_it(asks, asked):
    page = asks("lift", words="w" * 5001)
    assert (page.status, len(page.field("words")), asked()) == (422, 5001, {})
    assert next(e for e in page.tree.iter("input") if e.get("value") == "lift").get("checked") is not None


def test_the_hubs_own_things_to_try_can_be_asked_for(asks, asked):
    asks("try:Football", "try:Skydiving")
    assert set(asked()) == {"Football"}


def test_sent_twice_it_is_asked_once(amara, asked):
    page = amara.get("/ask")
    for _ in range(2):
        assert amara.post("/ask", {"what": "lift", "form_key": page.field("form_key")}).status == 303
    assert len(asked()) == 1


def test_the_worker_hears_that_something_waits(asks, at_work, cast):
    asks("lift")
    with at_work():
        assert list(session.scalars(select(OutboxMessage.recipient_id))) == [cast.sam]


def test_a_different_worker_is_for_managers_alone(asks, asked, at_work, at_door, cast):
    asks("different-worker")
    with at_work():
        assert list(session.scalars(select(OutboxMessage.recipient_id))) == [cast.priya]
    voice = asked()["A different worker"][1]
    read = {
        who: at_door("staff").sign_in_as(getattr(cast, who)).get(f"/voices/{voice.id}").status
        for who in ("sam", "dee", "priya")
    }
    assert read == {"sam": 404, "dee": 404, "priya": 200}


@pytest.fixture
def held_by_priya(at_work, cast):
    """Priya, a manager, is Amara's worker; Max is a manager too."""
    with at_work():
        allocate(cast.amara, cast.priya)
        return Person.enter("staff", "Max Other", roles=("manager",)).id


def test_the_worker_whom_it_is_about_does_not_read_it_though_she_is_a_manager_too(
    asks, asked, held_by_priya, at_work, at_door, cast
):
    """Seen red without the look at who held the young person then."""
    asks("different-worker")
    with at_work():
        assert list(session.scalars(select(OutboxMessage.recipient_id))) == [held_by_priya]
        allocate(cast.amara, cast.sam)
    voice = asked()["A different worker"][1]
    for who, status in ((cast.priya, 404), (held_by_priya, 200)):
        browser = at_door("staff").sign_in_as(who)
        assert browser.get(f"/voices/{voice.id}").status == status
        assert ("A different worker" in browser.get("/asks").main) is (status == 200)


def test_a_manager_who_may_not_read_what_they_say_is_told_nothing(asks, at_work, cast):
    with at_work():
        other = Person.enter("staff", "Max Other", roles=("manager",)).id
        Pause.begin(cast.amara, cast.priya, new_id())
    asks("different-worker")
    with at_work():
        assert list(session.scalars(select(OutboxMessage.recipient_id))) == [other]


def test_where_no_manager_is_left_somebody_is_asked_to_get_in_touch(asks, at_work, cast):
    with at_work():
        allocate(cast.amara, cast.priya)
        Pause.begin(cast.amara, cast.priya, new_id())
    asks("different-worker")
    with at_work():
        assert session.scalars(select(Alert.rule)).one() == "rather tell a person"
        assert list(session.scalars(select(OutboxMessage.recipient_id))) == [cast.dee]


def test_how_to_be_told_is_asked_each_time_and_reaches_the_worker(asks, asked):
    asks("lift", tell="in person")
    assert asked()["A lift"][1].tell_how == "Face to face"


def test_what_names_the_police_stays_off_the_phone(asks, asked):
    asks("lift", words="to the police station")
    assert asked()["A lift"][1].in_person_only


def test_the_answer_is_new_today_on_their_front_page(asks, asked, doors, cast, amara):
    asks("lift")
    voice = asked()["A lift"][1]
    sam = doors.staff.sign_in_as(cast.sam)
    page = sam.get(f"/voices/{voice.id}")
    assert "A lift" in page.main
    sam.post(f"/voices/{voice.id}/answer", {"answer-words": "Yes. Dee comes at four."})
    assert "Something new for you" in amara.get("/").main
    amara.post(f"/answer/{voice.id}")
    assert "Yes. Dee comes at four." in amara.follow().main


def test_an_ask_closes_only_with_an_answer_or_a_reason(asks, asked, doors, cast, at_work):
    asks("food")
    voice_id = asked()["Food"][1].id
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get(f"/voices/{voice_id}")
    sam.post(f"/voices/{voice_id}/no-answer", {"none-reason": "Her stepfather reads the phone."})
    with at_work():
        assert session.get_one(Voice, voice_id).not_safe_at is not None


@pytest.mark.parametrize("odd", ["x", "try:", "\0", "\ud800", "lift" * 1000])
def test_an_odd_thing_is_not_asked_for(asks, asked, odd):
    assert asks(odd.encode("utf-8", "replace")).status == 422
    assert asked() == {}


def test_what_was_asked_for_lies_sealed(asks, at_work):
    asks("nurse", words="it hurts")
    with at_work():
        raw = repr(session.execute(select(Ask.__table__)).all())
    assert "nurse" not in raw
    assert "it hurts" not in raw
