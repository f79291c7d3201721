"""What a screen may cost: statements of the database, and bytes on the line (the bars of speed, 3, 4 and 6)."""

from __future__ import annotations

import gzip

import pytest

from portal.db import engines_of
from tests.statements import statements_of


@pytest.fixture
def statements(hub_file):
    """`with statements() as run:` what the database is asked meanwhile."""
    return lambda: statements_of(*engines_of(hub_file))


def test_a_question_asks_the_database_twice(amara, statements):
    amara.begins()
    with statements() as run:
        amara.phone.get("/side")
    assert len(run) == 2, run


def test_an_answer_asks_the_database_five_times_its_audit_included(amara, statements):
    page = amara.begins()
    form = {"screen": page.field("screen"), "go": "on", "answer": "good", "more": "meh"}
    with statements() as run:
        amara.phone.post("/side", form)
    assert len(run) == 5, run


def test_the_same_where_it_was_answered_before(amara, statements):
    page = amara.begins()
    form = {"screen": page.field("screen"), "go": "on", "answer": "good", "more": "meh"}
    amara.phone.post("/side", form)
    with statements() as run:
        amara.phone.post("/side", form)
    assert len(run) == 5, run


def test_a_question_of_a_long_form_costs_the_same(amara, statements):
    page = amara.begins("whole")
    with statements() as run:
        amara.phone.get("/side")
    assert len(run) == 2, run
    form = {name: page.field(name) for name in ("screen", "form")}
    with statements() as run:
        amara.phone.post("/side", form | {"go": "on", "answer": "good"})
    assert len(run) == 5, run


def test_where_a_branch_decides_what_comes_next_an_answer_asks_once_more(amara, statements):
    amara.begins("whole")
    amara.comes_to("Who did you meet when you got back?")
    page = amara.presses(go="on", answer=["family", "school"])
    form = {name: page.field(name) for name in ("screen", "form")}
    with statements() as run:
        amara.phone.post("/side", form | {"go": "on", "answer": "good"})
    assert len(run) == 6, run


def test_the_safety_screen_asks_the_database_three_times(amara, statements):
    with statements() as run:
        amara.phone.get("/now")
    assert len(run) == 3, run


def packed(browser, path="/side"):
    """The bytes of a page with its headers, packed as a phone takes it."""
    answer = browser.client.get(path, base_url="http://young.localhost", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data).startswith(b"<!doctype html>")
    return len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())


@pytest.mark.parametrize("language", ["en_GB", "eo", "dv"])
def test_the_first_screen_of_a_sitting_is_small(amara, language):
    amara.phone.client.set_cookie("l", language, domain="young.localhost")
    assert packed(amara.phone, "/now") <= 7_000


@pytest.mark.parametrize("form", ["quick", "whole"])
@pytest.mark.parametrize("language", ["en_GB", "eo", "dv"])
def test_each_next_screen_is_small(amara, language, form):
    amara.begins(form)
    sizes = {}
    amara.phone.client.set_cookie("l", language, domain="young.localhost")
    for _ in range(7 if form == "quick" else 25):
        name = amara.phone.get("/side").field("screen")
        sizes[name] = packed(amara.phone)
        amara.presses(go="skip")
    assert max(sizes.values()) <= 2_500, sizes
