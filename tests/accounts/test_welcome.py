"""`/welcome`: an invitation is opened, a password chosen, an authenticator set up; then one is in."""

from __future__ import annotations

import pyotp
import pytest
from sqlalchemy import select

from portal.accounts.draw import Draw
from portal.accounts.invitations import Invitation, authenticator_of
from portal.accounts.models import Person, PersonRole
from portal.accounts.sign_in import SignIn
from portal.accounts.staff_secret import StaffSecret
from portal.db import session

KEY = "the random key of a page"
PASSWORD = "three slow green boats"
OPENS_NOTHING = "This code opens nothing"


@pytest.fixture
def code(at_work, cast):
    """The code of Lee's invitation."""
    with at_work():
        return Invitation.make(cast.lee, cast.ade, Draw.of(cast.ade, "a form"))


@pytest.fixture
def shows(at_work, cast, clock, code):
    """`shows()`: what Lee's new authenticator shows now."""
    with at_work():
        totp = authenticator_of(cast.lee, code, KEY)
    return lambda: pyotp.TOTP(totp).at(int(clock().timestamp()))


def opens(browser, code):
    browser.get("/welcome")
    return browser.post("/welcome", {"invitation-code": code})


def begins(browser, code, shown, password=PASSWORD):
    typed = {"invitation-code": code, "form_key": KEY, "password": password, "code": shown}
    return browser.post("/welcome", typed)


def test_lee_opens_it_chooses_a_password_and_is_in(doors, code, shows):
    page = opens(doors.staff, code)
    assert "Lee Marsh" in page.main
    assert begins(doors.staff, code, shows()).location == "/"
    assert doors.staff.get("/").status == 200


def test_from_then_on_lee_signs_in_with_it(doors, at_door, code, shows, clock):
    begins(doors.staff, code, shows())
    clock.forward(seconds=30)
    again = at_door("staff").post(
        "/sign-in", {"email": "lee@hub.example", "password": PASSWORD, "code": shows()}
    )
    assert again.location == "/"


def test_the_code_it_began_with_works_no_second_time(doors, at_door, code, shows):
    begins(doors.staff, code, shows())
    again = at_door("staff").post(
        "/sign-in", {"email": "lee@hub.example", "password": PASSWORD, "code": shows()}
    )
    assert again.status == 422


def secret_on(page):
    return page.tree.find(".//dd").text.replace(" ", "")


def test_whoever_else_opens_it_sees_another_secret(doors, at_door, code, clock):
    """Seen red with the secret drawn from the code alone: who had seen the invitation had the second factor for good."""
    seen, page = secret_on(opens(at_door("staff"), code)), opens(doors.staff, code)
    theirs = {"invitation-code": code, "form_key": page.field("form_key"), "password": PASSWORD}
    now = int(clock().timestamp())
    assert doors.staff.post("/welcome", theirs | {"code": pyotp.TOTP(seen).at(now)}).status == 422
    assert doors.staff.post("/welcome", theirs | {"code": pyotp.TOTP(secret_on(page)).at(now)}).status == 303


def test_a_wrong_code_shows_the_same_picture_again(doors, code):
    page = opens(doors.staff, code)
    typed = {
        "invitation-code": code,
        "form_key": page.field("form_key"),
        "password": PASSWORD,
        "code": "000000",
    }
    assert secret_on(doors.staff.post("/welcome", typed)) == secret_on(page)


def test_without_the_pages_key_nothing_begins(doors, code, at_work, cast, clock):
    """Seen red without asking for the key: a form made up from the code alone set up a secret that its maker knew."""
    with at_work():
        shown = pyotp.TOTP(authenticator_of(cast.lee, code, "")).at(int(clock().timestamp()))
    typed = {"invitation-code": code, "form_key": "", "password": PASSWORD, "code": shown}
    assert doors.staff.post("/welcome", typed).status == 422


