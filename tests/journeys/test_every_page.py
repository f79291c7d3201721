"""Every page there is, in a real browser, as whoever it is for: nothing scrolls sideways, and axe finds nothing wrong.

At 320 pixels, which is also what is left of 1280 at 400 %; in light and in dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Response

from portal.access import FAMILY, PUBLIC, STAFF, YOUNG
from tests.journeys.people import faults_of
from tests.proofs.standing import Asker, everyone_in, fitting, views
from tests.serving import LiveHub, a_live_hub

NARROW = {"viewport": {"width": 320, "height": 560}}
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def crowd() -> Iterator[tuple[LiveHub, Asker]]:
    """A served hub in which everybody stands."""
    with a_live_hub() as live:
        for asker in everyone_in(live.ground):
            yield live, asker


def _pages(asker: Asker, door: str) -> Iterator[tuple[str, str, str]]:
    """Each page of a door: its view, its path, and the cookie of whoever it is for."""
    for view in views(asker.ground.app):
        if view.door == door and "GET" in view.methods:
            role = fitting(view)
            about = asker.who.thing(role, "own" if door != STAFF else "allocated")
            yield str(view), asker.path(view, about), asker.who.cookies[role]


def _signed_in(context: BrowserContext, live: LiveHub, door: str, cookie: str) -> None:
    context.clear_cookies()
    context.add_cookies([{"name": "s", "value": cookie, "url": live.origin(door), "httpOnly": True}])


def _opened(page: Page, url: str) -> Response | None:
    """The page at an address; nothing for a file, which the browser puts aside."""
    try:
        return page.goto(url)
    except Error as fault:
        if "Download is starting" not in fault.message:
            raise
        return None


@pytest.mark.parametrize("door", [YOUNG, FAMILY, STAFF, PUBLIC])
def test_every_page_of_a_door_fits_a_phone_and_can_be_read_by_everybody(door, crowd, opened):
    live, asker = crowd
    context = opened(**NARROW)
    wrong = []
    for name, path, cookie in _pages(asker, door):
        _signed_in(context, live, door, cookie)
        page = context.new_page()
        answer = _opened(page, live.origin(door) + path)
        if answer is not None and "text/html" in (answer.header_value("content-type") or ""):
            wrong += [f"{name}: answered {answer.status}"] if answer.status >= 400 else []
            wrong += [f"{name} scrolls sideways"] if page.evaluate(_SIDEWAYS) else []
            wrong += [f"{name}: {fault}" for fault in faults_of(page)]
        page.close()
    assert wrong == []
