"""What goes wrong on a phone: two presses, Back, a whole page pasted, no signal, everything to be put away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import select

from portal.accounts.models import Person
from portal.db import session
from portal.questionnaires.models import Answer, Submission
from portal.trail.models import Voice
from tests.journeys.people import SENT
from tests.serving import OUTSIDE

LONG = "it was loud and i went. " * 700  # 16,800 characters


@pytest.fixture
def amara(waiting, at_phone):
    amara = at_phone()
    amara.opens("/now")
    amara.agrees_to_the_deal()
    return amara


def skips_to(amara, heading):
    for _ in range(7):
        if amara.page.locator("h1").inner_text() == heading:
            return
        now = amara.page.locator("h1").inner_text()
        amara.presses("Skip this")
        expect(amara.page.locator("h1")).not_to_have_text(now)
    amara.sees(heading)


def test_send_pressed_twice_is_sent_once(amara, live):
    skips_to(amara, "Look at it before it goes")
    amara.control("button", "Send to Sam").dblclick()
    amara.sees(SENT % {"worker": "Sam"})
    with live.ground.at_work():
        assert len(session.scalars(select(Voice)).all()) == 1
        assert len(session.scalars(select(Submission)).all()) == 1


def test_back_after_sending_shows_nothing_and_sends_nothing(amara, live):
    skips_to(amara, "What would help?")
    amara.writes("What would help?", "a lift to my nan's")
    skips_to(amara, "Look at it before it goes")
    amara.presses("Send to Sam")
    amara.sees(SENT % {"worker": "Sam"})
    amara.page.go_back()
    amara.does_not_read("a lift to my nan's")
    with live.ground.at_work():
        assert len(session.scalars(select(Voice)).all()) == 1


def test_a_whole_page_pasted_is_kept_to_the_letter(amara, live):
    skips_to(amara, "What would help?")
    amara.writes("What would help?", LONG)
    amara.sees("How shall we tell you what happens?")
    with live.ground.at_work():
        assert [a.given.words for a in session.scalars(select(Answer)) if a.given.words] == [LONG.strip()]


def test_a_page_too_long_comes_back_with_every_word_in_it(amara):
    skips_to(amara, "What would help?")
    amara.writes("What would help?", LONG + LONG)
    amara.reads("This is longer than one answer can hold.")
    assert amara.page.locator("textarea").input_value().strip() == (LONG + LONG).strip()


def test_with_no_signal_it_is_not_called_saved_and_goes_again_later(amara, live):
    skips_to(amara, "What would help?")
    amara.page.locator("textarea").fill("a charger")
    amara.page.context.set_offline(True)
    with pytest.raises(Error):
        amara.presses("Go on")
        amara.page.goto(live.origin("young") + "/side")
    amara.page.context.set_offline(False)
    amara.opens("/side")
    amara.writes("What would help?", "a charger")
    amara.sees("How shall we tell you what happens?")
    with live.ground.at_work():
        assert [a.given.words for a in session.scalars(select(Answer)) if a.given.words] == ["a charger"]


def test_someone_is_looking_empties_the_page_though_nobody_answers(waiting, at_phone, live):
    amara = at_phone()
    amara.opens("/side")
    amara.sees("Is it OK to do this now?")
    live.server.down()
    amara.presses("Someone is looking. Leave now")
    expect(amara.page.locator("h1")).to_have_text(OUTSIDE)
    live.server.up()
    amara.opens("/side")
    amara.sees("Come in")


def test_put_away_the_pin_opens_an_empty_page_until_sam_opens_it_again(
    waiting, at_phone, at_desk, live, everybody
):
    amara, sam = at_phone(inspects=True), at_desk("sam", inspects=True)
    amara.opens("/")
    amara.sees("Hello")
    amara.presses("Put it all away")
    amara.sees("Nothing here")
    amara.page.go_back()
    amara.does_not_read("Tell your side")
    sam.opens(f"/young-people/{everybody.amara}/way-in")
    sam.reads("Amara put everything away")
    sam.looks()
    sam.presses("Open it again")
    sam.sees("Way in for Amara")
    with live.ground.at_work():
        assert session.get_one(Person, everybody.amara).put_away_at is None
    amara.opens("/")
    amara.sees("Hello")
