"""Nothing leaves for a family by a way, at a time or in words that are not on the card that stands.

Seen red with `_text_now` that asked neither `next_by` nor `may_reach_by`: texts by a way not on the card, outside its
times, in the night after a refusal, to a phone put away or left behind in custody.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import crypto, outbox
from portal.accounts import reminders, safe_contact
from portal.accounts.custody import Custody
from portal.accounts.models import Link, Person, join_adult
from portal.accounts.no_contact import NoContact
from portal.accounts.reminders import NoSafeTime, Reminder, tell_of_new
from portal.accounts.safe_contact import CALL, TEXT, SafeContact
from portal.config import current_hub
from portal.db import new_id, session
from portal.outbox import OutboxMessage
from portal.trail.models import Voice
from tests.factories import a_card, a_parents_voice, a_return, a_voice, safe_home

THURSDAY = date(2026, 11, 26)


@pytest.fixture
def carded(at_work, cast):
    """`carded(parts=("evening",))`: Amara's card, else any day and any time."""

    def fill(whose=None, **more):
        with at_work():
            a_card(whose or cast.amara, cast.sam, **more)

    return fill


@pytest.fixture
def new_for(at_work):
    """`new_for(amara)`: something new waits on their page."""

    def put(person_id):
        with at_work():
            tell_of_new(person_id, new_id())

    return put


@pytest.fixture
def left(sends, gateway):
    """`left()`: what has left by now, as (to, words)."""

    def look():
        sends()
        return [(message.to, message.text) for message in gateway.took]

    return look


@pytest.fixture
def waiting(at_work):
    """`waiting()`: when each message that has not left is due."""

    def look():
        with at_work():
            return list(
                session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.delivered_at.is_(None)))
            )

    return look


def test_what_they_turned_on_leaves_to_the_number_of_the_card(carded, new_for, left, cast):
    carded()
    new_for(cast.amara)
    assert left() == [("07700 900123", "Something new")]


def test_their_own_words_stand_in_place_of_ours(carded, new_for, left, cast):
    carded(words="Footy")
    new_for(cast.amara)
    assert left() == [("07700 900123", "Footy")]


def test_nothing_leaves_of_itself(carded, new_for, left, waiting, cast):
    carded(new_here=False)
    new_for(cast.amara)
    assert (left(), waiting()) == ([], [])


def test_without_a_card_nothing_leaves(new_for, left, waiting, cast, at_work):
    new_for(cast.amara)
    with at_work():  # even where somebody puts it straight into the outbox
        outbox.put("something new", object_id=new_id(), recipient=cast.amara, key="by hand")
    assert (left(), waiting()) == ([], [])


def test_a_number_that_is_not_on_the_card_gets_nothing(left, at_work, cast):
    with at_work():
        session.get_one(Person, cast.ruth).phone = "07700 900555"
        outbox.put("voice.new", object_id=new_id(), recipient=cast.ruth, key="by hand")
    assert left() == []


@pytest.mark.parametrize("ways", [("call",), ("letter", "in person"), ()])
def test_by_a_way_that_is_not_on_it_nothing_leaves(carded, new_for, left, waiting, cast, ways):
    carded()
    new_for(cast.amara)
    carded(ways=ways)
    assert (left(), waiting()) == ([], [])


def test_outside_its_times_a_message_waits_for_the_next_one(carded, new_for, left, waiting, clock, cast):
    carded(days=("thursday",), parts=("afternoon",))
    new_for(cast.amara)  # a Tuesday
    assert left() == []
    clock.forward(days=2, hours=1, minutes=59)
    assert left() == []
    clock.forward(minutes=1)  # noon on Thursday
    assert left() == [("07700 900123", "Something new")]


def test_a_card_changed_meanwhile_moves_what_waits(carded, new_for, left, waiting, clock, cast):
    carded(days=("thursday",), parts=("afternoon",))
    new_for(cast.amara)
    carded(days=("friday",), parts=("evening",))
    clock.forward(days=2, hours=2)
    assert left() == []
    assert waiting() == [clock.at + timedelta(days=1, hours=7)]


def test_what_the_gateway_refused_does_not_leave_in_the_night(carded, new_for, left, gateway, clock, cast):
    carded(parts=("evening",))
    clock.forward(hours=10, minutes=59)  # a minute before nine at night
    gateway.mood = "refuses"
    new_for(cast.amara)
    left()
    gateway.mood = "takes"
    clock.forward(minutes=5)
    assert left() == []
    clock.forward(hours=22)
    assert len(left()) == 1


