"""What the tests of coming in and leaving stand on."""

from __future__ import annotations

from types import SimpleNamespace

import pyotp
import pytest

from portal.accounts.cards import print_sheet
from portal.accounts.draw import Draw
from portal.accounts.models import Person
from portal.accounts.staff_secret import set_secret
from portal.accounts.ways_in import give
from portal.db import session


@pytest.fixture
def amaras(at_work, cast):
    """The way in that Sam has just given Amara."""
    with at_work():
        return give(cast.amara, cast.sam)


@pytest.fixture
def ruths(at_work, cast):
    """The way in that Sam has just given her mother."""
    with at_work():
        return give(cast.ruth, cast.sam)


@pytest.fixture
def sams(at_work, cast, clock):
    """What Sam signs in with: e-mail, password, and `code()` as his authenticator shows it now."""
    with at_work():
        totp = set_secret(session.get_one(Person, cast.sam), "a long way to the sea")
    code = pyotp.TOTP(totp).at
    return SimpleNamespace(
        email="sam@hub.example", password="a long way to the sea", code=lambda: code(int(clock().timestamp()))
    )


def wrong(pin: str) -> str:
    """Another PIN than this one."""
    return f"{(int(pin) + 1) % 10**6:06}"


def handed_over(young, token: str):
    """The young person's door takes the form that the browser sends on: no cookie of it, and no token of a form."""
    return young.post("/begin", {"token": token}, token=False, headers={"Origin": "null"})


@pytest.fixture
def tablet(doors, cast, sams):
    """One tablet: Sam has handed it to Amara, and she is on her first page. `.staff` and `.young` are its doors."""
    doors.staff.sign_in_as(cast.sam)
    page = doors.staff.get(f"/young-people/{cast.amara}/in-room")
    doors.staff.post(f"/young-people/{cast.amara}/in-room", {"token": page.field("token")})
    handed_over(doors.young, page.field("token"))
    return doors


def a_sheet(by):
    """A sheet of cards that somebody printed, in the step under way."""
    made = print_sheet(by, Draw.of(by))
    session.flush()
    return made
