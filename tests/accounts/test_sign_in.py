"""`/sign-in` and `/sign-out`: how Sam signs in with password and code, and how long that holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, PersonRole
from portal.accounts.sign_in import SignIn
from portal.accounts.staff_secret import StaffSecret, set_secret
from portal.audit import AuditEvent
from portal.crypto import Sealed
from portal.db import session

REFUSED = "Check the e-mail, the password and the code. A code works once."


def given(sams, **other):
    return {"email": sams.email, "password": sams.password, "code": sams.code()} | other


def test_sam_signs_in_with_password_and_code(doors, sams):
    page = doors.staff.post("/sign-in", given(sams))
    assert (page.status, page.location) == (303, "/")


def test_it_does_not_matter_how_the_address_is_written(doors, sams):
    assert doors.staff.post("/sign-in", given(sams, email=" Sam@HUB.example ")).status == 303


def test_the_code_may_have_a_gap_as_the_phone_shows_it(doors, sams):
    code = sams.code()
    assert doors.staff.post("/sign-in", given(sams, code=f"{code[:3]} {code[3:]}")).status == 303


@pytest.mark.parametrize(
    "other",
    [
        {"email": "nobody@hub.example"},
        {"password": "another long way"},
        {"code": "000000"},
        {"code": "no code"},
    ],
    ids=["unknown", "wrong password", "wrong code", "no code"],
)
def test_whatever_was_wrong_the_answer_is_the_same(doors, sams, other):
    page = doors.staff.post("/sign-in", given(sams, **other))
    assert page.status == 422
    assert REFUSED in page.main


@pytest.mark.parametrize("email", ["nobody@hub.example", "lee@hub.example", "sam@hub.example"])
def test_whoever_it_is_one_slow_check_is_made(doors, sams, email, monkeypatch):
    """Seen red with nobody's password left unchecked."""
    seen: list[int] = []

    def counted(*_) -> bool:
        seen.append(1)
        return False

    monkeypatch.setattr("portal.accounts.staff_secret.slow_hash.fits", counted)
    doors.staff.post("/sign-in", given(sams, email=email, password="wrong"))
    assert seen == [1]


def test_the_password_does_not_come_back_and_the_address_does(doors, sams):
    page = doors.staff.post("/sign-in", given(sams, code="000000"))
    assert page.field("email") == sams.email
    assert sams.password not in page.html


@pytest.mark.parametrize(
    ("field", "words"),
    [("email", "Enter your e-mail address"), ("password", "Enter your password"), ("code", "Enter the code")],
)
def test_what_was_left_out_is_named(doors, sams, field, words):
    page = doors.staff.post("/sign-in", given(sams, **{field: ""}))
    assert page.status == 422
    assert words in page.main


def test_a_code_works_once(doors, at_door, sams):
    """Seen red with the last step not kept."""
    assert doors.staff.post("/sign-in", given(sams)).status == 303
    assert at_door("staff").post("/sign-in", given(sams)).status == 422


def test_a_code_from_before_the_last_one_does_not_work_either(doors, at_door, sams, clock):
    earlier = sams.code()
    clock.forward(seconds=30)
    assert doors.staff.post("/sign-in", given(sams)).status == 303
    assert at_door("staff").post("/sign-in", given(sams, code=earlier)).status == 422


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (30, 303), (-60, 422), (60, 422)])
def test_a_phones_clock_may_be_half_a_minute_wrong(doors, sams, clock, seconds, status):
    clock.forward(seconds=seconds)
    code = sams.code()
    clock.forward(seconds=-seconds)
    assert doors.staff.post("/sign-in", given(sams, code=code)).status == status


def test_a_wrong_password_uses_no_code_up(doors, sams):
    doors.staff.post("/sign-in", given(sams, password="another long way"))
    assert doors.staff.post("/sign-in", given(sams)).status == 303


