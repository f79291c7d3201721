"""From the day's list to the child's answer, and back to the child; each page of it inspected by axe."""

from __future__ import annotations

import pyotp
import pytest

from portal.accounts.models import Person
from portal.accounts.staff_secret import set_secret
from portal.db import session
from tests.journeys.people import SENT

LIST = (
    "Incident No,Surname,Forename(s),DOB,Living situation,Missing date,Missing time,Returned date,Returned time\n"
    "MFH1,Obi,Amara,04/03/2011,Home,22/11/2026,18:00,23/11/2026,20:00\n"
    "MFH2,Birch,Jo,01/06/2013,Home,23/11/2026,15:00,23/11/2026,19:30\n"
    "MFH3,Obi,Amara,04/03/2011,Home,31/11/2026,18:00,,\n"
)
PASSWORD = "a long way to the sea"
HER_WORDS = "everyone was shouting so i went to the canal"
CAME_BACK = "You said home felt loud. We asked. Your nan said yes."


@pytest.fixture
def code(live, everybody):
    """`code()`: what Sam's authenticator shows now."""
    with live.ground.at_work():
        totp = pyotp.TOTP(set_secret(session.get_one(Person, everybody.sam), PASSWORD))
    return lambda: totp.at(int(live.ground.clock().timestamp()))


@pytest.fixture
def cory(at_desk):
    return at_desk("cory", inspects=True)


def brings_the_list(cory, tmp_path):
    """Cory brings the day's list, looks at it, and takes what is new."""
    (tmp_path / "list.csv").write_text(LIST)
    cory.opens("/list")
    cory.sees("The day's list")
    cory.page.locator("input[type=file]").set_input_files(tmp_path / "list.csv")
    cory.presses("Look at what came")
    cory.sees("The list “list.csv”")
    take = cory.page.get_by_role("button", name="Take the 2 new and changed rows")
    take.wait_for(timeout=120_000)
    cory.inspected.clear()
    cory.looks()
    take.click()
    cory.page.get_by_text("It was taken.").wait_for(timeout=120_000)
    cory.follows("1 row needs somebody to look: the tray")
    cory.sees("The tray")


def takes_and_offers(sam):
    """Sam takes Amara's return, logs an attempt and gives her a way in."""
    sam.opens("/returns/proposed")
    sam.sees("Returns that nobody took yet")
    sam.page.get_by_role("row", name="Amara Obi").get_by_role("button", name="Take it").click()
    sam.sees("Amara Obi: back from being missing")
    sam.ticks("Phone")
    sam.presses("Offered, they will think about it")
    sam.reads("Offered, they will think about it")
    sam.follows("Give them a way in")
    sam.sees("Way in for Amara")
    return sam.gives_a_way_in("Amara")


def comes_back_and_sends(amara, link, pin):
    """Amara comes in again: what she wrote before is kept and not shown; she sends."""
    amara.comes_in(link, pin)
    amara.answers("Are you safe right now?", "Yes")
    amara.answers("Is it OK to do this now?", "Yes")
    amara.sees("What would help?")
    amara.does_not_read(HER_WORDS)
    # What came before this sitting is not there to go back to; what it says itself is.
    amara.does_not_read("Back")
    amara.writes("What would help?", "a charger")
    amara.sees("How shall we tell you what happens?")
    amara.presses("Back")
    amara.writes("What would help?", "a charger, and a lift")
    amara.answers("How shall we tell you what happens?", "Here on these pages")
    amara.sees("Look at it before it goes")
    amara.does_not_read(HER_WORDS)
    amara.presses("Send to Sam")
    amara.sees(SENT % {"worker": "Sam"})
    amara.follows("Go to the first page")
    amara.sees("Hello")


def reads_and_answers(sam):
    """Sam reads her exact words and answers them."""
    sam.opens("/")
    sam.sees("Today")
    sam.opens("/voices")
    sam.sees("Voices")
    sam.follows("Amara Obi")
    sam.sees("What Amara said")
    sam.reads(HER_WORDS)
    sam.presses("I have read this")
    sam.reads("Read on Tue 24 Nov 2026")
    sam.types("Your answer", CAME_BACK)
    sam.presses("Send it to their page")
    sam.reads("At their door, not opened yet.")
    sam.inspected.clear()
    sam.looks()


def opens_the_answer(amara):
    """Amara sees that something came back, and reads it."""
    amara.opens("/")
    amara.reads("Something new for you")
    amara.does_not_read("nan")
    amara.presses("Read it")
    amara.sees("What came back to you")
    amara.reads(CAME_BACK)
    amara.does_not_read(HER_WORDS)


def test_from_the_days_list_to_the_answer_and_back(live, cory, at_desk, at_phone, code, tmp_path):
    brings_the_list(cory, tmp_path)
    sam = at_desk("sam", signed_in=False, inspects=True)
    sam.signs_in("sam@hub.example", PASSWORD, code())
    link, _, pin = takes_and_offers(sam)
    amara = at_phone(signed_in=False, inspects=True)
    amara.comes_in(link, pin)
    amara.agrees_to_the_deal()
    amara.answers("How are you right now?", "Not great")
    amara.answers("Was it missing, as you see it?", "I was just out")
    amara.sees("What was going on?")
    amara.ticks("Home")
    amara.page.get_by_text("Say more, if you like").click()
    amara.page.locator("textarea").fill(HER_WORDS)
    amara.presses("Go on")
    amara.answers("Did anything bad happen?", "Someone scared me")
    amara.sees("Thank you for telling us.")
    sam.sees_an_alert_about("Amara Obi")
    amara.presses("Go on")
    amara.sees("What would help?")
    amara.leaves()
    amara.page.go_back()
    amara.does_not_read("What would help?")
    comes_back_and_sends(amara, link, pin)
    reads_and_answers(sam)
    opens_the_answer(amara)
    live.ground.clock.forward(hours=24)
    amara.comes_in(link, pin)
    amara.sees("Are you safe right now?")
    amara.opens("/")
    amara.sees("Hello")
    amara.does_not_read("Something new for you")
    amara.page.go_back()
    amara.does_not_read(CAME_BACK)


def test_not_safe_is_said_in_one_press_and_reaches_sam(waiting, at_phone, at_desk):
    amara, sam = at_phone(inspects=True), at_desk("sam", inspects=True)
    amara.opens("/now")
    amara.answers("Are you safe right now?", "No, tell %(worker)s and the duty team now")
    amara.sees("What happens now")
    sam.sees_an_alert_about("Amara Obi")
    sam.page.get_by_role("main").get_by_role("link", name="Not safe").first.click()
    sam.presses("I have it")
    sam.reads("You have it")
    sam.looks()
    amara.opens("/now")
    amara.reads("Sam")
