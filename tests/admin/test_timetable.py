"""The timetable as a page, with the periods of this hub."""

from __future__ import annotations

import pytest

from portal.admin.timetable import TIMETABLE


@pytest.mark.parametrize("who", ["priya", "ade"])
def test_every_line_stands_there(doors, cast, who):
    page = doors.staff.sign_in_as(getattr(cast, who)).get("/kept")
    assert not [line.table for line in TIMETABLE.values() if line.holds not in page.main]
    assert "Until it is on the record, then 90 days" in page.main


def test_an_administrator_is_not_sent_where_they_may_not_go(doors, cast):
    page = doors.staff.sign_in_as(cast.ade).get("/kept")
    assert "/kept/holds" not in page.html


def test_a_worker_does_not_see_it(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get("/kept").status == 404
