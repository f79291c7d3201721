"""`/your-sign-in/new-passkey`: a device makes a passkey, and from then on it signs in and proves who it is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.passkeys import MOST, Passkey
from portal.audit import AuditEvent
from portal.crypto import Sealed
from portal.db import session
from portal.outbox import OutboxMessage
from tests.accounts.device import PRESENT, Device, asked
from tests.accounts.test_step_up import goes_on, has_proved_for, proves

ADD = "/your-sign-in/new-passkey"
REFUSED = "That did not work"


@pytest.fixture
def sam(doors, cast):
    """Sam's browser; he has given a proof for adding a passkey."""
    browser = doors.staff.sign_in_as(cast.sam)
    has_proved_for(browser, "accounts.add_passkey")
    return browser


def adds(browser, device, name="My laptop"):
    """Somebody proves who they are, and makes a passkey on this device."""
    has_proved_for(browser, "accounts.add_passkey")
    return browser.post(ADD, {"name": name, "credential": device.makes(asked(browser.get(ADD)))})


def kept(at_work):
    with at_work():
        return session.scalars(select(Passkey)).all()


def test_a_device_makes_a_passkey(sam, at_work, cast):
    assert adds(sam, Device()).location == "/your-sign-in"
    (one,) = kept(at_work)
    assert (one.person_id, one.name) == (cast.sam, "My laptop")
    assert "My laptop" in sam.get("/your-sign-in").main


def test_its_name_lies_sealed(sam, at_work):
    adds(sam, Device())
    with at_work():
        assert isinstance(session.execute(select(Passkey.__table__)).mappings().one()["name"], Sealed)


def test_several_devices_have_one_each_and_none_two(sam, at_work):
    one = Device()
    adds(sam, one)
    adds(sam, Device(id=b"another"))
    page = adds(sam, one)
    assert page.status == 422
    assert "has a passkey here already" in page.main
    assert len(kept(at_work)) == 2


def test_the_page_asks_a_device_that_proves_who_holds_it(sam):
    options = asked(sam.get(ADD))
    assert options["rp"]["id"] == "staff.localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"


@pytest.mark.parametrize(
    "device",
    [Device(origin="https://elsewhere.example"), Device(host="elsewhere.example"), Device(flags=PRESENT)],
    ids=["another page", "another host", "nobody proved who holds it"],
)
def test_what_was_made_for_another_page_is_not_taken(sam, at_work, device):
    assert REFUSED in adds(sam, device).main
    assert kept(at_work) == []


def test_what_was_made_for_one_page_is_taken_once(sam, at_work):
    options = asked(sam.get(ADD))
    assert sam.post(ADD, {"name": "One", "credential": Device().makes(options)}).status == 303
    has_proved_for(sam, "accounts.add_passkey")
    assert sam.post(ADD, {"name": "Two", "credential": Device(id=b"two").makes(options)}).status == 422
    assert len(kept(at_work)) == 1


def test_it_is_taken_from_the_browser_that_was_asked_alone(sam, at_door, cast):
    """Seen red with the browser's own token left out of the challenge."""
    options = asked(sam.get(ADD))
    other = at_door("staff").sign_in_as(cast.sam)
    other.get(ADD)
    has_proved_for(other, "accounts.add_passkey")
    assert other.post(ADD, {"name": "One", "credential": Device().makes(options)}).status == 422


def test_a_page_that_lay_open_too_long_asks_anew(sam, clock, sams):
    made = Device().makes(asked(sam.get(ADD)))
    clock.forward(minutes=3)
    assert sam.post(ADD, {"name": "One", "credential": made}).status == 303
    late = Device(id=b"late").makes(asked(sam.get(ADD)))
    clock.forward(minutes=10)
    assert sam.post(ADD, {"name": "Two", "credential": late}).status == 403  # by now it asks who it is, too


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", "\0", '{"id": 5}', '{"id": "x", "response": {}}', "{" * 500]
)
def test_nonsense_is_refused_in_words(sam, sent):
    page = sam.post(ADD, {"name": "My laptop", "credential": sent})
    assert page.status == 422
    assert REFUSED in page.main
    assert page.field("name") == "My laptop"


def test_a_name_is_asked_for(sam):
    page = sam.post(ADD, {"name": "", "credential": Device().makes(asked(sam.get(ADD)))})
    assert "Give it a name" in page.main


def test_nobody_has_more_than_a_few(sam, at_work):
    for number in range(MOST):
        adds(sam, Device(id=bytes([number])))
    assert f"You have {MOST} passkeys" in adds(sam, Device(id=b"one more")).main


def test_a_sign_in_just_now_is_no_proof_for_it_and_what_was_made_is_kept(doors, cast, sams, at_work):
    """Seen red with no proof of its own asked for."""
    browser = doors.staff.sign_in_as(cast.sam)
    sent = {"name": "My laptop", "credential": Device().makes(asked(browser.get(ADD)))}
    page = browser.post(ADD, sent)
    assert (page.status, kept(at_work)) == (403, [])
    answer = proves(browser, page, sams.code())
    assert goes_on(browser, page, answer).location == "/your-sign-in"


def test_nor_is_a_proof_that_was_given_for_another_page(sam, at_work):
    """Seen red with no proof of its own asked for."""
    has_proved_for(sam, "accounts.change_password")
    assert sam.post(ADD, {"name": "One", "credential": Device().makes(asked(sam.get(ADD)))}).status == 403


def test_a_proof_adds_one_passkey(sam):
    """Seen red with no proof of its own asked for."""
    adds(sam, Device())
    second = Device(id=b"two").makes(asked(sam.get(ADD)))
    assert sam.post(ADD, {"name": "Two", "credential": second}).status == 403


def test_sam_is_told(sam, at_work, cast):
    """Seen red without `tell_of_change` in `add_passkey`."""
    adds(sam, Device())
    with at_work():
        told = session.execute(select(OutboxMessage.kind, OutboxMessage.recipient_id)).all()
        assert [tuple(one) for one in told] == [("sign_in.changed", cast.sam)]


def test_some_minutes_after_signing_in_it_asks_who_it_is(sam, clock):
    clock.forward(minutes=5)
    assert "Is it you?" in sam.get(ADD).main


def test_it_stands_on_the_record(sam, at_work, cast):
    adds(sam, Device())
    with at_work():
        noted = session.scalars(select(AuditEvent).where(AuditEvent.act == "passkey.added")).one()
        assert noted.subject_id == cast.sam
