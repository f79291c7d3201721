"""Who opened what without an allocation that explains it, by person and day."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from portal.accounts.actions import break_glass
from portal.accounts.cover import Cover
from portal.accounts.models import Allocation, allocate, end_allocation
from portal.accounts.pauses import Pause
from portal.admin.accesses import MOST
from portal.db import engines_of, new_id, session
from tests.factories import a_voice
from tests.statements import statements_of


def lines(page):
    """The rows of the day's table, as their words."""
    return [" ".join("".join(row.itertext()).split()) for row in page.tree.findall(".//tbody/tr")]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "tomorrow"])
def test_a_day_at_the_end_of_the_calendar_is_a_day(staff, cast, day):
    """Seen red with the day before the first one there is."""
    assert staff(cast.priya).get(f"/accesses?day={day}").status == 200


def test_who_held_her_is_not_in_it(staff, cast):
    staff(cast.sam).get(f"/young-people/{cast.amara}")
    assert "Every opening of this day is explained" in staff(cast.priya).get("/accesses").main


def test_who_held_her_then_and_no_longer_is_not_in_it(staff, cast, at_work, clock):
    """Seen red with `_held_then` taking today's allocations for those of the moment."""
    staff(cast.sam).get(f"/young-people/{cast.amara}")
    clock.forward(minutes=5)
    with at_work():
        end_allocation(cast.amara)
    assert "Every opening of this day is explained" in staff(cast.priya).get("/accesses").main


def test_who_covered_is_not_in_it(staff, cast, at_work, clock):
    with at_work():
        Cover.give(cast.sam, cast.lee, clock(), clock() + timedelta(days=1), by=cast.sam)
    staff(cast.lee).get(f"/young-people/{cast.amara}")
    assert "Every opening of this day is explained" in staff(cast.priya).get("/accesses").main


def test_a_manager_is_in_it_with_why_they_could(staff, cast, at_work):
    with at_work():
        voice_id = a_voice(cast.amara).id
    priya = staff(cast.priya)
    priya.get(f"/young-people/{cast.amara}")
    priya.get(f"/voices/{voice_id}")
    (line,) = lines(priya.get("/accesses"))
    assert line.startswith("Priya Shah (Manchester City Council)")
    assert "2 times" in line
    assert "As a manager or coordinator" in line


def test_what_nothing_explains_stands_first(staff, cast, at_work, clock):
    staff(cast.priya).get(f"/young-people/{cast.amara}")
    clock.forward(minutes=1)
    lee = staff(cast.lee)
    with at_work():
        allocate(cast.amara, cast.lee)
    lee.get(f"/young-people/{cast.amara}")
    with at_work():
        # The allocation is gone from the tables, as somebody who covers their tracks would have it.
        session.execute(delete(Allocation).where(Allocation.worker_id == cast.lee))
    first, *_ = lines(staff(cast.priya).get("/accesses"))
    assert first.startswith("Lee Marsh")
    assert "Nothing explains it" in first


def test_break_glass_is_said_to_be_that(staff, cast, at_work):
    with at_work():
        glass = break_glass(cast.lee, cast.amara, "The hospital rings.")
    staff(cast.lee).get(f"/young-people/{cast.amara}")
    page = staff(cast.priya).get("/accesses")
    waits, line = lines(page)
    assert (f"/accesses/{glass.id}" in page.html, waits.startswith("Lee Marsh")) == (True, True)
    assert "By break-glass" in line


def test_duty_that_opens_whoever_has_nobody_is_said_to_be_that(staff, cast, at_work, clock):
    with at_work():
        end_allocation(cast.amara)
    clock.forward(days=1)
    staff(cast.dee).get(f"/young-people/{cast.amara}")
    (line,) = lines(staff(cast.priya).get("/accesses"))
    assert "On duty, and nobody held them" in line


def test_another_day_is_another_page(staff, cast, clock):
    staff(cast.priya).get(f"/young-people/{cast.amara}")
    clock.forward(days=1)
    priya = staff(cast.priya)
    assert lines(priya.get("/accesses")) == []
    assert len(lines(priya.get("/accesses?day=2026-11-24"))) == 1
    assert priya.get("/accesses?day=soon").status == 200


def test_the_page_asks_as_often_at_any_length(staff, cast, at_work, hub_file, clock):
    """Eight statements at most, whether one or two hundred were opened (speed.md, bar 3)."""
    priya = staff(cast.priya)
    priya.get(f"/young-people/{cast.amara}")
    with statements_of(*engines_of(hub_file)) as few:
        priya.get("/accesses")
    for child in (cast.jo, cast.amara, cast.jo):
        priya.get(f"/young-people/{child}")
    with statements_of(*engines_of(hub_file)) as many:
        priya.get("/accesses")
    assert len(few) == len(many) <= 8
    assert MOST == 200


def tries(browser, name="Amara Obi", born_on="2011-03-04"):
    """Send the form of break-glass."""
    return browser.post("/break-glass", {"name": name, "born_on": born_on, "reason": "Somebody rings."})


def test_who_tried_names_is_in_it(staff, cast):
    """Seen red without `tried_on` on the page."""
    lee = staff(cast.lee)
    for _ in range(2):
        tries(lee, name="Nobody Here")
    (line,) = lines(staff(cast.priya).get("/accesses"))
    assert line.startswith(
        "Lee Marsh (Manchester City Council) Nobody here has the name and day of birth 2 times"
    )


def test_whom_somebody_tried_about_whom_they_are_paused_is_named(staff, cast, at_work):
    with at_work():
        Pause.begin(cast.amara, cast.lee, new_id())
    tries(staff(cast.lee))
    (line,) = lines(staff(cast.priya).get("/accesses"))
    assert "Amara Obi: something they said may be about who tried" in line


def test_a_manager_whom_it_may_be_about_is_not_told_about_whom_else(staff, cast, at_work):
    """Seen red with the subject as it stands in the trail."""
    with at_work():
        for one in (cast.lee, cast.priya):
            Pause.begin(cast.amara, one, new_id())
    tries(staff(cast.lee))
    (line,) = lines(staff(cast.priya).get("/accesses"))
    assert "Amara" not in line


@pytest.mark.parametrize("who", ["sam", "dee", "cory", "noor", "ade", "aud"])
def test_it_is_the_managers_alone(staff, cast, who):
    assert staff(getattr(cast, who)).get("/accesses").status == 404
