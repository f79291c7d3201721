"""The factual half of the impact assessment is made from what the code runs on."""

from __future__ import annotations

import pytest

from portal.access import POLICY, Can
from portal.admin.timetable import TIMETABLE
from portal.trail.shares import WHOM


@pytest.fixture
def page(doors, cast):
    return doors.staff.sign_in_as(cast.ade).get("/kept/assessment")


def test_every_role_and_every_ability_stands_there(page):
    assert not [role for role in POLICY if role.capitalize() not in page.main]
    used = {can for given in POLICY.values() for can in given}
    assert not [can for can in used if str(can) not in page.main]


def test_every_table_and_every_recipient_stands_there(page):
    assert not [line.table for line in TIMETABLE.values() if line.holds not in page.main]
    assert not [words for words in WHOM.values() if words not in page.main]


def test_a_new_ability_would_stand_there_by_itself(doors, cast, monkeypatch):
    monkeypatch.setitem(POLICY, "auditor", POLICY["auditor"] | {Can.IMPORT_LIST: frozenset({"none"})})
    page = doors.staff.sign_in_as(cast.ade).get("/kept/assessment")
    assert Can.IMPORT_LIST in page.main[page.main.index("Auditor") :]
