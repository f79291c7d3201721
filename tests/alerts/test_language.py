"""Whoever rings back knows in which language the young person was reading."""

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import session


@pytest.fixture
def rings_for(doors, cast, at_work):
    """`rings_for("ar")`: Amara, reading in that language, asks to be rung; the alert's id."""

    def ring(language, safe="ring"):
        phone = doors.young.sign_in_as(cast.amara)
        phone.client.set_cookie("l", language, domain="young.localhost")
        phone.get("/now")
        phone.post("/now", {"safe": safe})
        with at_work():
            return session.scalars(select(Alert.id)).one()

    return ring


@pytest.mark.parametrize("safe", ["ring", "no", "rather-not"])
@pytest.mark.parametrize("address", ["/", "/alerts", "/alerts/{}"])
def test_staff_see_it_wherever_they_see_the_alert(rings_for, doors, cast, address, safe):
    alert = rings_for("eo", safe)
    page = doors.staff.sign_in_as(cast.sam).get(address.format(alert))
    assert "reads in Esperanto" in page.main


def test_it_is_the_language_of_the_moment_and_not_the_one_on_file(rings_for, now_is):
    alert = rings_for("dv")
    assert (now_is(alert).language, now_is(alert).reads_in) == ("dv", "Divehi")


def test_english_is_said_too(rings_for, doors, cast):
    page = doors.staff.sign_in_as(cast.sam).get(f"/alerts/{rings_for('en_GB')}")
    assert "reads in English" in page.main


def test_of_an_alert_from_before_it_was_noted_nothing_is_said(rings_for, doors, cast, at_work):
    alert = rings_for("eo")
    with at_work():
        session.get_one(Alert, alert).language = None
    for address in ("/", "/alerts", f"/alerts/{alert}"):
        assert "reads in" not in doors.staff.sign_in_as(cast.sam).get(address).main