def test_opening_it_uses_nothing_up(doors, at_door, code, shows):
    for _ in range(3):
        opens(at_door("staff"), code)
    assert begins(doors.staff, code, shows()).status == 303


def test_the_code_may_be_typed_in_small_letters_and_with_gaps(doors, code):
    assert "Lee Marsh" in opens(doors.staff, code.lower().replace("-", " ")).main


def test_a_link_brings_it_behind_the_hash(doors, code):
    doors.staff.get("/welcome")
    assert "Lee Marsh" in doors.staff.post("/welcome", {"invitation-token": code}).main


def test_it_works_once(doors, at_door, code, shows, clock):
    begins(doors.staff, code, shows())
    clock.forward(minutes=1)
    assert OPENS_NOTHING in begins(at_door("staff"), code, shows()).main


@pytest.mark.parametrize(("hours", "works"), [(71, True), (72, False)])
def test_it_works_for_three_days(doors, code, clock, hours, works):
    clock.forward(hours=hours)
    assert (OPENS_NOTHING not in opens(doors.staff, code).main) is works


@pytest.mark.parametrize("typed", ["nonsense", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "é" * 50])
def test_another_code_opens_nothing(doors, code, typed):
    page = opens(doors.staff, typed)
    assert page.status == 422
    assert OPENS_NOTHING in page.main


def test_nothing_typed_is_said(doors):
    page = opens(doors.staff, "")
    assert page.status == 422
    assert "Enter the code from your invitation" in page.main


def test_somebody_who_has_left_or_has_no_role_opens_nothing(doors, code, at_work, cast, clock):
    with at_work():
        for role in session.scalars(select(PersonRole).where(PersonRole.person_id == cast.lee)):
            role.ends_at = clock()
    assert OPENS_NOTHING in opens(doors.staff, code).main
    with at_work():
        session.get_one(Person, cast.lee).ended_at = clock()
    assert OPENS_NOTHING in opens(doors.staff, code).main


def test_whoever_guesses_is_slowed_down(doors, code, at_door):
    for _ in range(10):
        opens(doors.staff, "AAAA")
    assert opens(doors.staff, "AAAA").status == 429


def test_a_wrong_code_of_the_authenticator_uses_nothing_up(doors, code, shows):
    page = begins(doors.staff, code, "000000")
    assert page.status == 422
    assert "This code does not fit" in page.main
    assert begins(doors.staff, code, shows()).status == 303


@pytest.mark.parametrize(
    "weak",
    ["short", "elevenchars", "aaaaaaaaaaaaaa", "Password12345!", "P@ssw0rdP@ssw0rd", "qwertyuiop123", "123456789012345",
     "manchestercity2026", "abcdefghijklmnop", "LeeMarsh1234567", "lee@hub.example1", "welcome.summer.2026"],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_not_taken(doors, code, shows, weak):
    page = begins(doors.staff, code, shows(), weak)
    assert page.status == 422
    assert "Choose a password" in page.main


@pytest.mark.parametrize(
    "good",
    [PASSWORD, "a long way to the sea", "Xk7#qPz9!mLw", "سلام دنیای بزرگ ما", "twelve letter" + "s" * 100],
)
def test_a_password_of_some_words_is_taken(doors, code, shows, good):
    assert begins(doors.staff, code, shows(), good).status == 303


def test_a_password_comes_back_to_nobody(doors, code):
    assert PASSWORD not in begins(doors.staff, code, "000000").html


def test_what_was_open_before_is_over(doors, at_door, code, shows, cast, at_work):
    before = at_door("staff").sign_in_as(cast.lee)
    begins(doors.staff, code, shows())
    assert before.get("/").location == "/sign-in"
    with at_work():
        assert len(session.scalars(select(SignIn)).all()) == 1


def test_the_authenticator_lies_sealed(doors, code, shows, at_work):
    begins(doors.staff, code, shows())
    with at_work():
        assert session.scalars(select(StaffSecret)).one().password_hash.startswith("$argon2id$")
