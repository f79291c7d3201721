"""The list of alerts: the first due first, only those that whoever looks may see, as cheap for 500 as for 5."""

from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from portal.alerts.models import Alert, raise_alert
from portal.alerts.waiting import ON_A_PAGE
from portal.db import engines_of, session
from tests.statements import statements_of


@pytest.fixture
def shows(doors):
    """`shows(sam)`: the list as that person sees it, or a later page of it."""
    return lambda person, path="/alerts": doors.staff.sign_in_as(person).get(path)


@pytest.fixture
def waits_for(says, cast):
    """Amara and Jo have each said something."""
    return says("not safe"), says("ring me", child=cast.jo)


def rows(page):
    return [" ".join("".join(row.itertext()).split()) for row in page.tree.findall(".//tbody/tr")]


def test_sam_sees_amaras_alert_its_rule_its_time_and_that_nobody_has_it(shows, waits_for, cast):
    (row,) = rows(shows(cast.sam))
    for words in (
        "Amara Obi",
        "Not safe now",
        "due in 5 minutes",
        "Nobody yet. It is for Sam Okoro (Manchester",
    ):
        assert words in row


def test_lee_does_not_see_amara(shows, waits_for, cast):
    page = shows(cast.lee)
    assert "Jo Birch" in page.main
    assert "Amara" not in page.main


def test_dan_sees_nothing(shows, waits_for, cast):
    assert "No alert is waiting." in shows(cast.dan).main


@pytest.mark.parametrize("who", ["dee", "priya"])
def test_duty_and_manager_see_both(shows, waits_for, cast, who):
    assert len(rows(shows(getattr(cast, who)))) == 2


@pytest.mark.parametrize("who", ["cory", "noor", "ade", "aud"])
def test_whoever_has_no_alerts_has_no_such_page(shows, waits_for, cast, who):
    assert shows(getattr(cast, who)).status == 404


@pytest.mark.parametrize("door", ["young", "family", "public"])
def test_there_is_no_such_page_at_another_door(at_door, door):
    assert at_door(door).get("/alerts").status == 404


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(doors):
    assert doors.staff.get("/alerts").location.endswith("/sign-in")


def test_the_first_due_stands_first(shows, waits_for, cast):
    first, second = rows(shows(cast.dee))
    assert "due in 5 minutes" in first
    assert "Asks to be rung" in second


def test_one_that_is_late_says_since_when(shows, waits_for, cast, clock):
    clock.forward(minutes=20)
    assert "late by 15 minutes" in rows(shows(cast.sam))[0]


def test_it_says_who_has_it_and_from_which_organisation(shows, waits_for, at_work, cast):
    with at_work():
        session.get_one(Alert, waits_for[0]).hold(cast.dee)
    assert "Dee Duty (Manchester City Council), since 10:00" in rows(shows(cast.sam))[0]


def test_a_closed_one_is_gone(shows, waits_for, at_work, cast):
    with at_work():
        session.get_one(Alert, waits_for[0]).close("Rang her.", cast.sam)
    assert "No alert is waiting." in shows(cast.sam).main


def test_of_a_whole_organisation_only_managers_see_that_one_is_about_a_worker(shows, says, cast):
    says("about a worker")
    assert "No alert is waiting." in shows(cast.sam).main
    assert "No alert is waiting." in shows(cast.dee).main
    assert "It is for the managers" in rows(shows(cast.priya))[0]


# --- many ---------------------------------------------------------------------------------------------------------


def many(at_work, cast, count):
    with at_work() as hub:
        alert = raise_alert(cast.amara, "hurt", source_kind="test", source_id=uuid4(), key="the first")
        values = {c.name: getattr(alert, c.name) for c in Alert.__table__.columns}
        session.execute(
            insert(Alert),
            [
                values | {"id": uuid4(), "key": str(number), "due_at": hub.now()}
                for number in range(count - 1)
            ],
        )


def test_a_long_list_comes_a_page_at_a_time_each_alert_once(shows, at_work, cast):
    many(at_work, cast, 2 * ON_A_PAGE + 5)
    seen, page = [], shows(cast.sam)
    while True:
        seen += [a.get("href") for a in page.tree.findall(".//tbody//a")]
        onward = [a.get("href") for a in page.tree.iter("a") if "after=" in (a.get("href") or "")]
        if not onward:
            break
        page = shows(cast.sam, onward[0])
    assert len(seen) == len(set(seen)) == 2 * ON_A_PAGE + 5


@pytest.mark.parametrize("place", ["x", "", "%00", "1" * 40])
def test_a_place_that_the_list_never_gave_out_is_not_found(shows, cast, place):
    assert shows(cast.sam, f"/alerts?after={place}").status == 404


@pytest.mark.parametrize("count", [5, 50, 500])
def test_the_list_asks_the_database_as_little_for_500_as_for_5(doors, at_work, cast, hub_file, count):
    many(at_work, cast, count)
    browser = doors.staff.sign_in_as(cast.sam)
    browser.get("/alerts")
    with statements_of(*engines_of(hub_file)) as asked:
        browser.get("/alerts")
    assert len(asked) == 3, asked  # who is signed in, the list, the bar


def test_looking_at_the_list_changes_nothing(shows, waits_for, at_work, cast):
    shows(cast.sam)
    with at_work():
        assert session.scalar(select(func.count()).where(Alert.state == "open")) == 2