def test_what_was_perhaps_taken_is_asked_for_after_the_night(
    carded, new_for, left, gateway, said_again, clock, cast
):
    """Seen red with the lease taken off as the message moved: a second text, and the gateway was not asked."""
    carded(parts=("evening",))
    clock.forward(hours=10, minutes=59, seconds=58)
    gateway.mood = "loses"
    new_for(cast.amara)
    left()
    gateway.mood = "takes"
    for _ in range(2):  # moved to the next evening, and looked at once more meanwhile
        clock.forward(minutes=5)
        left()
    assert said_again == [False]
    clock.forward(hours=22)
    left()
    assert said_again == [False, True]


def test_put_away_nothing_comes_to_the_phone(carded, new_for, left, waiting, at_work, cast):
    carded()
    new_for(cast.amara)
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    assert (left(), waiting()) == ([], [])


def test_in_custody_somebody_else_has_the_phone(carded, new_for, left, at_work, cast):
    carded()
    new_for(cast.amara)
    with at_work():
        Custody.begin(cast.amara, date(2026, 11, 23), "far away", None, cast.sam)
    assert left() == []


def test_a_lost_key_holds_up_nobody_elses_message(
    carded, new_for, left, at_work, cast, waits, gateway, monkeypatch
):
    carded()
    new_for(cast.amara)
    waits()

    def gone(person_id):
        raise crypto.CannotOpen

    monkeypatch.setattr(SafeContact, "standing", gone)
    assert [to for to, _ in left()] == ["sam@hub.example"]


# --- a parent or carer who may not be contacted any more --------------------------------------------------------------


@pytest.fixture
def order(at_work, cast):
    """`order()`: a court ends the contact between Ruth and Amara."""

    def put_down():
        with at_work():
            NoContact.begin(cast.amara, cast.ruth, "Family court", cast.sam)

    return put_down


@pytest.fixture
def link_ends(at_work, cast, clock):
    """`link_ends()`: Ruth's link to Amara ends now; `link_ends(hours=1)`: then."""

    def end(**after):
        with at_work():
            for link in session.scalars(select(Link).where(Link.child_id == cast.amara)):
                link.end(clock() + timedelta(**after), "said")

    return end


@pytest.fixture
def ruth_also_has_jo(at_work, cast):
    """Ruth is linked to Jo, too."""
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent")


def tells_ruth(at_work, cast, about):
    with at_work():
        return tell_of_new(cast.ruth, new_id(), about)


def test_an_order_takes_back_what_waits_for_that_parent(
    carded, order, waiting, at_work, cast, ruth_also_has_jo
):
    """Seen red without `withdraw_by_links` in `NoContact.begin`."""
    carded(whose=cast.ruth, parts=("evening",))
    assert tells_ruth(at_work, cast, cast.amara)
    assert tells_ruth(at_work, cast, cast.jo)
    order()
    assert len(waiting()) == 1


def test_under_an_order_nothing_more_is_put(carded, order, at_work, cast, ruth_also_has_jo):
    """Seen red with `next_by` that asked for any link, whomever it is about."""
    carded(whose=cast.ruth)
    order()
    assert (tells_ruth(at_work, cast, cast.amara), tells_ruth(at_work, cast, cast.jo)) == (False, True)


def test_a_link_that_ends_takes_back_what_waits(carded, link_ends, waiting, at_work, cast):
    """Seen red without `withdraw_by_links` in `Link.end`."""
    carded(whose=cast.ruth, parts=("evening",))
    tells_ruth(at_work, cast, cast.amara)
    link_ends()
    assert waiting() == []


def test_after_the_link_has_ended_nothing_leaves(carded, link_ends, left, waiting, clock, at_work, cast):
    """Seen red with `next_by` that asked for no link."""
    carded(whose=cast.ruth, parts=("evening",))
    tells_ruth(at_work, cast, cast.amara)
    link_ends(hours=1)
    clock.forward(hours=9)
    assert (left(), waiting()) == ([], [])


def test_one_of_her_children_is_enough_where_it_is_about_none(
    carded, order, left, cast, new_for, ruth_also_has_jo
):
    carded(whose=cast.ruth)
    order()
    new_for(cast.ruth)
    assert left() == [("07700 900123", "Something new")]


