"""How long what somebody says stays, in plain words, with the periods of this hub."""

import pytest


@pytest.mark.parametrize("door", ["young", "family", "public"])
def test_it_tells_the_periods(doors, door):
    page = getattr(doors, door).get("/help/how-long")
    for words in ("30 days after you last wrote in it", "90 days after that, it goes from here", "7 years"):
        assert words in page.main


def test_the_families_door_speaks_of_no_plan_and_no_not_safe(doors):
    page = doors.family.get("/help/how-long")
    assert "plan" not in page.main
    assert "not safe" not in page.main


def test_help_leads_there(doors):
    assert "/help/how-long" in doors.young.get("/help").html
