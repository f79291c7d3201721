"""The coordinator's page: the clocks of every team, and what is late or has nobody."""

import pytest

from portal.db import session
from portal.episodes.models import InterviewTask
from tests.episodes.conftest import AMARA, a_list


@pytest.fixture
def cory(doors, cast):
    return doors.staff.sign_in_as(cast.cory)


def _row(page, team):
    cells = page.tree.xpath(f"//tr[th[contains(., '{team}')]]")[0]
    return ["".join(cell.itertext()) for cell in cells.findall("td")]


def test_each_team_has_its_clock(a_return, cory, cast, at_work):
    late = a_return(of=cast.amara, hours_ago=80)
    with at_work():
        session.get_one(InterviewTask, late).take(cast.sam)
    a_return(of=cast.jo, hours_ago=60, living="our child")
    page = cory.get("/returns/clocks")
    # Waiting, late, due within a day, nobody took it, form only.
    assert _row(page, "Missing from Home Team") == ["1", "1", "0", "0", "0"]
    assert _row(page, "The independent provider") == ["1", "0", "1", "1", "0"]
    assert _row(page, "The duty team") == ["0", "0", "0", "0", "0"]


def test_what_is_late_or_has_nobody_stands_below_with_what_it_needs(a_return, cory, cast, at_work):
    late, new = a_return(of=cast.amara, hours_ago=80), a_return(of=cast.jo, hours_ago=2)
    with at_work():
        session.get_one(InterviewTask, late).take(cast.sam)
    page = cory.get("/returns/clocks")
    assert "It is late, and not offered yet." in page.main
    assert "Nobody took it." in page.main
    assert page.tree.xpath(f"//a[@href='/returns/{new}/take']")


def test_what_somebody_took_in_time_needs_nobody(a_return, cory, cast, at_work):
    task_id = a_return(of=cast.amara)
    with at_work():
        session.get_one(InterviewTask, task_id).take(cast.sam)
    assert "Nothing is late, and every return has somebody." in cory.get("/returns/clocks").main


def test_doubtful_rows_are_one_press_away(cory, bring):
    bring(a_list(AMARA.replace("20/11/2026", "20/12/2026")))
    assert "1 row waits in the tray" in cory.get("/returns/clocks").main


def test_another_authoritys_children_are_counted_apart(a_return, cory, cast):
    a_return(of=cast.jo, living="other authority")
    page = cory.get("/returns/clocks")
    assert _row(page, "The placing authority")[0] == "1"
    assert "Nothing is late" in page.main
    assert "Returns0" in cory.get("/returns/counted").main


@pytest.mark.parametrize("number", [5, 50, 500])
def test_it_costs_the_same_however_much_there_is(many, cory, statements, number):
    many(number)
    with statements() as seen:
        cory.get("/returns/clocks")
    assert len(seen) <= 8


def test_a_long_list_comes_fifty_at_a_time(many, cory):
    many(60)
    page = cory.get("/returns/clocks")
    rest = cory.get(page.tree.xpath("//a[.='Those due later']/@href")[0])
    seen = [link.get("href") for p in (page, rest) for link in p.tree.findall(".//div[@id='rows']//th/a")]
    assert (len(seen), len(set(seen))) == (60, 60)


@pytest.mark.parametrize("who", ["sam", "dee", "noor", "ade", "aud"])
def test_who_does_not_coordinate_does_not_find_it(doors, cast, who):
    assert doors.staff.sign_in_as(getattr(cast, who)).get("/returns/clocks").status == 404
