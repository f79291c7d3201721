"""`/young-people/…/in-room`: Sam hands Amara his tablet. His sign-in locks, and nothing of the staff's door opens."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.accounts import private_phone
from portal.accounts.custody import Custody
from portal.accounts.in_room import HandOver
from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.audit import AuditEvent
from portal.db import new_id, session
from portal.returns.safer_plan import SaferPlan
from tests.accounts.conftest import handed_over
from tests.factories import a_voice

AMARAS = "/young-people/{}/in-room"


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def begin(sam, cast, token=None):
    page = sam.get(AMARAS.format(cast.amara))
    return sam.post(AMARAS.format(cast.amara), {"token": token or page.field("token")})


def test_the_browser_goes_on_to_the_young_peoples_door_with_no_token_in_an_address(sam, cast):
    page = begin(sam, cast)
    assert (page.status, page.location) == (307, "http://young.localhost/begin")


def test_what_the_browser_kept_of_the_staffs_pages_goes(sam, cast):
    assert begin(sam, cast).headers["Clear-Site-Data"] == '"cache"'


def test_the_policy_lets_this_one_form_end_at_the_young_peoples_door(sam, cast):
    allowed = sam.get(AMARAS.format(cast.amara)).headers["Content-Security-Policy"]
    assert "http://young.localhost" in allowed
    assert (
        "http://young.localhost"
        not in sam.get(f"/young-people/{cast.amara}").headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "path", ["/", "/young-people", "/young-people/{amara}", "/alerts", "/voices", "/returns", "/cards", "/sign-in",
             "/young-people/{amara}/in-room", "/young-people/{amara}/way-in"],
)  # fmt: skip
def test_nothing_of_the_staffs_door_opens_while_a_young_person_has_the_tablet(sam, cast, path):
    """Seen red with the lock left out of the look-up of a sign-in."""
    begin(sam, cast)
    page = sam.get(path.format(amara=cast.amara))
    while page.status == 303:
        page = sam.follow(page)
    assert page.url.endswith("/locked")
    assert "Amara" not in page.html
    assert "Sam" not in page.html


def test_no_form_of_a_page_that_was_kept_does_anything(sam, cast, at_work):
    """Seen red with the token of the forms left in the cookie and the lock left out."""
    kept = sam.get(f"/young-people/{cast.amara}/way-in")
    begin(sam, cast)
    page = sam.post(f"/young-people/{cast.amara}/way-in", {"act": "give", "csrf_token": kept.token()})
    assert page.status in (303, 400)
    with at_work():
        assert not session.scalars(select(AuditEvent).where(AuditEvent.act == "way_in.given")).all()


def test_another_phone_of_sams_stays_signed_in(sam, cast, at_door):
    other = at_door("staff").sign_in_as(cast.sam)
    begin(sam, cast)
    assert other.get("/").status == 200


def test_a_second_press_finds_the_lock_and_hands_over_nothing_more(sam, cast, at_work):
    page = sam.get(AMARAS.format(cast.amara))
    form = {"token": page.field("token"), "csrf_token": page.token()}
    sam.post(AMARAS.format(cast.amara), form)
    assert sam.post(AMARAS.format(cast.amara), form).status in (303, 400)
    with at_work():
        assert len(session.scalars(select(HandOver)).all()) == 1


@pytest.mark.parametrize("token", ["", "short", "x" * 32, "ab" * 17, "\ud800", "'; --"])
def test_what_is_no_token_locks_nothing(sam, cast, token, at_work):
    page = sam.post(AMARAS.format(cast.amara), {"token": token.encode("utf-8", "replace").decode()})
    assert page.status == 303
    with at_work():
        assert session.scalars(select(SignIn.locked_at)).one() is None


def test_a_token_is_never_taken_twice(sam, cast, doors, at_door):
    token = "ab" * 16
    begin(sam, cast, token)
    handed_over(doors.young, token)
    again = at_door("staff").sign_in_as(cast.sam)
    assert begin(again, cast, token).location.endswith("/in-room")


def test_it_is_recorded_who_vouched_for_whom(sam, cast, at_work):
    begin(sam, cast)
    with at_work():
        made = session.scalars(select(HandOver)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "in_room.begun")).one()
    assert (made.worker_id, made.child_id) == (cast.sam, cast.amara)
    assert (event.actor_id, event.subject_id) == (cast.sam, cast.amara)


def test_the_token_itself_is_kept_nowhere(sam, cast, at_work):
    token = sam.get(AMARAS.format(cast.amara)).field("token")
    begin(sam, cast, token)
    with at_work():
        kept = vars(session.scalars(select(HandOver)).one())
    assert token not in str(kept)


def test_in_custody_no_tablet_is_handed_over(sam, cast, at_work):
    with at_work():
        Custody.begin(cast.amara, date(2026, 11, 1), "Far away", None, cast.sam)
    page = sam.get(AMARAS.format(cast.amara))
    assert "in custody" in page.main
    assert "begin for" not in page.main
    assert sam.post(AMARAS.format(cast.amara), {"token": "ab" * 16}).status == 303


def test_whoever_put_everything_away_is_told_to_be_handed_an_empty_page(sam, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    assert "put everything away" in sam.get(AMARAS.format(cast.amara)).main


def test_lee_hands_amara_no_tablet(doors, cast):
    lee = doors.staff.sign_in_as(cast.lee)
    assert lee.get(AMARAS.format(cast.amara)).status == 404
    assert lee.post(AMARAS.format(cast.amara), {"token": "ab" * 16}).status == 404


def test_a_private_phone_makes_no_tablet_private(tablet, cast, at_work):
    """Seen red with what was said of the phone alone: who sat beside her, or had it next, read it all."""
    with at_work():
        voice_id = a_voice(by=cast.amara).id
        SaferPlan.write(cast.amara, {"ring": "Auntie Bea"}, new_id(), new_id(), afresh=False)
        private_phone.say_private(cast.amara, cast.sam)
    young = tablet.young
    assert f"/went/{voice_id}" not in young.get("/went").html
    assert [young.get(path).location.endswith("/went") for path in (f"/went/{voice_id}", "/went/opened")] == [
        True
    ] * 2
    assert "Auntie Bea" not in young.get("/plan").html
