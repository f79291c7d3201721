"""The rules, readable by a manager: each with what it makes a week."""

import pytest

from portal.alerts.flags import FLAGS


@pytest.fixture
def rules(doors):
    return lambda person: doors.staff.sign_in_as(person).get("/alerts/rules")


def row_of(page, title):
    for row in page.tree.findall(".//tbody/tr"):
        text = " ".join("".join(row.itertext()).split())
        if text.startswith(title):
            return text
    raise AssertionError(f"no row {title}")


def test_every_rule_of_the_table_stands_there(rules, cast):
    page = rules(cast.priya)
    for flag in FLAGS.values():
        assert flag.tells_whom in row_of(page, flag.title)


def test_it_counts_the_last_week_and_twelve_weeks(rules, says, clock, cast):
    says("not safe")
    clock.forward(days=20)
    says("not safe")
    says("not safe")
    assert row_of(rules(cast.priya), "Not safe now").endswith("2 3 (0.2 a week)")


def test_each_week_is_drawn_and_stands_in_a_table(rules, says, clock, cast):
    says("not safe")
    clock.forward(days=20)
    says("not safe")
    page = rules(cast.priya)
    bars = [one for one in page.tree.iter() if str(one.tag).endswith("rect")]
    heights = [bar.get("height") for bar in bars[:12]]
    assert heights == ["1.0"] * 9 + ["23.0", "1.0", "23.0"]
    tables = page.tree.findall(".//table")
    row = ["".join(cell.itertext()) for cell in tables[1].find("tbody/tr")]
    assert row == ["Not safe now", *"000000000101"]


def test_the_ladder_stands_there_in_its_three_columns(rules, cast):
    text = rules(cast.sam).main
    assert "15 minutes Managers Emergency duty manager" in text
    assert "Director on call, and a bar on every staff page" in text
    assert "First on every page at the opening" in text


def test_what_is_older_than_twelve_weeks_is_not_counted(rules, says, clock, cast):
    says("ring me")
    clock.forward(weeks=13)
    assert row_of(rules(cast.priya), "Asks to be rung").endswith("0 0 (0.0 a week)")


@pytest.mark.parametrize("who", ["sam", "dee"])
def test_how_many_are_about_a_worker_is_for_managers(rules, says, cast, who):
    says("about a worker")
    title = FLAGS["about a worker"].title
    assert row_of(rules(getattr(cast, who)), title).endswith("Managers see this Managers see this")
    assert row_of(rules(cast.priya), title).endswith("1 1 (0.1 a week)")


@pytest.mark.parametrize("who", ["cory", "noor", "ade", "aud"])
def test_whoever_has_no_alerts_has_no_such_page(rules, cast, who):
    assert rules(getattr(cast, who)).status == 404
