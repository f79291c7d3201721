"""In the room, in a real browser with its back/forward cache on, with script and without: what a hand-over leaves there.

Seen red, without script, while unlocking went straight to the worker's page: Back showed the young person's, as it was left.
"""

from __future__ import annotations

from contextlib import suppress

import pyotp
import pytest
from playwright.sync_api import Error, Page, expect

from portal.accounts.models import Person
from portal.accounts.staff_secret import set_secret
from portal.db import session
from tests.journeys.people import Staff, YoungPerson

TYPED = "quietcanary everyone was shouting"
THE_STAFFS = ("Amara Obi", "Sam Okoro", "Young people", "Returns")
TABLET = {"viewport": {"width": 810, "height": 1080}, "has_touch": True}


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def sam(request, at_desk, waiting, keeps_pages):
    return at_desk("sam", java_script_enabled=request.param, inspects=request.param, **TABLET)


@pytest.fixture
def code(live, everybody):
    """`code()`: what Sam's authenticator shows now."""
    with live.ground.at_work():
        totp = set_secret(session.get_one(Person, everybody.sam), "a long way to the sea")
    return lambda: pyotp.TOTP(totp).at(int(live.ground.clock().timestamp()))


def stands_on(page: Page) -> str:
    """Everything that stands on the page, in its fields too."""
    with suppress(Error):  # a page that the browser had kept is there at once, and never loads
        page.wait_for_load_state(timeout=1500)
    fields = page.locator("textarea, input:not([type=hidden])")
    typed = [fields.nth(n).input_value() for n in range(fields.count())]
    return "\n".join([page.locator("body").inner_text(), *typed])


def goes_back(page: Page) -> None:
    """Press Back, and wait for whatever comes of it: a page that the browser kept may ask the server again."""
    with suppress(Error):
        page.go_back(wait_until="commit")
    with suppress(Error):
        page.wait_for_load_state("networkidle", timeout=2000)


def hands_over(sam: Staff, everybody) -> YoungPerson:
    """Sam walks through a few of his pages and hands the tablet over; whoever sits there now is Amara."""
    sam.opens("/young-people")
    sam.follows("Amara Obi")
    sam.follows("In the room, on this tablet")
    sam.sees("In the room with Amara")
    sam.presses("Lock my pages and begin for Amara")
    amara = YoungPerson(sam.page, sam.live, "young", inspects=sam.inspects)
    amara.sees("Are you safe right now?")
    return amara


def test_back_shows_nothing_of_the_staffs(sam, everybody, code):
    hands_over(sam, everybody)
    assert "/begin" not in sam.page.url
    for _ in range(3):
        goes_back(sam.page)
        expect(sam.page.locator("h1")).to_have_text("Locked")
        assert not [word for word in THE_STAFFS if word in stands_on(sam.page)]
    sam.page.go_forward(wait_until="commit")
    expect(sam.page.locator("h1")).to_have_text("Locked")


def test_amara_who_pressed_back_finds_her_page_again(sam, everybody, code):
    amara = hands_over(sam, everybody)
    goes_back(sam.page)
    sam.follows("Go back to the page it was handed over for")
    amara.sees("Hello")


@pytest.mark.parametrize("path", ["/", "/young-people", "/voices", "/sign-in", "/cards"])
def test_no_address_of_the_staffs_opens(sam, everybody, code, path):
    hands_over(sam, everybody)
    sam.opens(path)
    sam.sees("Locked")


def test_amara_answers_gives_it_back_and_sam_finds_nothing_of_it(sam, everybody, code):
    amara = hands_over(sam, everybody)
    amara.agrees_to_the_deal()
    amara.presses("Skip this")
    amara.page.get_by_label("Something else").check()
    more = amara.page.locator("textarea")
    if more.count() and not more.first.is_visible():
        amara.page.locator("summary").first.click()
    if more.count():
        more.first.fill(TYPED)
    amara.presses("Leave now")
    amara.sees("Please give the tablet back")
    for _ in range(3):
        goes_back(amara.page)
        assert TYPED not in stands_on(amara.page)
        assert "Was it missing" not in stands_on(amara.page)
    amara.opens("/done")
    amara.follows("I am the worker. Unlock with my code")
    sam.sees("Locked")
    sam.types("Code", code())
    sam.presses("Unlock")
    sam.sees("Amara Obi")
    for _ in range(3):
        goes_back(sam.page)
        assert TYPED not in stands_on(sam.page)


def test_unlocking_over_an_open_page_ends_it(sam, everybody, code):
    amara = hands_over(sam, everybody)
    amara.agrees_to_the_deal()
    sam.opens("/locked")
    sam.types("Code", code())
    sam.presses("Unlock")
    sam.sees("Amara Obi")
    goes_back(sam.page)
    goes_back(sam.page)
    assert "How are you right now?" not in stands_on(sam.page)
    amara.opens("/side")
    amara.sees("Come in")


def test_another_tab_of_rowan_goes_blank_with_it(at_desk, waiting, everybody, code, keeps_pages):
    sam = at_desk("sam", **TABLET)
    other = sam.page.context.new_page()
    other.goto(sam.live.origin("staff") + f"/young-people/{everybody.amara}")
    hands_over(sam, everybody)
    expect(other.locator("h1")).to_have_text("Locked", timeout=10_000)
    assert "Amara" not in other.content()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_around_it_are_as_they_should_be(at_desk, waiting, everybody, width):
    sam = at_desk("sam", inspects=True, viewport={"width": width, "height": 900})
    for path, heading in (
        ("people", "People and places: Amara"),
        ("custody", "Custody: Amara"),
        ("card", "A card for Amara"),
        ("in-room", "In the room with Amara"),
    ):
        sam.opens(f"/young-people/{everybody.amara}/{path}")
        sam.sees(heading)
    sam.opens("/cards")
    sam.sees("Cards")
