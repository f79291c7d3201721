"""Every door's headers earn all the points there are; and each rule takes some off where it is broken on purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.proofs.observatory import MOST, Answer, answers, points, prove


@pytest.fixture(scope="module")
def door():
    return answers()["young"]


def test_every_door_has_what_there_is_to_have():
    assert len(list(prove())) == 4


def test_a_door_that_sets_a_cookie_earns_the_most(door):
    assert points(door) == MOST


# --- red on purpose -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "costs"),
    [
        ("content-security-policy", "default-src 'self'; frame-ancestors 'none'", 5),
        ("content-security-policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", 55),
        ("content-security-policy", "", 60),
        ("strict-transport-security", "max-age=60", 10),
        ("referrer-policy", "origin", 10),
        ("x-content-type-options", "", 5),
        ("cross-origin-resource-policy", "cross-origin", 10),
        ("access-control-allow-origin", "*", 85),
    ],
)  # fmt: skip
def test_a_header_that_is_less_costs_points(name, value, costs, door):
    assert points(replace(door, headers={**door.headers, name: value})) == MOST - costs


@pytest.mark.parametrize("cookie", ["s=1; HttpOnly; SameSite=Lax", "s=1; Secure; SameSite=Lax"])
def test_a_cookie_that_says_less_costs_points(cookie, door):
    assert points(replace(door, cookies=(cookie,))) < 100


def test_a_script_from_elsewhere_costs_points(door):
    answer: Answer = replace(door, text='<script src="https://elsewhere.example/a.js"></script>')
    assert points(answer) < 100
