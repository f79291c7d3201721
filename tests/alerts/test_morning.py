"""The morning list: initials, rule, owner, what became of each since the meeting before."""

from datetime import UTC, datetime

import pytest

from portal.alerts.models import Alert
from portal.alerts.morning import meeting_before
from portal.db import engines_of, session
from tests.statements import statements_of


@pytest.fixture
def list_of(at_door):
    return lambda person_id: at_door("staff").sign_in_as(person_id).get("/morning")


def test_it_has_initials_rule_and_owner_and_no_name(says, list_of, cast):
    says("hurt")
    page = list_of(cast.priya)
    assert "A.O. Hurt, made to, touched, photos, or unwell" in page.main
    assert "Sam Okoro (Manchester City Council) Nobody has it, new" in page.main
    assert "Amara" not in page.html


def test_closed_ones_stand_there_until_the_meeting_after_and_open_ones_until_they_are_closed(
    says, list_of, at_work, clock, cast
):
    closed = says("hurt")
    says("ring me", child=cast.jo)
    with at_work():
        session.get_one(Alert, closed).close("Rang her.", cast.dee)
    clock.forward(days=1)
    page = list_of(cast.priya).main
    assert "A.O." in page
    assert "Closed" in page
    clock.forward(days=1)
    page = list_of(cast.priya).main
    assert ("A.O." in page, "J.B." in page) == (False, True)


def test_the_meeting_before_mondays_was_on_friday(hub_file):
    monday = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert meeting_before(hub_file, monday) == datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize("who", ["priya", "dee"])
def test_what_may_be_about_staff_is_never_on_it_whoever_looks(says, list_of, cast, who):
    """Seen red without the rule left out in `lines_for`: the manager's own print named it to the meeting."""
    says("about a worker")
    says("hurt", child=cast.jo)
    page = list_of(getattr(cast, who)).main
    assert ("A.O." in page, "J.B." in page) == (False, True)


@pytest.mark.parametrize("who", ["sam", "cory", "noor", "ade", "aud"])
def test_others_have_no_such_list(list_of, cast, who):
    assert list_of(getattr(cast, who)).status == 404


@pytest.mark.parametrize("count", [5, 50])
def test_it_takes_the_same_few_statements_however_long_it_is(says, at_door, hub_file, cast, count):
    for _ in range(count):
        says("hurt")
    browser = at_door("staff").sign_in_as(cast.priya)
    with statements_of(*engines_of(hub_file)) as seen:
        browser.get("/morning")
    assert len(seen) <= 8
