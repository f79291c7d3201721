"""`/your-sign-in/passkeys/change`: call a passkey of one's own something else, or remove it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.passkeys import Passkey
from portal.db import session
from tests.accounts.device import Device
from tests.accounts.test_add_passkey import adds

CHANGE = "/your-sign-in/passkeys/change"


@pytest.fixture
def sam(doors, cast):
    browser = doors.staff.sign_in_as(cast.sam)
    adds(browser, Device())
    return browser


@pytest.fixture
def key(sam, at_work):
    with at_work():
        return str(session.scalars(select(Passkey.id)).one())


def names(at_work):
    with at_work():
        return [one.name for one in session.scalars(select(Passkey))]


def test_it_is_called_something_else(sam, key, at_work):
    assert sam.get(f"{CHANGE}?passkey={key}").field("name") == "My laptop"
    assert sam.post(CHANGE, {"passkey": key, "name": "Old laptop"}).location == "/your-sign-in"
    assert names(at_work) == ["Old laptop"]


def test_without_a_name_it_comes_back(sam, key, at_work):
    page = sam.post(CHANGE, {"passkey": key, "name": ""})
    assert page.status == 422
    assert names(at_work) == ["My laptop"]


def test_it_is_removed(sam, key, at_work):
    sam.post(CHANGE, {"passkey": key, "act": "remove"})
    assert names(at_work) == []


def test_nobody_changes_a_colleagues(sam, key, at_door, cast, at_work):
    lee = at_door("staff").sign_in_as(cast.lee)
    assert lee.get(f"{CHANGE}?passkey={key}").location == "/your-sign-in"
    lee.post(CHANGE, {"passkey": key, "act": "remove"})
    assert names(at_work) == ["My laptop"]


def test_some_minutes_after_signing_in_it_asks_who_it_is(sam, key, clock, at_work):
    clock.forward(minutes=5)
    assert "Is it you?" in sam.post(CHANGE, {"passkey": key, "act": "remove"}).main
    assert names(at_work) == ["My laptop"]
