"""`/sign-in/passkey`: a passkey alone signs in, and proves once more who it is; a code goes on working beside it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.passkeys import Passkey
from portal.accounts.sign_in import SignIn
from portal.accounts.throttle import TRIES_OF_CLIENT, TRIES_OF_ONE
from portal.audit import AuditEvent
from portal.db import session
from tests.accounts.device import PRESENT, Device, asked
from tests.accounts.test_add_passkey import adds


@pytest.fixture
def laptop(at_door, cast):
    """Sam's laptop, with a passkey."""
    device = Device()
    adds(at_door("staff").sign_in_as(cast.sam), device)
    return device


@pytest.fixture
def browser(doors, laptop):
    return doors.staff


def comes_in(browser, device, **more):
    credential = device.signs(asked(browser.get("/sign-in")))
    return browser.post("/sign-in/passkey", {"credential": credential}, **more)


def test_sam_signs_in_with_it_alone(browser, laptop):
    assert comes_in(browser, laptop).location == "/"
    assert "Sam: your sign-in" in browser.get("/").text


def test_his_code_works_beside_it(browser, laptop, sams):
    page = browser.post("/sign-in", {"email": sams.email, "password": sams.password, "code": sams.code()})
    assert page.location == "/"


def refused(browser, device) -> bool:
    page = comes_in(browser, device)
    assert page.status in (303, 422)
    return bool(page.status == 422 and "This passkey opens nothing here" in page.main)


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://elsewhere.example"}, {"host": "elsewhere.example"}, {"flags": PRESENT}, {"id": b"no such"},
     {"key": Device().key}],
    ids=["another page", "another host", "nobody proved who holds it", "unknown", "another key"],
)  # fmt: skip
def test_what_is_not_right_is_refused(browser, laptop, wrong):
    assert refused(browser, Device(**{"key": laptop.key} | wrong))


def test_a_proof_is_taken_once(browser, at_door, laptop):
    """Seen red with the used challenge not noted."""
    laptop.counts = False  # as most passkeys do not
    sent = laptop.signs(asked(browser.get("/sign-in")))
    before = browser.client.get_cookie("s", domain="staff.localhost").value
    assert browser.post("/sign-in/passkey", {"credential": sent}).status == 303
    again = at_door("staff")  # with the cookie of the browser before it signed in
    again.client.set_cookie("s", before, domain="staff.localhost")
    assert again.post("/sign-in/passkey", {"credential": sent}).status == 422


def test_a_device_that_was_copied_is_noticed(browser, at_door, laptop):
    copy = Device(key=laptop.key)
    comes_in(browser, laptop)
    comes_in(at_door("staff"), laptop)
    assert refused(at_door("staff"), copy)


def test_a_removed_one_opens_nothing(browser, laptop, at_work):
    with at_work():
        session.scalars(select(Passkey)).one().remove()
    assert refused(browser, laptop)


def test_of_somebody_who_has_left_it_opens_nothing(browser, laptop, at_work, cast, clock):
    with at_work():
        session.get_one(Person, cast.sam).ended_at = clock()
    assert refused(browser, laptop)


def test_a_refusal_is_on_the_record(browser, laptop, at_work):
    refused(browser, Device(key=laptop.key, id=b"no such"))
    with at_work():
        assert session.scalar(select(AuditEvent).where(AuditEvent.act == "sign_in.refused")) is not None


def test_a_locked_tablet_asks_for_the_code_all_the_same(tablet):
    tablet.staff.get("/locked")
    assert tablet.staff.post("/sign-in/passkey", {"credential": "{}"}).location == "/locked"


def test_it_proves_once_more_who_it_is(browser, laptop, clock):
    comes_in(browser, laptop)
    clock.forward(minutes=6)
    page = browser.get("/your-sign-in/new-passkey")
    sent = laptop.signs(asked(page))
    answer = browser.post(
        "/step-up", {"step-up-onward": "/your-sign-in/new-passkey", "step-up-passkey": sent}
    )
    assert (answer.status, answer.location) == (303, "/your-sign-in/new-passkey")
    assert browser.follow(answer).status == 200


def test_a_colleagues_passkey_proves_nothing(browser, at_door, laptop, cast, clock):
    """Seen red with only the signature looked at, and not whose passkey it is."""
    lees = Device(id=b"Lee's")
    lee = at_door("staff").sign_in_as(cast.lee)
    adds(lee, lees)
    comes_in(browser, laptop)
    clock.forward(minutes=6)
    sent = lees.signs(asked(browser.get("/your-sign-in/new-passkey")))
    page = browser.post("/step-up", {"step-up-onward": "/your-sign-in/new-passkey", "step-up-passkey": sent})
    assert page.status == 422
    assert "is not yours here" in page.main


def test_a_proof_made_to_sign_in_steps_nobody_up(browser, at_door, laptop, clock):
    sent = laptop.signs(asked(browser.get("/sign-in")))
    comes_in(browser, laptop)
    clock.forward(minutes=6)
    browser.get("/your-sign-in")
    page = browser.post("/step-up", {"step-up-onward": "/your-sign-in/new-passkey", "step-up-passkey": sent})
    assert page.status == 422


def test_a_proof_made_to_step_up_signs_nobody_in(browser, laptop, clock):
    """Seen red with the challenge's purpose left out of `_seal`."""
    comes_in(browser, laptop)
    clock.forward(minutes=6)
    sent = laptop.signs(asked(browser.get("/your-sign-in/new-passkey")))
    assert browser.post("/sign-in/passkey", {"credential": sent}).status == 422


def test_what_it_signed_in_with_is_said_in_words(browser, laptop, at_work):
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
    )
    comes_in(browser, laptop, headers={"User-Agent": agent})
    with at_work():
        said = session.scalars(select(SignIn.browser).order_by(SignIn.created_at, SignIn.id)).all()
    assert "Edge on Windows" in said


def tries(browser, device) -> int:
    """What a passkey is answered that names a device and proves nothing."""
    return int(browser.post("/sign-in/passkey", {"credential": device.signs({"challenge": ""})}).status)


def test_many_people_behind_one_address_sign_in(browser, at_door, laptop):
    """Seen red with one count for the passkeys of a whole council."""
    browser.get("/sign-in")
    for number in range(TRIES_OF_ONE):
        assert tries(browser, Device(id=b"device %d" % number)) == 422
    assert comes_in(browser, laptop).status == 303


def test_one_passkey_tried_very_often_waits(browser):
    browser.get("/sign-in")
    device = Device()
    assert [tries(browser, device) for _ in range(TRIES_OF_ONE + 1)] == [422] * TRIES_OF_ONE + [429]
    assert tries(browser, Device(id=b"another")) == 422


def test_one_address_does_not_try_device_after_device(browser):
    browser.get("/sign-in")
    for number in range(TRIES_OF_CLIENT):
        assert tries(browser, Device(id=b"device %d" % number)) == 422
    assert tries(browser, Device(id=b"one more")) == 429


@pytest.mark.parametrize("sent", ["", "{}", "[]", "nothing", '{"id": 7}', '{"id": "\u2026"}'])
def test_what_names_no_passkey_is_counted_and_refused(browser, sent):
    browser.get("/sign-in")
    assert browser.post("/sign-in/passkey", {"credential": sent}).status == 422


def test_a_very_long_id_is_counted_and_refused(browser):
    browser.get("/sign-in")
    assert tries(browser, Device(id=bytes(20000))) == 422
