"""The tray: what needs a person, while everything else went on."""

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.db import session
from tests.episodes.conftest import LISTS


@pytest.fixture
def cory(doors, cast):
    return doors.staff.sign_in_as(cast.cory)


def test_every_row_that_waits_stands_there_with_what_to_do(cory, bring, take):
    take(bring((LISTS / "list-messy.csv").read_bytes()))
    page = cory.get("/list/tray")
    assert "12 rows wait" in page.main
    assert len(page.tree.findall(".//tbody/tr")) == 12
    assert "Ask the police for it" in page.main
    assert "spreadsheet formula" not in page.main


def test_an_empty_tray_says_so(cory):
    assert "Nothing waits here." in cory.get("/list/tray").main


def test_who_looked_is_in_the_trail(cory, at_work, cast):
    cory.get("/list/tray")
    with at_work():
        assert (
            session.scalars(select(AuditEvent).where(AuditEvent.act == "tray.read")).one().actor_id
            == cast.cory
        )


def test_a_worker_does_not_find_the_tray(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get("/list/tray").status == 404
