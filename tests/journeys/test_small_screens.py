"""Staff pages on a telephone and in letters four times as large: nothing scrolls sideways, nothing covers the focus."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Error

from portal.questionnaires.models import Given
from tests.factories import a_return, a_voice
from tests.journeys.people import _COVERED, faults_of

# 1280 by 1024 at 400 % is this many of the page's own pixels.
SIZES = {"a telephone": (320, 560), "four times as large": (320, 256)}
PLACES = ("/", "/alerts", "/voices", "/returns", "/returns/proposed", "/young-people", "/help", "voice", "copy",
          "return", "child", "way-in")  # fmt: skip


@pytest.fixture
def places(live, everybody):
    """Where each place lies, with something long to show at each."""
    with live.ground.at_work():
        long = "https://example.org/" + "averylongword" * 12
        said = {"now": Given(("ok",)), "would-help": Given((), f"somebody to talk to\n{long}")}
        voice = a_voice(everybody.amara, said)
        task = a_return(everybody.amara, details={"remarks": long})
        child = everybody.amara
        named = {
            "voice": f"/voices/{voice.id}", "copy": f"/voices/{voice.id}/copy", "return": f"/returns/{task.id}",
            "child": f"/young-people/{child}", "way-in": f"/young-people/{child}/way-in",
        }  # fmt: skip
    return [named.get(place, place) for place in PLACES]


@pytest.mark.parametrize("size", SIZES)
def test_sam_works_on_a_small_screen(size, places, at_desk):
    width, height = SIZES[size]
    sam = at_desk("sam", viewport={"width": width, "height": height})
    wrong = []
    for place in places:
        sam.opens(place)
        page = sam.page
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{place} scrolls sideways")
        for _ in range(
            page.locator("main a, main button, main input, main textarea, main summary").count() + 14
        ):
            page.keyboard.press("Tab")
            with suppress(Error):
                covered = page.locator(":focus").evaluate(_COVERED, timeout=300)
                if covered:
                    wrong.append(f"{place}: the focus is {covered}")
    assert wrong == []


def test_axe_finds_nothing_on_a_telephone(places, at_desk):
    sam = at_desk("sam", viewport={"width": 320, "height": 560})
    for place in places:
        sam.opens(place)
        assert faults_of(sam.page) == [], place
