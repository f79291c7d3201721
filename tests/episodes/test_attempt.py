"""An attempt in two taps: the way, and what came of it."""

from functools import partial

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEvent
from portal.db import session
from portal.episodes.models import Attempt
from tests.episodes.conftest import both_at_once


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def _attempts(at_work):
    with at_work():
        return session.scalar(select(func.count()).select_from(Attempt))


def _log(browser, task_id, **data):
    return browser.post(f"/returns/{task_id}/attempts", data)


def test_two_taps_log_an_attempt(a_return, task_of, sam, cast):
    task_id = a_return(of=cast.amara)
    page = sam.follow(_log(sam, task_id, way="phone", outcome="offered"))
    assert task_of(task_id).state == "offered"
    assert "Offered, they will think about it" in page.main
    assert page.tree.find(".//tbody/tr/td[@data-label='By']").text == "Sam"


def test_the_page_has_a_mark_for_each_way_and_a_button_for_each_outcome(a_return, sam, cast):
    page = sam.get(f"/returns/{a_return(of=cast.amara)}")
    assert len(page.tree.findall(".//input[@name='way']")) == 5
    assert len(page.tree.findall(".//button[@name='outcome']")) == 5


def test_without_a_way_it_asks_for_one(a_return, task_of, sam, cast):
    task_id = a_return(of=cast.amara)
    page = _log(sam, task_id, outcome="offered")
    assert page.status == 422
    assert "Choose which way first." in page.main
    assert task_of(task_id).state == "proposed"


def test_a_slip_can_be_taken_back_by_whoever_made_it(a_return, task_of, sam, cast):
    task_id = a_return(of=cast.amara)
    page = sam.follow(_log(sam, task_id, way="phone", outcome="declined"))
    assert "Take the last one back" in page.main
    page = sam.follow(_log(sam, task_id, outcome="back", attempt=page.field("attempt")))
    assert task_of(task_id).state == "open"
    assert "Nobody has tried yet." in page.main


def test_nobody_takes_back_what_another_logged(a_return, task_of, sam, cast, doors):
    task_id = a_return(of=cast.amara)
    shown = sam.follow(_log(sam, task_id, way="phone", outcome="declined")).field("attempt")
    _log(doors.staff.sign_in_as(cast.priya), task_id, outcome="back", attempt=shown)
    assert task_of(task_id).state == "declined"


def test_pressed_twice_to_take_back_it_takes_back_what_was_shown_and_no_more(
    a_return, task_of, sam, cast, clock
):
    task_id = a_return(of=cast.amara)
    _log(sam, task_id, way="phone", outcome="declined")
    clock.forward(minutes=5)
    shown = sam.follow(_log(sam, task_id, way="phone", outcome="offered")).field("attempt")
    for _ in range(2):
        _log(sam, task_id, outcome="back", attempt=shown)
    assert task_of(task_id).state == "declined"


def test_pressed_twice_at_once_it_is_logged_once(a_return, at_door, cast, at_work):
    task_id = a_return(of=cast.amara)
    browsers = [at_door("staff").sign_in_as(cast.sam) for _ in range(2)]
    key = browsers[0].get(f"/returns/{task_id}").field("form_key")
    browsers[1].get(f"/returns/{task_id}")
    pages = both_at_once(
        *(partial(_log, one, task_id, way="phone", outcome="no answer", form_key=key) for one in browsers)
    )
    assert {(page.status, page.location) for page in pages} == {(303, f"/returns/{task_id}")}
    assert _attempts(at_work) == 1


def test_who_goes_back_and_says_something_else_logs_that_too(a_return, sam, cast, at_work):
    task_id = a_return(of=cast.amara)
    key = sam.get(f"/returns/{task_id}").field("form_key")
    _log(sam, task_id, way="phone", outcome="no answer", form_key=key)
    _log(sam, task_id, way="phone", outcome="offered", form_key=key)
    assert _attempts(at_work) == 2


def test_each_page_has_a_key_of_its_own(a_return, sam, cast, at_work):
    task_id = a_return(of=cast.amara)
    for _ in range(2):
        key = sam.get(f"/returns/{task_id}").field("form_key")
        _log(sam, task_id, way="phone", outcome="no answer", form_key=key)
    assert _attempts(at_work) == 2


def test_no_is_not_the_end(a_return, task_of, sam, cast, clock):
    task_id = a_return(of=cast.amara)
    _log(sam, task_id, way="phone", outcome="declined")
    clock.forward(minutes=5)
    assert "Log an attempt" in sam.get(f"/returns/{task_id}").main
    _log(sam, task_id, way="in person", outcome="offered")
    assert task_of(task_id).state == "offered"


def test_an_outcome_that_nobody_knows_changes_nothing(a_return, task_of, sam, cast):
    task_id = a_return(of=cast.amara)
    assert _log(sam, task_id, way="phone", outcome="non-engaging").status == 303
    assert task_of(task_id).state == "proposed"


@pytest.mark.parametrize("who", ["lee", "cory", "noor", "dan"])
def test_who_does_not_hold_amara_logs_nothing(a_return, task_of, doors, cast, who):
    task_id = a_return(of=cast.amara)
    browser = doors.staff.sign_in_as(getattr(cast, who))
    assert _log(browser, task_id, way="phone", outcome="held").status == 404
    assert task_of(task_id).state == "proposed"


def test_the_page_that_comes_back_is_a_reading_on_the_record(a_return, sam, cast, at_work):
    task_id = a_return(of=cast.amara)
    _log(sam, task_id, outcome="offered")
    with at_work():
        read = session.scalars(select(AuditEvent).where(AuditEvent.act == "return.read")).one()
    assert (read.object_id, read.actor_id, read.subject_id) == (task_id, cast.sam, cast.amara)
