"""What is over goes, by the timetable; what is held or never came on the record stays.

Seen red with `recorded` that asked for no day, with `held_people` that found nobody, with a `let_go_some` that took everything at
once, with a cap that each rule had for itself, with one that what has to wait used up, and with a step where a look
was enough.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from portal import crypto
from portal.accounts.models import Link, Person
from portal.accounts.no_contact import NoContact
from portal.accounts.pauses import Pause
from portal.admin import letting_go, over, retention
from portal.admin.holds import Hold
from portal.alerts.models import Alert
from portal.audit import AuditEvent, verify
from portal.config import Hub, current_hub
from portal.contact.models import Ask
from portal.contact.words import THINGS
from portal.db import engines_of, new_id, session
from portal.questionnaires.models import Answer, Submission
from portal.returns.conversation import Conversation
from portal.returns.models import SafetyAnswer
from portal.returns.safer_plan import SaferPlan
from portal.returns.write_up import WriteUp
from portal.trail.beside import VoiceStep
from portal.trail.models import Voice
from tests.admin.conftest import today, voice_is_there
from tests.factories import a_conversation, a_draft, a_parents_voice, a_return, a_voice, a_write_up, safe_home


def test_what_was_said_goes_ninety_days_after_it_came_on_the_record(
    lets_go, on_record, clock, at_work, how_many
):
    voice_id = on_record()
    clock.forward(days=89)
    lets_go()
    assert voice_is_there(at_work, voice_id)
    clock.forward(days=1)
    lets_go()
    assert how_many(Voice) == how_many(Submission) == how_many(Answer) == how_many(VoiceStep) == 0


def test_what_never_came_on_the_record_stays(lets_go, clock, at_work, cast):
    with at_work():
        voice_id = a_voice(cast.amara).id
    clock.forward(days=900)
    lets_go()
    assert voice_is_there(at_work, voice_id)


def test_what_was_not_answered_stays(lets_go, clock, at_work, cast):
    with at_work():
        voice = a_voice(cast.amara)
        voice.put_on_record(today(clock), cast.sam)
        voice_id = voice.id
    clock.forward(days=900)
    lets_go()
    assert voice_is_there(at_work, voice_id)


def test_a_conversation_goes_with_its_write_ups(lets_go, clock, at_work, cast, how_many):
    with at_work():
        held = a_conversation(cast.amara, cast.sam)
        a_write_up(held, cast.sam)
        voice = session.scalars(select(Voice).where(Voice.source_id == held.id)).one()
        voice.tell_in_person(today(clock), "Sam", "Yes.", cast.sam)
        voice.put_on_record(today(clock), cast.sam)
    clock.forward(days=91)
    lets_go()
    assert how_many(Conversation) == how_many(WriteUp) == 0


def test_a_hold_stops_it_and_its_end_lets_it_go(lets_go, on_record, clock, at_work, cast):
    voice_id = on_record()
    with at_work():
        hold = Hold.place(cast.amara, "court", "The family court has asked for it.", cast.priya, None)
        hold_id = hold.id
    clock.forward(days=200)
    lets_go()
    assert voice_is_there(at_work, voice_id)
    with at_work():
        session.get_one(Hold, hold_id).end(cast.priya)
    lets_go()
    assert not voice_is_there(at_work, voice_id)


def test_a_hold_on_a_young_person_keeps_what_a_parent_said_of_them(lets_go, clock, at_work, cast):
    with at_work():
        safe_home(cast.ruth, cast.amara, cast.sam)
        a_return(cast.amara, hours_ago=1)
    clock.forward(hours=30)
    with at_work():
        voice = a_parents_voice(cast.ruth, cast.amara)
        voice.tell_in_person(today(clock), "Sam", "We read it.", cast.sam)
        voice.put_on_record(today(clock), cast.sam)
        voice_id = voice.id
        Hold.place(cast.amara, "complaint", "They complained.", cast.priya, None)
    clock.forward(days=200)
    lets_go()
    assert voice_is_there(at_work, voice_id)


def test_a_hold_ends_with_its_last_day(lets_go, on_record, clock, at_work, cast):
    voice_id = on_record()
    with at_work():
        Hold.place(cast.amara, "court", "Until the hearing.", cast.priya, today(clock) + timedelta(days=100))
    clock.forward(days=100)
    lets_go()
    assert voice_is_there(at_work, voice_id)
    clock.forward(days=1)
    lets_go()
    assert not voice_is_there(at_work, voice_id)


def test_the_demonstrations_people_are_held(lets_go, on_record, clock, at_work, cast):
    voice_id = on_record()
    with at_work():
        session.get_one(Person, cast.amara).held_because = "demonstration"
    clock.forward(days=200)
    lets_go()
    assert voice_is_there(at_work, voice_id)


def test_a_draft_goes_thirty_days_after_it_was_written_in(lets_go, clock, at_work, cast, how_many):
    with at_work():
        a_draft(cast.amara)
    clock.forward(days=30)
    lets_go()
    assert how_many(Submission) == 1
    clock.forward(hours=1)
    lets_go()
    assert how_many(Submission) == how_many(Answer) == 0


def test_what_was_asked_for_goes_a_year_after_it_was_answered(lets_go, clock, at_work, cast, how_many):
    with at_work():
        ask = Ask.ask(cast.amara, THINGS[0], "", tell_how="", form_key=new_id(), sitting=new_id())
        voice = session.scalars(select(Voice).where(Voice.source_id == ask.id)).one()
        voice.tell_in_person(today(clock), "Sam", "Yes.", cast.sam)
    clock.forward(days=364)
    lets_go()
    assert how_many(Ask) == 1
    clock.forward(days=2)
    lets_go()
    assert how_many(Ask) == how_many(Voice) == 0


def test_an_alert_goes_a_year_after_it_was_closed_with_its_answer(lets_go, clock, at_work, cast, how_many):
    with at_work():
        SafetyAnswer.say(cast.amara, "no", new_id(), new_id())
        session.scalars(select(Alert)).one().close("They are at their nan's.", cast.sam)
    clock.forward(days=366)
    lets_go()
    assert how_many(Alert) == how_many(SafetyAnswer) == 0


def test_an_open_alert_stays(lets_go, clock, at_work, cast, how_many):
    with at_work():
        SafetyAnswer.say(cast.amara, "no", new_id(), new_id())
    clock.forward(days=900)
    lets_go()
    assert how_many(Alert) == 1


def test_a_closed_alert_stays_while_a_pause_that_began_with_it_runs(lets_go, clock, at_work, cast, how_many):
    """Seen red without asking for pauses: a pause can be ended on the page of its alert, and nowhere else."""
    with at_work():
        SafetyAnswer.say(cast.amara, "no", new_id(), new_id())
        alert = session.scalars(select(Alert)).one()
        Pause.begin(cast.amara, cast.sam, alert.id)
        alert.close("They are at their nan's.", cast.priya)
    clock.forward(days=900)
    lets_go()
    assert how_many(Alert) == 1
    with at_work():
        session.scalars(select(Pause)).one().end("It was not about Sam.", cast.priya)
    lets_go()
    assert how_many(Alert) == 0


def test_a_plan_goes_six_months_after_the_young_person_was_closed(
    lets_go, clock, at_work, cast, how_many, closes
):
    with at_work():
        SaferPlan.write(cast.amara, {"ring": "Nan"}, new_id(), new_id(), afresh=False)
    closes(cast.amara)
    clock.forward(days=180)
    lets_go()
    assert how_many(SaferPlan) == 1
    clock.forward(days=5)
    lets_go()
    assert how_many(SaferPlan) == 0


def test_an_account_goes_six_months_after_closing_with_its_key(
    lets_go, clock, at_work, cast, on_record, closes
):
    on_record()
    closes(cast.amara)
    clock.forward(days=190)
    lets_go()
    with at_work():
        assert session.get(Person, cast.amara) is None
        assert session.scalars(select(Link).where(Link.child_id == cast.amara)).all() == []
        assert not crypto.ring().knows(str(cast.amara))


def test_an_account_stays_while_something_is_not_on_the_record(lets_go, clock, at_work, cast, closes):
    with at_work():
        a_voice(cast.amara)
    closes(cast.amara)
    clock.forward(days=900)
    lets_go()
    with at_work():
        assert session.get(Person, cast.amara) is not None


def test_an_account_stays_while_its_name_stands_under_what_is_another_ones(
    lets_go, clock, at_work, cast, closes
):
    with at_work():
        hold = Hold.place(cast.amara, "court", "As if they had.", cast.jo, None)
        hold_id = hold.id
    closes(cast.jo)
    clock.forward(days=190)
    assert lets_go()["account"].held == 1
    with at_work():
        assert session.get(Person, cast.jo) is not None
        session.delete(session.get_one(Hold, hold_id))
    lets_go()
    with at_work():
        assert session.get(Person, cast.jo) is None


def test_an_adults_account_stays_while_an_order_keeps_them_from_a_young_person(
    lets_go, clock, at_work, cast, closes, how_many
):
    """Seen red without asking for orders: the order about Jo, who is still here, went with Ruth's account."""
    with at_work():
        order_id = NoContact.begin(cast.jo, cast.ruth, "By the court.", cast.priya).id
    closes(cast.ruth)
    clock.forward(days=900)
    lets_go()
    with at_work():
        session.get_one(NoContact, order_id).end(cast.priya, "The court said so.")
    lets_go()
    assert how_many(NoContact) == 0
    with at_work():
        assert session.get(Person, cast.ruth) is None


