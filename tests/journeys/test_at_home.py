"""A residential carer at the families' door, on a small phone, with scripts and without: asked, answered, sent."""

from __future__ import annotations

import pytest

from tests.factories import a_return, safe_home
from tests.journeys.people import Someone

SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
RATHER_LITTLE = ("What helped?", "What would you change in the plan?", "What is a safe way to reach you?")


@pytest.fixture
def carol(live, everybody, opened):
    """`carol(**options)`: Carol at her phone; Amara, who lives in her home, came back a day ago."""
    with live.ground.at_work():
        safe_home(everybody.carol, everybody.amara, everybody.sam, "residential")
        a_return(everybody.amara)

    def sit_down(**options):
        context = opened(**(SMALL | options))
        live.sign_in(context, "family", everybody.carol)
        return Someone(context.new_page(), live, "family", inspects=options.get("java_script_enabled", True))

    return sit_down


@pytest.mark.parametrize("scripts", [True, False])
def test_carol_tells_what_she_saw(scripts, carol):
    her = carol(java_script_enabled=scripts)
    her.opens("/")
    her.sees("Hello")
    her.page.get_by_role("link", name="Tell your side").click()
    her.sees("Your side")
    her.presses("Go on")
    her.sees("Before you start: the deal")
    her.presses("I know the deal. Go to the questions")
    her.sees("When did they come back?")
    her.types("Day", "2026-11-22")
    her.types("Time", "21:40")
    her.presses("Go on")
    her.sees("How were they when they came back?")
    her.ticks("Tired or hungry")
    her.presses("Go on")
    her.sees("Clothes, phone, money: was anything different?")
    her.presses("Skip this")
    her.sees("Does anything worry you?")
    her.presses("Skip this")
    her.sees("Do you worry that somebody hurts them, or could?")
    her.ticks("I am not sure")
    her.presses("Go on")
    her.sees("Thank you for telling us.")
    her.reads("0808 800 5000")
    her.presses("Go on")
    for question in RATHER_LITTLE:
        her.sees(question)
        her.presses("Skip this")
    her.sees("Look at it before it goes")
    her.reads("Sunday 22 November, 21:40")
    her.presses("Send it to the team")
    her.sees("You sent it to the team.")
    her.follows("Go to the first page")
    her.reads("You told us about it. Thank you.")
