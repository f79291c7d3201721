"""Never a false promise: whatever the state of things, each sentence the young person reads is true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal import i18n
from portal.accounts.rota import EMERGENCY_DUTY_TEAM, DutyTurn
from portal.alerts.models import Alert
from portal.alerts.truth import Told, true_words, what_is_true
from portal.config import LONDON, Hub
from portal.db import session
from portal.notify.models import Waiting, beat
from portal.outbox import OutboxMessage
from tests.conftest import HUB, write_hub

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
NEVER = (
    "watch",
    "soon",
    "will",
    "promise",
    "straight away",
    "immediately",
    "don't worry",
    "everyone",
    "always",
    "!",
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    (folder / "hubs").mkdir()
    return write_hub(folder, HUB)


def said(file, *told, now=NOW, oldest=None, beaten=NOW):
    return true_words(told, Waiting(oldest, beaten), now, file)


# --- every state --------------------------------------------------------------------------------------------------

NAMES = st.sampled_from([None, "Sam", "Dee"])
THINGS = st.builds(
    lambda name, over, left, not_left: Told(name, over and name is not None, left, not_left),
    NAMES, st.booleans(), st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip
INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
AGES = st.one_of(st.none(), st.integers(0, 900).map(lambda seconds: timedelta(seconds=seconds)))


def is_open(file, now):
    day = file.office_day(now.astimezone(LONDON).date())
    return day is not None and day.opens <= now < day.closes


def before(now, age):
    return None if age is None else now - age


@given(told=st.lists(THINGS, max_size=4), now=INSTANTS, oldest=AGES, beaten=AGES)
def test_no_state_makes_a_false_promise(file, told, now, oldest, beaten):
    words = true_words(told, Waiting(before(now, oldest), before(now, beaten)), now, file)
    text = " ".join(words)
    waiting = [one for one in told if one.held_by is None]
    assert not [word for word in NEVER if word in text.lower()], text
    # Somebody "has it" only if that person pressed so, and has not closed it.
    for name in ("Sam", "Dee"):
        assert (f"{name} has" in text) == any(one.held_by == name and not one.over for one in told)
    assert any("Nobody has said yet" in line for line in words) == bool(waiting)
    # A message "has left" only if one did, for each thing that nobody has taken.
    if "A message about it has left" in text:
        assert all(one.left and not one.not_left for one in waiting)
    if "has left" in text:
        assert all(one.left for one in waiting)
    if any(not one.left for one in waiting):
        assert "The message about it has not left yet." in words
    # The office is called open only while it is.
    assert ("The office is open now" in text) == is_open(file, now)
    assert ("The office is closed now" in text) == (not is_open(file, now))
    if not is_open(file, now) and waiting:
        assert "do not count on anybody here" in text
    # Numbers that answer day and night stand there whatever happens.
    assert "999" in words[-1]
    assert "0800 1111" in words[-1]
    assert ("What you said is saved." in words) == bool(told)


# --- and in words -------------------------------------------------------------------------------------------------


def test_saved_and_on_its_way_in_office_hours(file):
    assert said(file, Told(not_left=2)) == [
        "What you said is saved.",
        "Nobody has said yet that they have it.",
        "The message about it has not left yet.",
        "The office is open now, until 17:00.",
        "Day and night you can ring 999, or Childline on 0800 1111.",
    ]


def test_a_message_that_left_is_not_called_read(file):
    assert "A message about it has left. That does not mean that somebody has read it." in said(
        file, Told(left=2)
    )


@pytest.mark.parametrize(
    ("oldest", "beaten"),
    [(NOW - timedelta(seconds=61), NOW), (NOW, NOW - timedelta(seconds=121)), (NOW, None)],
    ids=["stuck", "sender silent", "no sender ever"],
)
def test_a_message_that_does_not_leave_is_not_waited_for(file, oldest, beaten):
    words = said(file, Told(not_left=2), oldest=oldest, beaten=beaten)
    assert "Do not wait for it. Please ring somebody." in words


def test_at_night_no_cover_is_promised_and_the_night_team_is_named(file):
    assert said(file, Told(left=1), now=datetime(2026, 11, 27, 23, tzinfo=UTC))[3:6] == [
        "The office is closed now.",
        "It opens on Monday 30 November at 09:00.",
        "Until it opens, do not count on anybody here to see this.",
    ]
    assert "The emergency duty team: 0161 496 0102. Every night and all weekend." in said(
        file, now=datetime(2026, 11, 27, 23, tzinfo=UTC)
    )


def test_one_who_has_part_of_it_does_not_have_the_rest(file):
    words = said(file, Told("Sam"), Told(left=1))
    assert words[1:3] == ["Sam has part of it.", "Nobody has said yet that they have the rest."]


def test_one_thing_that_waits_unsent_is_not_covered_by_another_that_left(file):
    assert "The message about it has not left yet." in said(file, Told(left=2), Told(not_left=1))


# --- from the database --------------------------------------------------------------------------------------------


@pytest.fixture
def amara_reads(hub_file, clock, cast):
    def read(language="en_GB"):
        with Hub(hub_file, clock=clock).entered(), i18n.speaking(language):
            try:
                return what_is_true(cast.amara)
            finally:
                session.remove()

    return read


def test_nothing_said_says_nothing_of_it(amara_reads):
    assert amara_reads()[0] == "The office is open now, until 17:00."


def test_it_is_true_from_press_to_end(says, at_work, amara_reads, cast):
    alert = says("not safe")
    assert "The message about it has not left yet." in amara_reads()
    with at_work() as hub:
        beat()
        session.execute(update(OutboxMessage).values(delivered_at=hub.now()))
    assert "Nobody has said yet that they have it." in amara_reads()
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    assert "Dee has it." in amara_reads()
    with at_work():
        session.get_one(Alert, alert).close("Rang her.", cast.dee)
    assert "Dee had it, and wrote down what happened." in amara_reads()


def test_one_message_of_two_that_left_is_said_so(says, at_work, amara_reads):
    says("not safe")
    with at_work() as hub:
        session.scalars(select(OutboxMessage)).first().delivered_at = hub.now()
    assert "One message about it has left. Another has not left yet." in amara_reads()


def test_opening_the_page_is_not_having_it(says, amara_reads, doors, cast):
    alert = says("not safe")
    assert doors.staff.sign_in_as(cast.sam).get(f"/alerts/{alert}").status == 200
    assert "Nobody has said yet that they have it." in amara_reads()


def test_what_was_said_on_another_day_is_not_shown(says, amara_reads, clock):
    says("not safe")
    clock.forward(hours=24)
    assert "What you said is saved." not in amara_reads()


def test_what_was_said_before_midnight_is_shown_after_it(says, amara_reads, clock):
    clock.at = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
    says("not safe")
    clock.forward(minutes=20)
    assert "What you said is saved." in amara_reads()


def test_a_parents_worry_shows_the_child_nothing(says, amara_reads):
    untouched = amara_reads()
    says("adult worry")
    assert amara_reads() == untouched


def test_another_childs_alert_changes_nothing(says, amara_reads, cast):
    untouched = amara_reads()
    says("not safe", child=cast.jo)
    assert amara_reads() == untouched


def test_every_sentence_is_marked_for_translation(says, amara_reads):
    says("not safe")
    for sentence in amara_reads("eo"):
        assert sentence.startswith("["), sentence


# --- at night, by the rota ----------------------------------------------------------------------------------------

UP = "Somebody is on duty now, while it is closed. That does not mean that they have seen this."
NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)


@pytest.fixture
def dee_is_up(at_work, cast, clock):
    clock.at = NIGHT
    with at_work():
        DutyTurn.enter(
            cast.dee, EMERGENCY_DUTY_TEAM, NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=1), cast.priya
        )


def test_while_the_rota_has_somebody_that_is_said(says, amara_reads, dee_is_up):
    says("not safe")
    assert UP in amara_reads()


def test_when_the_turn_is_over_nobody_is_to_be_counted_on(says, amara_reads, dee_is_up, clock):
    says("not safe")
    clock.forward(hours=1)
    assert UP not in amara_reads()
    assert "Until it opens, do not count on anybody here to see this." in amara_reads()


@pytest.mark.parametrize("rule", ["scared", "about a worker"])
def test_what_waits_for_the_morning_is_not_said_to_wake_anybody(says, amara_reads, dee_is_up, rule):
    says(rule)
    assert UP not in amara_reads()


def test_a_hub_without_a_rota_promises_no_night(says, amara_reads, clock):
    clock.at = NIGHT
    says("not safe")
    assert UP not in amara_reads()