def test_of_staff_who_left_the_name_stays_and_what_reached_them_goes(lets_go, clock, at_work, cast, closes):
    closes(cast.lee)
    clock.forward(days=190)
    lets_go()
    with at_work():
        lee = session.get_one(Person, cast.lee)
        assert (lee.name, lee.email, lee.email_hash) == ("Lee Marsh", None, None)


def staff_who_left(at_work, clock, how_many):
    with at_work():
        for number in range(how_many):
            made = Person.enter(
                "staff", f"Left {number}", roles=("worker",), email=f"left{number}@hub.example"
            )
            made.ended_at = clock()
    clock.forward(days=190)


def reached_still(at_work):
    with at_work():
        left = select(func.count()).where(Person.kind == "staff", Person.ended_at.is_not(None))
        return session.scalar(left.where(Person.email_hash.is_not(None)))


def test_of_all_staff_who_left_it_goes_in_one_run_and_a_dry_run_counts_them(lets_go, clock, at_work, cast):
    """Seen red with one commit of ten whatever was left, and with a dry run that counted nobody of them."""
    staff_who_left(at_work, clock, 23)
    assert lets_go(dry_run=True)["account"].things == 23
    assert reached_still(at_work) == 23
    assert lets_go()["account"].things == 23
    assert reached_still(at_work) == 0


