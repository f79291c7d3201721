"""Today, for every role of the staff: what waits for them, and nothing that they may not see."""

from uuid import uuid4

import pytest

from portal.alerts.models import Alert, raise_alert
from portal.db import session
from tests.factories import a_return, an_alert

ROLES = {
    "sam": "worker", "dee": "duty worker", "cory": "coordinator", "priya": "manager",
    "noor": "participation lead", "ade": "administrator", "aud": "auditor",
}  # fmt: skip


@pytest.mark.parametrize(("who", "role"), ROLES.items())
def test_every_role_has_a_front_page_that_says_who_they_are(who, role, staff, cast):
    page = staff(getattr(cast, who)).get("/")
    assert page.status == 200
    assert f"Manchester City Council. Signed in as {role}." in page.main


@pytest.mark.parametrize("who", ["noor", "ade", "aud"])
def test_a_role_without_pages_yet_finds_help_and_signing_out(who, staff, cast):
    page = staff(getattr(cast, who)).get("/")
    assert "Sign out" in page.text
    addresses = {link.get("href") for link in page.tree.iterfind(".//nav//a")}
    assert addresses >= {"/", "/how-we-reach-you", "/help"}
    assert not addresses & {"/alerts", "/voices", "/asks", "/texts", "/returns", "/young-people"}


@pytest.mark.parametrize(
    ("who", "here", "never"),
    [
        ("noor", "Feedback forms, group sessions and “you said, we did” are yours.", "no names"),
        ("ade", "are yours: see People.", "You do not see what young people said."),
        ("aud", "You read a named sample, for a named time", "You change nothing here."),
    ],
)
def test_a_role_without_lists_reads_what_is_here_for_it(who, here, never, staff, cast):
    page = staff(getattr(cast, who)).get("/").main
    assert here in page
    assert never in page


def test_a_role_with_lists_does_not(staff, cast):
    assert "What is here for you" not in staff(cast.cory).get("/").main


def test_nobody_is_sent_to_sign_in(doors):
    assert doors.staff.get("/").location == "/sign-in"


def test_sam_finds_what_amara_said(staff, cast, said):
    page = staff(cast.sam).get("/")
    assert page.tree.find(f".//a[@href='/voices/{said}']").text == "Amara Obi"


def test_sam_finds_the_alert_and_by_when_it_is_due(staff, cast, at_work):
    with at_work():
        alert_id = an_alert(cast.amara).id
    page = staff(cast.sam).get("/")
    assert page.tree.find(f".//a[@href='/alerts/{alert_id}']") is not None
    assert "due in 1 hour" in page.main


def test_an_alert_that_somebody_has_says_so(staff, cast, at_work):
    with at_work():
        alert_id = an_alert(cast.amara).id
    with at_work():
        session.get_one(Alert, alert_id).hold(cast.dee)
    assert "Somebody has it" in staff(cast.sam).get("/").main


def test_sam_finds_the_return_that_is_due(staff, cast, at_work):
    with at_work():
        task_id = a_return(cast.amara).id
    assert staff(cast.sam).get("/").tree.find(f".//a[@href='/returns/{task_id}']") is not None


def test_lee_finds_nothing_about_amara(staff, cast, said, at_work):
    with at_work():
        an_alert(cast.amara)
        a_return(cast.amara)
    assert "Amara" not in staff(cast.lee).get("/").html


def test_the_coordinator_sees_returns_and_no_voice(staff, cast, said, at_work):
    with at_work():
        a_return(cast.amara)
    page = staff(cast.cory).get("/")
    assert "Return conversations" in page.main
    assert "To read and answer" not in page.main


def test_the_page_where_one_is_is_marked_in_the_menu(staff, cast):
    page = staff(cast.sam).get("/voices")
    assert [link.text for link in page.tree.iterfind(".//nav//a[@aria-current='page']")] == ["Voices"]


def test_what_is_used_now_and_then_lies_behind_one_press(staff, cast):
    more = staff(cast.priya).get("/").tree.find(".//nav/details")
    assert (more.get("open"), more.find("summary").text) == (None, "More")
    assert {"/cover", "/kept"} <= {link.get("href") for link in more.iterfind(".//a")}


def test_it_lies_open_where_one_is(staff, cast):
    more = staff(cast.priya).get("/cover").tree.find(".//nav/details")
    assert more.get("open") is not None
    assert [link.text for link in more.iterfind(".//a[@aria-current='page']")] == ["Cover"]


def test_so_little_that_it_is_not_worth_a_press_stands_with_the_rest(staff, cast):
    assert staff(cast.noor).get("/").tree.find(".//nav/details") is None


def test_an_empty_day_says_so(staff, cast):
    page = staff(cast.dan).get("/")
    assert "No alert is waiting." in page.main
    assert "Nobody is waiting to be read." in page.main


def test_an_alert_about_sam_is_not_on_his_page(staff, cast, at_work):
    with at_work():
        raise_alert(
            cast.amara, "about a worker", source_kind="safety", source_id=uuid4(), key="k", about=cast.sam
        )
    assert "No alert is waiting." in staff(cast.sam).get("/").main