def test_somebody_who_has_left_does_not_sign_in(doors, sams, at_work, cast, clock):
    with at_work():
        session.get_one(Person, cast.sam).ended_at = clock()
    assert REFUSED in doors.staff.post("/sign-in", given(sams)).main


def test_somebody_whose_roles_have_ended_does_not_sign_in(doors, sams, at_work, cast, clock):
    with at_work():
        for role in session.scalars(select(PersonRole).where(PersonRole.person_id == cast.sam)):
            role.ends_at = clock()
    assert REFUSED in doors.staff.post("/sign-in", given(sams)).main


def test_whoever_guesses_is_slowed_down_and_never_locked_out(doors, sams, clock):
    for _ in range(10):
        doors.staff.post("/sign-in", given(sams, code="000000"))
    page = doors.staff.post("/sign-in", given(sams))
    assert (page.status, page.headers["Retry-After"]) == (429, "300")
    clock.forward(minutes=5)
    assert doors.staff.post("/sign-in", given(sams)).status == 303


def test_whoever_knows_an_address_keeps_nobody_out_from_elsewhere(doors, at_door, sams):
    """A duty worker has five minutes for who is not safe, and their e-mail is no secret."""
    for _ in range(11):
        at_door("staff").post(
            "/sign-in", given(sams, code="1"), environ_overrides={"REMOTE_ADDR": "192.0.2.7"}
        )
    assert doors.staff.post("/sign-in", given(sams)).status == 303


def test_a_refusal_of_who_has_no_role_any_more_is_on_the_record(doors, sams, at_work, cast, clock):
    with at_work():
        for role in session.scalars(select(PersonRole).where(PersonRole.person_id == cast.sam)):
            role.ends_at = clock()
    doors.staff.post("/sign-in", given(sams))
    with at_work():
        refused = session.scalars(select(AuditEvent).where(AuditEvent.act == "sign_in.refused")).one()
        assert refused.object_id == cast.sam


def test_a_refusal_is_on_the_record(doors, sams, at_work):
    """Seen red without `kept()`."""
    doors.staff.post("/sign-in", given(sams, code="000000"))
    with at_work():
        assert session.scalar(select(AuditEvent).where(AuditEvent.act == "sign_in.refused")) is not None


def test_password_managers_are_told_which_field_is_which(doors):
    page = doors.staff.get("/sign-in")
    told = {
        e.get("name"): e.get("autocomplete") for e in page.tree.iter("input") if e.get("type") != "hidden"
    }
    assert told == {"email": "username", "password": "current-password", "code": "one-time-code"}


def test_nothing_forbids_pasting(doors):
    assert "onpaste" not in doors.staff.get("/sign-in").html


def test_somebody_signed_in_is_sent_on(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get("/sign-in").location == "/"


def test_neither_password_nor_authenticator_lies_open(sams, at_work):
    with at_work():
        row = session.execute(select(StaffSecret.__table__)).mappings().one()
    assert isinstance(row["totp"], Sealed)
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_short_password_is_not_taken(at_work, cast):
    with at_work(), pytest.raises(ValueError, match="at least 8"):
        set_secret(session.get_one(Person, cast.sam), "1234567")


def test_a_new_secret_ends_the_earlier_one(doors, sams, at_work, cast):
    with at_work():
        set_secret(session.get_one(Person, cast.sam), "another long way to the sea")
    assert doors.staff.post("/sign-in", given(sams)).status == 422


def test_signing_out_ends_the_sign_in_and_keeps_nothing(doors, cast, at_work):
    page = doors.staff.sign_in_as(cast.sam).post("/sign-out", token=False)
    assert (page.status, page.location) == (303, "/sign-in")
    assert page.headers["Clear-Site-Data"] == '"cache"'
    with at_work():
        assert session.scalars(select(SignIn)).all() == []


def test_nobody_else_can_sign_sam_out(doors, cast, at_work):
    page = doors.staff.sign_in_as(cast.sam).post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status == 400
    with at_work():
        assert len(session.scalars(select(SignIn)).all()) == 1