def test_the_answer_to_a_parent_is_about_the_child_she_spoke_of(
    carded, order, left, at_work, cast, ruth_also_has_jo
):
    """Seen red with `Voice.answer` that said nothing of `about_id`."""
    with at_work():
        a_return(cast.amara, hours_ago=30)
        safe_home(cast.ruth, cast.amara, cast.sam).home_safe_at = current_hub().now() - timedelta(days=2)
        voice_id = a_parents_voice(cast.ruth, cast.amara).id
    carded(whose=cast.ruth)
    order()
    with at_work():
        session.get_one(Voice, voice_id).answer("We read it.", cast.sam)
    assert "07700 900123" not in [to for to, _ in left()]


def test_the_childs_card_moves_nothing_of_the_parents(carded, new_for, left, cast):
    carded(whose=cast.ruth, number="07700 900999")
    carded(ways=(), days=(), parts=())
    new_for(cast.ruth)
    assert left() == [("07700 900999", "Something new")]


@pytest.mark.parametrize(
    ("way", "hours", "may"),
    [(TEXT, 0, True), (CALL, 0, True), ("letter", 0, False), (TEXT, 11, False), (TEXT, -3, False)],
)
def test_the_one_gate(carded, at_work, cast, clock, way, hours, may):
    carded()
    with at_work():
        assert safe_contact.may_reach_by(cast.amara, way, clock.at + timedelta(hours=hours)) is may
        assert not safe_contact.may_reach_by(cast.jo, way, clock.at + timedelta(hours=hours))


# --- reminders ------------------------------------------------------------------------------------------------------


@pytest.fixture
def arranged(at_work, cast):
    """`arranged()`: Amara and Sam arranged something for Thursday afternoon; the reminder's id."""

    def arrange(day=THURSDAY, part="afternoon"):
        with at_work():
            return Reminder.arrange(cast.amara, day, part, cast.sam).id

    return arrange


def test_a_reminder_says_a_day_and_a_part_of_it(carded, arranged, left, clock):
    carded()
    arranged()
    clock.forward(days=1, hours=4, minutes=59)
    assert left() == []
    clock.forward(minutes=1)  # three in the afternoon of the day before
    assert left() == [("07700 900123", "Reminder: Thu afternoon")]


def test_in_their_words_it_says_so_too(carded, arranged, left, clock):
    carded(words="Footy")
    arranged()
    clock.forward(days=1, hours=5)
    assert left() == [("07700 900123", "Footy: Thu afternoon")]


def test_nobody_is_reminded_who_did_not_turn_it_on(carded, arranged):
    carded(reminders=False)
    with pytest.raises(NoSafeTime):
        arranged()


def test_turned_off_since_it_does_not_leave(carded, arranged, left, waiting, clock):
    carded()
    arranged()
    carded(reminders=False)
    clock.forward(days=1, hours=5)
    assert (left(), waiting()) == ([], [])


def test_taken_back_it_does_not_leave(carded, arranged, left, waiting, clock, at_work, cast):
    carded()
    arranged_id = arranged()
    with at_work():
        session.get_one(Reminder, arranged_id).take_back(cast.sam)
    clock.forward(days=1, hours=5)
    assert (left(), waiting()) == ([], [])


def test_one_that_would_come_too_late_does_not_leave(carded, arranged, left, waiting, clock):
    carded()
    arranged()
    carded(days=("friday",))
    clock.forward(days=1, hours=5)
    assert (left(), waiting()) == ([], [])


def test_it_speaks_their_language(carded, arranged, left, clock, at_work, cast):
    carded()
    with at_work():
        session.get_one(Person, cast.amara).language = "eo"
    arranged()
    clock.forward(days=1, hours=5)
    ((_, words),) = left()
    assert words.startswith("[")  # the pseudo-locale's mark
    assert "Reminder" not in words


# --- an answer that waits ---------------------------------------------------------------------------------------------


def test_an_answer_at_their_door_is_told_of_once(carded, left, at_work, cast):
    carded()
    with at_work():
        a_voice(cast.amara).answer("Your nan said yes.", cast.sam)
    texts = [words for to, words in left() if to == "07700 900123"]
    assert texts == ["Something new"]


def test_an_answer_that_was_opened_already_is_not_told_of(carded, left, at_work, cast):
    carded(parts=("evening",))
    with at_work():
        voice = a_voice(cast.amara)
        reply = voice.answer("Your nan said yes.", cast.sam)
        session.flush()
        voice.opens(reply)
    with at_work():
        assert not list(
            session.scalars(select(OutboxMessage).where(OutboxMessage.kind == reminders.SOMETHING_NEW))
        )
