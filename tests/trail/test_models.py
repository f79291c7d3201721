"""What may become of a voice, and what may not."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.access import SignedIn
from portal.audit import AuditEvent
from portal.crypto import Sealed
from portal.db import session
from portal.trail.beside import VoiceNote, VoiceReply, VoiceStep
from portal.trail.models import CLOSED, StillOnItsWay, Unanswered, Voice
from portal.trail.new_today import answers_new_for

DAY = date(2026, 11, 24)


@pytest.fixture
def said(at_work, cast):
    """The id of something that Amara said."""
    with at_work():
        return Voice.say(cast.amara, "return", uuid4(), tell_how="here").id


def as_staff(person_id, *roles):
    return SignedIn(id=person_id, sign_in_id=uuid4(), door="staff", known_as="", roles=frozenset(roles))


def as_young(person_id):
    roles = frozenset({"young person"})
    return SignedIn(id=person_id, sign_in_id=uuid4(), door="young", known_as="", roles=roles)


def get(said):
    return session.get_one(Voice, said)


def test_nothing_closes_without_an_answer(at_work, cast, said):
    with at_work(), pytest.raises(Unanswered):
        get(said).close(cast.sam)


def test_an_answer_that_nobody_has_opened_closes_nothing(at_work, cast, said):
    with at_work():
        get(said).answer("You said it was loud. We asked.", cast.sam)
    with at_work(), pytest.raises(Unanswered):
        get(said).close(cast.sam)


def test_the_database_refuses_it_too(at_work, said, clock):
    with pytest.raises(IntegrityError, match="answered_if_closed"), at_work():
        session.execute(update(Voice).where(Voice.id == said).values(closed_at=clock()))


def test_an_answer_reaches_them_when_they_open_it(at_work, cast, said, clock):
    with at_work():
        reply = get(said).answer("You said it was loud. We asked.", cast.sam)
    with at_work():
        assert get(said).reached_at is None
    clock.forward(hours=3)
    with at_work():
        get(said).opens(session.get_one(VoiceReply, reply.id))
    with at_work():
        assert (get(said).reached_at, get(said).state) == (clock(), CLOSED)


def test_opening_it_again_changes_nothing(at_work, cast, said, clock):
    with at_work():
        reply = get(said).answer("We asked.", cast.sam)
        session.flush()
        get(said).opens(reply)
        first = reply.opened_at
    clock.forward(hours=1)
    with at_work():
        again = session.get_one(VoiceReply, reply.id)
        get(said).opens(again)
        assert again.opened_at == first


def test_what_was_told_in_person_has_reached_them(at_work, cast, said):
    with at_work():
        get(said).tell_in_person(DAY, "Sam Okoro", "Nan says yes to Fridays.", cast.sam)
    with at_work():
        assert (get(said).state, get(said).reached_at is not None) == (CLOSED, True)


def test_a_reason_why_no_answer_is_safe_closes_but_has_reached_nobody(at_work, cast, said):
    with at_work():
        get(said).no_answer("The phone is shared with an adult she fears.", cast.sam)
    with at_work():
        assert (get(said).state, get(said).reached_at) == (CLOSED, None)


def test_a_second_answer_waits_until_the_first_is_opened(at_work, cast, said):
    with at_work():
        get(said).answer("We asked.", cast.sam)
    with at_work(), pytest.raises(StillOnItsWay):
        get(said).answer("We asked again.", cast.sam)


def test_what_is_told_in_person_instead_is_taken_back_from_the_phone(at_work, cast, said):
    with at_work():
        get(said).answer("We asked.", cast.sam)
    with at_work():
        get(said).tell_in_person(DAY, "Sam Okoro", "Told at school.", cast.sam)
    with at_work():
        assert session.scalars(answers_new_for(as_young(cast.amara))).all() == []


def test_the_first_reading_counts(at_work, cast, said, clock):
    first = clock()
    with at_work():
        get(said).mark_read(cast.sam)
    clock.forward(days=1)
    with at_work():
        get(said).mark_read(cast.priya)
        assert get(said).read_at == first


def test_every_act_leaves_a_step_and_an_audit_line_in_its_commit(at_work, cast, said):
    with at_work():
        get(said).note("She likes mornings.", cast.sam)
        get(said).put_on_record(DAY, cast.sam)
    with at_work():
        steps = session.scalars(select(VoiceStep.kind).order_by(VoiceStep.created_at)).all()
        acts = session.scalars(
            select(AuditEvent.act).where(AuditEvent.object_kind == "voice").order_by(AuditEvent.number)
        ).all()
    assert sorted(steps) == ["noted", "on record", "said"]
    assert acts == ["voice.said", "voice.noted", "voice.on_record"]


def test_an_act_that_fails_leaves_no_trace(at_work, cast, said):
    with pytest.raises(RuntimeError), at_work():
        get(said).note("Lost.", cast.sam)
        raise RuntimeError
    with at_work():
        assert session.scalars(select(VoiceNote)).all() == []
        assert session.scalars(select(AuditEvent.act).where(AuditEvent.act == "voice.noted")).all() == []


def test_the_day_on_the_record_is_kept(at_work, cast, said):
    with at_work():
        get(said).put_on_record(DAY, cast.sam)
    with at_work():
        assert get(said).on_record_on == DAY


def test_words_lie_sealed_in_the_database(at_work, cast, said):
    with at_work():
        get(said).note("canary-note", cast.sam)
        get(said).tell_in_person(DAY, "canary-teller", "canary-words", cast.sam)
    with at_work():
        kept = session.execute(select(VoiceReply.words, VoiceReply.told_by)).one()
        assert all(isinstance(value, Sealed) for value in kept)
        raw = session.execute(text("SELECT words FROM voice_note")).scalar_one()
    assert b"canary" not in raw


def test_lee_reaches_nothing_that_amara_said(at_work, cast, said):
    with at_work():
        lee = session.scalars(Voice.visible_to(as_staff(cast.lee, "worker"))).all()
        sam = session.scalars(Voice.visible_to(as_staff(cast.sam, "worker"))).all()
    assert ([v.id for v in lee], [v.id for v in sam]) == ([], [said])


def test_an_answer_is_shown_until_the_end_of_the_day_it_was_first_opened(at_work, cast, said, clock):
    amara = as_young(cast.amara)
    with at_work():
        get(said).answer("We asked.", cast.sam)
    clock.forward(days=5)
    with at_work():
        (reply,) = session.scalars(answers_new_for(amara)).all()
        get(said).opens(reply)
    clock.forward(hours=13)  # eleven at night
    with at_work():
        assert len(session.scalars(answers_new_for(amara)).all()) == 1
    clock.forward(hours=2)
    with at_work():
        assert session.scalars(answers_new_for(amara)).all() == []


def test_a_form_that_is_sent_twice_writes_one_note(at_work, cast, said):
    key = uuid4()
    for _ in range(2):
        with at_work():
            get(said).note("She likes mornings.", cast.sam, key)
    with at_work():
        assert len(get(said).notes()) == 1


def test_a_form_that_is_sent_twice_gives_one_answer(at_work, cast, said):
    key = uuid4()
    for _ in range(2):
        with at_work():
            get(said).answer("We asked.", cast.sam, key)
    with at_work():
        assert len(get(said).replies()) == 1
