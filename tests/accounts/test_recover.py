"""A lost sign-in is made anew by two people: one asks, another approves; the old one is over, and it is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.invitations import Invitation, Recovery
from portal.accounts.models import Person
from portal.audit import AuditEvent
from portal.crypto import Sealed
from portal.db import session
from portal.notify.wording import wording_of
from portal.outbox import OutboxMessage
from tests.accounts.device import Device
from tests.accounts.test_add_passkey import adds
from tests.accounts.test_invite import SURE, asks, code_on, does
from tests.accounts.test_sign_in import given
from tests.accounts.test_sign_in_passkey import comes_in


@pytest.fixture
def ade(doors, cast):
    return doors.staff.sign_in_as(cast.ade)


@pytest.fixture
def ola(at_work, at_door, cast):
    """Another administrator."""
    with at_work():
        person = Person.enter("staff", "Ola Second", roles=("administrator",), email="ola@hub.example")
    return at_door("staff").sign_in_as(person.id)


@pytest.fixture
def asked(ade, sams, cast):
    asks(ade, cast.sam)


def test_one_asks_another_approves_and_an_invitation_opens_it(ade, ola, sams, cast, at_door):
    asks(ade, cast.sam)
    assert SURE in ola.get(f"/sign-ins/{cast.sam}").main
    page = does(ola, cast.sam, "approve")
    fresh = at_door("staff")
    fresh.get("/welcome")
    assert "Sam Okoro" in fresh.post("/welcome", {"invitation-code": code_on(page)}).main


def test_whoever_asked_does_not_approve(asked, ade, cast, at_door, sams):
    """Seen red with `TwoPeople` not raised: one administrator could sign in as anybody."""
    page = does(ade, cast.sam, "approve")
    assert page.status == 422
    assert "It takes two people" in page.main
    assert at_door("staff").post("/sign-in", given(sams)).status == 303


def test_nobody_asks_for_themselves(ade, cast):
    assert asks(ade, cast.ade).status == 422


def test_nobody_approves_their_own(ade, ola, cast, at_work):
    """Seen red with only whoever asked kept from approving."""
    asks(ola, cast.ade)
    assert does(ade, cast.ade, "approve").status == 422


def test_everything_they_signed_in_with_is_over(asked, ola, sams, cast, at_door):
    laptop, before = Device(), at_door("staff").sign_in_as(cast.sam)
    adds(before, laptop)
    does(ola, cast.sam, "approve")
    assert before.get("/").location == "/sign-in"
    assert at_door("staff").post("/sign-in", given(sams)).status == 422
    assert comes_in(at_door("staff"), laptop).status == 422


def test_until_then_everything_works_as_before(asked, sams, at_door):
    assert at_door("staff").post("/sign-in", given(sams)).status == 303


def test_they_are_told_by_message(asked, ola, cast, at_work):
    does(ola, cast.sam, "approve")
    with at_work():
        told = session.scalars(select(OutboxMessage)).one()
        assert (told.kind, told.recipient_id) == ("sign_in.changed", cast.sam)
    assert "was changed" in wording_of("sign_in.changed").text


def test_somebody_without_an_address_waits_in_no_outbox(ade, ola, at_work):
    """A message that reaches nobody would wait for ever, and every page would say that it does."""
    with at_work():
        nowhere = Person.enter("staff", "No Where", roles=("worker",)).id
        session.flush()
    asks(ade, nowhere)
    does(ola, nowhere, "approve")
    with at_work():
        assert session.scalars(select(OutboxMessage)).all() == []


def test_pressed_twice_the_same_invitation_is_shown(asked, ola, cast):
    assert code_on(does(ola, cast.sam, "approve")) == code_on(does(ola, cast.sam, "approve"))


def test_once_approved_its_approver_alone_makes_an_invitation(asked, ade, ola, cast, at_work):
    """Seen red with any administrator let make one: who had asked was shown the code as well."""
    does(ola, cast.sam, "approve")
    assert does(ade, cast.sam, "approve", "a form of hers").location == f"/sign-ins/{cast.sam}"
    assert "Nobody else can see it" in ade.get(f"/sign-ins/{cast.sam}").main
    with at_work():
        second = session.scalars(select(Recovery)).one().approved_by_id
        assert session.scalars(select(Invitation.by_id)).all() == [second]
    assert code_on(does(ola, cast.sam, "approve", "another form"))


def test_once_it_was_used_not_even_the_approver(asked, ola, cast, at_work, clock):
    does(ola, cast.sam, "approve")
    clock.forward(seconds=1)
    with at_work():
        session.scalars(Invitation.open_of(cast.sam)).one().use()
    assert does(ola, cast.sam, "approve", "another form").location == f"/sign-ins/{cast.sam}"


def test_three_days_later_it_is_asked_for_anew(asked, ola, cast, at_work, clock):
    does(ola, cast.sam, "approve")
    clock.forward(hours=72)
    with at_work():
        assert Recovery.approved_by(cast.sam) is None


def test_after_a_day_nobody_approves_it_any_more(asked, ola, cast, clock, at_door, hub_file, at_work):
    clock.forward(hours=24)
    with at_work():
        assert Recovery.open_of(cast.sam) is None


@pytest.mark.parametrize("who", ["ade", "ola"])
def test_it_is_refused_or_taken_back(asked, request, who, ola, cast, at_door, sams):
    does(request.getfixturevalue(who), cast.sam, "end")
    assert does(ola, cast.sam, "approve").location == f"/sign-ins/{cast.sam}"
    assert at_door("staff").post("/sign-in", given(sams)).status == 303


def test_how_they_made_sure_is_asked_for(ade, sams, cast):
    page = asks(ade, cast.sam, "")
    assert page.status == 422
    assert "Write how you made sure who it is" in page.main


def test_how_they_made_sure_lies_sealed(asked, at_work):
    with at_work():
        assert isinstance(session.execute(select(Recovery.__table__)).mappings().one()["made_sure"], Sealed)


def test_asked_twice_is_asked_once(asked, ade, cast, at_work):
    asks(ade, cast.sam)
    with at_work():
        assert len(session.scalars(select(Recovery)).all()) == 1


def test_some_minutes_after_signing_in_it_asks_who_it_is(asked, ola, cast, clock):
    clock.forward(minutes=5)
    assert "Is it you?" in does(ola, cast.sam, "approve").main


def test_both_stand_on_the_record(asked, ola, cast, at_work):
    does(ola, cast.sam, "approve")
    with at_work():
        acts = select(AuditEvent.act, AuditEvent.actor_id).where(AuditEvent.act.contains("recover"))
        found = dict(session.execute(acts).all())
        assert found["sign_in.recovery_asked"] == cast.ade
        assert found["sign_in.recovered"] not in (cast.ade, cast.sam)


def test_another_act_is_not_found(ade, cast):
    assert does(ade, cast.sam, "dance").status == 404


def test_whoever_left_and_came_back_has_nothing_to_sign_in_with(ade, sams, cast, at_door, at_work):
    """Seen red with nothing forgotten in `see_out`: one administrator alone made an old sign-in open again."""
    laptop = Device()
    adds(at_door("staff").sign_in_as(cast.sam), laptop)
    leaves_and_comes_back(ade, cast.sam)
    assert at_door("staff").post("/sign-in", given(sams)).status == 422
    assert comes_in(at_door("staff"), laptop).status == 422
    assert "A first sign-in" in ade.get(f"/sign-ins/{cast.sam}").main


def test_nor_whoever_left_before_leaving_forgot_it(ade, sams, cast, at_door, at_work, clock):
    """Seen red with nothing forgotten in `come_back`."""
    with at_work():
        session.get_one(Person, cast.sam).ended_at = clock()
    ade.get(f"/people/{cast.sam}")
    for told in ({"act": "back"}, {"act": "give", "role-role": "worker"}):
        assert ade.post(f"/people/{cast.sam}", told).status == 303
    assert at_door("staff").post("/sign-in", given(sams)).status == 422


def test_of_whoever_leaves_nothing_waits_in_the_outbox(ade, sams, cast, at_work):
    leaves_and_comes_back(ade, cast.sam)
    with at_work():
        told = session.scalars(select(OutboxMessage.kind).where(OutboxMessage.recipient_id == cast.sam))
        assert told.all() == []
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "person.left")).one()
        assert line.detail == '{"withdrawn": 0}'


def test_what_was_asked_before_somebody_left_is_over(asked, ade, ola, cast, at_work):
    """Seen red with the recoveries left open."""
    leaves_and_comes_back(ade, cast.sam)
    with at_work():
        assert Recovery.open_of(cast.sam) is None
        asks_for = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "sign_in.asked"))
        assert asks_for.all() == []


def test_what_was_approved_before_somebody_left_is_over(asked, ade, ola, cast, at_work, at_door):
    """Seen red with the invitation left open, and with the approval still standing."""
    code = code_on(does(ola, cast.sam, "approve"))
    leaves_and_comes_back(ade, cast.sam)
    with at_work():
        assert Invitation.of(code) is None
        assert Recovery.approved_by(cast.sam) is None


def leaves_and_comes_back(ade, person_id):
    """One administrator sees somebody out, lets them come back and gives them a role."""
    ade.get(f"/people/{person_id}")
    for told in ({"act": "out"}, {"act": "back"}, {"act": "give", "role-role": "worker"}):
        assert ade.post(f"/people/{person_id}", told).status == 303
