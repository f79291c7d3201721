"""A parent asks for the file: a month, step by step, and what is never in it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.admin.file_requests import NEVER, STEPS, FileRequest, a_month_after
from portal.db import session


@pytest.fixture
def priya(doors, cast):
    return doors.staff.sign_in_as(cast.priya)


def address(cast):
    return f"/young-people/{cast.amara}/file-request"


@pytest.fixture
def asked(priya, cast, at_work):
    """Ruth asked for Amara's file yesterday; the request's id."""
    priya.get(address(cast))
    assert priya.post(address(cast), {"asked_by": "Ruth Obi", "asked_on": "2026-11-23"}).status == 303
    with at_work():
        return session.scalars(select(FileRequest.id)).one()


def test_it_says_by_when_and_what_is_never_in_it(asked, priya, cast):
    page = priya.get(address(cast))
    assert "An answer is due on Wednesday 23 December 2026" in page.main
    assert not [words for words in NEVER if words not in page.main]


def test_step_by_step_it_comes_to_its_end(asked, priya, cast, at_work):
    for step in STEPS:
        priya.get(address(cast))
        said = {"go": "step", "request": str(asked), "step": step, "words": f"Done: {step}"}
        assert priya.post(address(cast), said).status == 303
    assert "Answered on Tuesday 24 November 2026" in priya.get(address(cast)).main
    with at_work():
        assert session.get_one(FileRequest, asked).ended_on == date(2026, 11, 24)


def test_a_step_without_words_comes_back(asked, priya, cast):
    priya.get(address(cast))
    page = priya.post(address(cast), {"go": "step", "request": str(asked), "step": "who", "words": ""})
    assert page.status == 422
    assert "Enter what you did" in page.main


def test_nobody_asks_tomorrow(priya, cast):
    priya.get(address(cast))
    page = priya.post(address(cast), {"asked_by": "Ruth", "asked_on": "2026-11-25"})
    assert page.status == 422
    assert "Enter today or an earlier day" in page.main


@pytest.mark.parametrize(("day", "due"), [("2027-01-31", "2027-02-28"), ("2026-12-05", "2027-01-05"),
                                          ("2026-11-30", "2026-12-30"), ("2026-10-31", "2026-11-30")])  # fmt: skip
def test_a_month_is_the_same_day_of_the_next(day, due):
    assert a_month_after(date.fromisoformat(day)) == date.fromisoformat(due)


def test_a_worker_does_not_see_it(doors, cast):
    assert doors.staff.sign_in_as(cast.sam).get(address(cast)).status == 404