def test_where_commits_are_counted_the_staff_who_left_take_one(lets_go, clock, at_work, cast):
    staff_who_left(at_work, clock, 12)
    lets_go(most_commits=100)
    assert reached_still(at_work) == 2
    lets_go(most_commits=100)
    assert reached_still(at_work) == 0


def test_a_dry_run_counts_the_same_and_lets_nothing_go(lets_go, on_record, clock, how_many):
    on_record()
    clock.forward(days=91)
    would = lets_go(dry_run=True)["record"]
    assert how_many(Voice) == 1
    went = lets_go()["record"]
    assert (would.things, would.rows) == (went.things, went.rows)


def test_no_commit_takes_more_than_fifty_rows(lets_go, at_work, cast, clock, hub_file, closes):
    with at_work():
        for _ in range(70):
            a_return(cast.amara)
    closes(cast.amara)
    clock.forward(days=190)
    gone, most, whole = [0], [0], [0]

    def count(connection, cursor, statement, parameters, context, many):
        if statement.startswith("DELETE"):
            gone[0] += max(cursor.rowcount, 0)

    def committed(connection):
        most[0], whole[0], gone[0] = max(most[0], gone[0]), whole[0] + gone[0], 0

    engine = engines_of(hub_file).writing
    event.listen(engine, "after_cursor_execute", count)
    event.listen(engine, "commit", committed)
    lets_go()
    event.remove(engine, "after_cursor_execute", count)
    event.remove(engine, "commit", committed)
    assert whole[0] > 50
    assert 0 < most[0] <= 50


