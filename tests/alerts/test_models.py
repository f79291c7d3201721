"""An alert: once per answer, to whom the rule says, never to the person it may be about."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.access import SignedIn
from portal.accounts.models import Allocation, Organisation, Person, allocate, end_allocation
from portal.accounts.pauses import Pause, paused_about
from portal.alerts.models import Alert, OfficerFirst, SomebodyElseHasIt, raise_alert
from portal.audit import AuditEvent
from portal.db import session
from portal.outbox import OutboxMessage


def told(at_work, alert_id):
    with at_work():
        return set(
            session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.object_id == alert_id))
        )


def sees(at_work, person_id, *roles):
    who = SignedIn(id=person_id, sign_in_id=uuid4(), door="staff", known_as="", roles=frozenset(roles))
    with at_work():
        return set(session.scalars(Alert.visible_to(who).with_only_columns(Alert.id)))


# --- who is told --------------------------------------------------------------------------------------------------


def test_not_safe_tells_the_worker_and_the_duty_worker(says, at_work, cast):
    assert told(at_work, says("not safe")) == {cast.sam, cast.dee}


def test_ring_me_tells_the_worker_alone(says, at_work, cast):
    assert told(at_work, says("ring me")) == {cast.sam}


def test_ring_me_tells_the_duty_worker_if_nobody_holds_the_child(says, at_work, cast):
    with at_work():
        end_allocation(cast.amara)
    assert told(at_work, says("ring me")) == {cast.dee}


def test_the_managers_are_told_if_nobody_else_is_left(says, at_work, cast):
    with at_work() as hub:
        end_allocation(cast.amara)
        session.get_one(Person, cast.dee).ended_at = hub.now()
    assert told(at_work, says("ring me")) == {cast.priya}


def test_the_owner_is_the_worker_who_was_told(says, now_is, cast):
    assert now_is(says("not safe")).owner_id == cast.sam


def test_about_a_worker_tells_the_managers_only(says, at_work, now_is, cast):
    alert = says("about a worker")
    assert told(at_work, alert) == {cast.priya}
    assert now_is(alert).owner_id is None


def test_about_a_worker_never_tells_the_manager_whom_it_is_about(says, at_work, cast):
    with at_work():
        other = Person.enter("staff", "Max Other", roles=("manager",)).id
    assert told(at_work, says("about a worker", about=cast.priya)) == {other}


def test_a_manager_who_is_also_the_childs_worker_is_not_told_while_another_is_there(says, at_work, cast):
    with at_work():
        other = Person.enter("staff", "Max Other", roles=("manager",)).id
        allocate(cast.amara, cast.priya)
    assert told(at_work, says("about a worker")) == {other}


def test_while_it_may_be_about_the_worker_the_duty_worker_is_told_instead(says, at_work, cast):
    says("about a worker")
    assert told(at_work, says("ring me")) == {cast.dee}


def test_once_a_manager_has_ended_the_pause_the_worker_is_told_again(says, at_work, cast):
    says("about a worker")
    with at_work():
        session.scalars(select(Pause)).one().end("It was about somebody else.", cast.priya)
    assert told(at_work, says("ring me")) == {cast.sam}


def test_closing_the_alert_alone_does_not_let_the_worker_hear_again(says, at_work, cast):
    """Seen red with a pause that asked whether its alert is open."""
    about = says("about a worker")
    with at_work():
        alert = session.get_one(Alert, about)
        alert.tell_officer("They meet on Thursday.", cast.priya)
        alert.close("Handed over.", cast.priya)
    assert told(at_work, says("ring me")) == {cast.dee}


def test_what_is_about_nobody_of_the_staff_pauses_nobody(at_work, cast):
    with at_work():
        raise_alert(
            cast.amara,
            "about a worker",
            source_kind="test",
            source_id=cast.amara,
            key="k",
            anybody_here=False,
        )
    with at_work():
        assert session.scalar(select(func.count()).select_from(Pause)) == 0


def test_not_said_who_pauses_everybody_who_holds_them(says, at_work, cast):
    with at_work() as hub:
        session.add(Allocation(worker_id=cast.lee, child_id=cast.amara, starts_at=hub.now()))
    says("about a worker")
    with at_work():
        assert set(paused_about(cast.amara)) == {cast.sam, cast.lee}


# --- the designated officer ---------------------------------------------------------------------------------------


def test_what_is_about_staff_is_not_closed_before_the_designated_officers_step(says, at_work, cast):
    alert = says("about a worker")
    with at_work(), pytest.raises(OfficerFirst):
        session.get_one(Alert, alert).close("Nothing in it.", cast.priya)


def test_other_alerts_need_no_such_step(says, at_work, now_is, cast):
    alert = says("hurt")
    with at_work():
        session.get_one(Alert, alert).close("Rang her.", cast.dee)
    assert now_is(alert).state == "closed"


def test_need_not_may_become_told_and_nothing_written_goes_away(says, at_work, now_is, cast):
    alert = says("about a worker")
    with at_work():
        session.get_one(Alert, alert).tell_officer("About a teacher's homework.", cast.priya, told=False)
    with at_work():
        session.get_one(Alert, alert).tell_officer("They take it.", cast.priya)
    found = now_is(alert)
    assert (found.officer_told, found.officer_words) == (True, "About a teacher's homework.\n\nThey take it.")


# --- who sees it --------------------------------------------------------------------------------------------------


def test_a_worker_sees_the_alerts_of_their_own_young_people(says, at_work, cast):
    alert = says("not safe")
    assert sees(at_work, cast.sam, "worker") == {alert}
    assert sees(at_work, cast.lee, "worker") == set()
    assert sees(at_work, cast.dan, "worker") == set()


def test_a_worker_who_no_longer_holds_the_child_sees_none(says, at_work, cast):
    says("not safe")
    with at_work():
        allocate(cast.amara, cast.lee)
    assert sees(at_work, cast.sam, "worker") == set()


def test_duty_and_manager_see_those_of_everybody(says, at_work, cast):
    alerts = {says("not safe"), says("ring me", child=cast.jo)}
    assert sees(at_work, cast.dee, "duty worker") == alerts
    assert sees(at_work, cast.priya, "manager") == alerts


@pytest.mark.parametrize("role", ["coordinator", "participation lead", "administrator", "auditor"])
def test_no_other_role_sees_any(says, at_work, cast, role):
    says("not safe")
    assert sees(at_work, cast.noor, role) == set()


def test_about_a_worker_is_for_managers_alone(says, at_work, cast):
    alert = says("about a worker")
    assert sees(at_work, cast.sam, "worker") == set()
    assert sees(at_work, cast.dee, "duty worker") == set()
    assert sees(at_work, cast.priya, "manager") == {alert}


def test_the_manager_whom_it_is_about_does_not_see_it(says, at_work, cast):
    says("about a worker", about=cast.priya)
    assert sees(at_work, cast.priya, "manager") == set()


def test_what_the_child_says_meanwhile_is_kept_from_the_worker_too(says, at_work, cast):
    says("about a worker")
    after = says("not safe")
    assert sees(at_work, cast.sam, "worker") == set()
    assert after in sees(at_work, cast.dee, "duty worker")


# --- once, and in one commit --------------------------------------------------------------------------------------


def test_the_same_answer_raises_one_alert(says, at_work):
    assert says("not safe", key="same") == says("not safe", key="same")
    with at_work():
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2


def test_two_requests_that_race_raise_one_alert_and_both_commit(app, two_race, at_work):
    made = two_race("not safe")
    assert len(made) == 2
    assert len(set(made)) == 1
    with at_work():
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
        acts = select(func.count()).where(AuditEvent.act == "alert.raised")
        assert session.scalar(acts) == 1


def test_answer_alert_messages_and_audit_are_one_commit_or_none(at_work, cast):
    with pytest.raises(ZeroDivisionError), at_work():
        session.add(Organisation(name="What was answered", kind="test"))
        raise_alert(cast.amara, "not safe", source_kind="test", source_id=cast.amara, key="k")
        raise ZeroDivisionError
    with at_work():
        for table in (Alert, OutboxMessage):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).where(AuditEvent.act == "alert.raised")) == 0
        assert session.scalar(select(func.count()).where(Organisation.kind == "test")) == 0


def test_the_audit_line_says_which_rule_and_no_name(says, at_work, cast):
    alert = says("not safe")
    with at_work():
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "alert.raised")).one()
    assert (event.object_id, event.subject_id) == (alert, cast.amara)
    assert event.detail == '{"rule": "not safe", "source": "test", "told": 2}'


# --- I have it, and how it ended ----------------------------------------------------------------------------------


def test_a_named_person_has_it(says, at_work, now_is, cast, clock):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    found = now_is(alert)
    assert (found.state, found.held_by_id, found.held_at) == ("held", cast.dee, clock())


def test_who_did_not_see_that_another_has_it_cannot_take_it(says, at_work, cast):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    with at_work(), pytest.raises(SomebodyElseHasIt):
        session.get_one(Alert, alert).hold(cast.sam)


def test_who_saw_that_another_has_it_can_take_it_over(says, at_work, now_is, cast):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    with at_work():
        session.get_one(Alert, alert).hold(cast.sam, instead_of=cast.dee)
    assert now_is(alert).held_by_id == cast.sam


def test_closing_keeps_the_outcome_and_takes_back_what_has_not_left(says, at_work, now_is, cast):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).close("Rang her. She is at her nan's.", cast.dee)
    assert now_is(alert).outcome == "Rang her. She is at her nan's."
    assert told(at_work, alert) == set()


def test_nobody_closes_what_another_holds(says, at_work, cast):
    alert = says("not safe")
    with at_work():
        session.get_one(Alert, alert).hold(cast.dee)
    with at_work(), pytest.raises(SomebodyElseHasIt):
        session.get_one(Alert, alert).close("Done.", cast.sam)
