"""What was said long ago and is still not on the record: to whoever holds them, and to managers."""

from __future__ import annotations

import pytest

from portal.db import engines_of
from tests.factories import a_voice
from tests.statements import statements_of


@pytest.fixture
def late(at_work, cast, clock):
    """Amara said something more than ninety days ago, and it never came on the record."""
    with at_work():
        a_voice(cast.amara)
    clock.forward(days=91)


@pytest.mark.parametrize("who", ["sam", "priya"])
def test_it_stands_there_with_what_it_waits_for(doors, cast, late, who):
    page = doors.staff.sign_in_as(getattr(cast, who)).get("/not-on-record")
    assert "Amara Obi" in page.main
    assert "An answer, and the record" in page.main


@pytest.mark.parametrize("who", ["lee", "dan"])
def test_another_worker_sees_nothing_of_it(doors, cast, late, who):
    page = doors.staff.sign_in_as(getattr(cast, who)).get("/not-on-record")
    assert "Everything older than that is on the record." in page.main


def test_what_is_on_the_record_does_not_stand_there(doors, cast, on_record, clock):
    on_record()
    clock.forward(days=91)
    assert "Amara" not in doors.staff.sign_in_as(cast.sam).get("/not-on-record").main


@pytest.mark.parametrize("number", [1, 20])
def test_it_costs_the_same_however_much_is_late(doors, cast, at_work, clock, hub_file, number):
    with at_work():
        for _ in range(number):
            a_voice(cast.amara)
    clock.forward(days=91)
    sam = doors.staff.sign_in_as(cast.sam)
    sam.get("/not-on-record")
    with statements_of(*engines_of(hub_file)) as asked:
        sam.get("/not-on-record")
    assert len(asked) <= 8