def test_it_stops_after_so_many_commits_and_goes_on_at_the_next_run(lets_go, on_record, clock, how_many):
    on_record()
    on_record()
    clock.forward(days=91)
    lets_go(most_commits=1)
    assert how_many(Voice) == 1
    lets_go(most_commits=1)
    assert how_many(Voice) == 0


def test_so_many_commits_are_those_of_all_rules_together(lets_go, on_record, clock, at_work, cast, how_many):
    on_record()
    with at_work():
        a_draft(cast.jo)
        a_draft(cast.amara)
    clock.forward(days=91)
    lets_go(most_commits=1)
    assert (how_many(Submission), how_many(Voice)) == (2, 1)
    lets_go(most_commits=1)
    lets_go(most_commits=1)
    assert how_many(Submission) == 0


def test_what_has_to_wait_takes_no_commit_from_what_may_go(lets_go, clock, at_work, cast, how_many):
    with at_work():
        waits = a_draft(cast.ruth)
        waits.about_id = cast.amara
        Hold.place(cast.amara, "complaint", "They complained.", cast.priya, None)
        SafetyAnswer.say(cast.jo, "no", new_id(), new_id())
        session.scalars(select(Alert)).one().close("They are at their nan's.", cast.sam)
    clock.forward(days=366)
    assert lets_go(most_commits=1)["draft"].held == 1
    assert (how_many(Submission), how_many(Alert)) == (1, 0)


def test_where_nothing_may_go_no_writer_is_kept_waiting(lets_go, clock, at_work, cast, monkeypatch):
    with at_work():
        waits = a_draft(cast.ruth)
        waits.about_id = cast.amara
        Hold.place(cast.amara, "complaint", "They complained.", cast.priya, None)
    clock.forward(days=366)
    began: list[Hub] = []
    monkeypatch.setattr(retention, "step", began.append)
    assert lets_go()["draft"].held == 1
    assert began == []


def test_what_hangs_on_a_thing_is_looked_up_before_a_writer_begins(lets_go, on_record, clock, monkeypatch):
    on_record()
    clock.forward(days=91)
    looked, look = [], letting_go.hanging_on

    def looks(roots):
        looked.append(current_hub().writer)
        return look(roots)

    monkeypatch.setattr(retention, "hanging_on", looks)
    lets_go()
    assert looked == [False]


def test_a_key_left_by_a_machine_that_stopped_goes_at_the_next_run(
    lets_go, at_work, cast, clock, closes, monkeypatch
):
    closes(cast.jo)
    clock.forward(days=190)
    monkeypatch.setattr(retention, "key_goes", lambda *_: None)
    lets_go()
    monkeypatch.undo()
    with at_work():
        assert crypto.ring().knows(str(cast.jo))
    lets_go()
    with at_work():
        assert not crypto.ring().knows(str(cast.jo))


def test_what_went_stands_in_the_trail_and_the_trail_is_whole(lets_go, on_record, clock, at_work):
    on_record()
    clock.forward(days=91)
    lets_go()
    with at_work():
        acts = session.scalars(select(AuditEvent.act)).all()
        assert "kept.let_go" in acts
        verify(session.connection())


@pytest.mark.parametrize(("at", "months", "before"), [("2027-05-31", 3, "2027-02-28"), ("2027-01-10", 12, "2026-01-10"),
                                                      ("2027-03-31", 6, "2026-09-30")])  # fmt: skip
def test_months_are_counted_by_the_calendar(at, months, before, clock):
    day = clock().fromisoformat(f"{at}T10:00+00:00")
    assert over.months_before(day, months).date().isoformat() == before
