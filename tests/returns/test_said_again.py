"""What is said again is said anew, where the first alert about it is closed by then; one press is heard once."""

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import session
from tests.returns.conftest import BAD, CHECK


def test_a_flag_in_a_later_sitting_of_the_same_form_is_told_although_the_first_was_closed(
    amara, again, at_work, cast, rules, clock
):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="photos")
    with at_work():
        session.scalars(select(Alert)).one().close("Seen to.", cast.sam)
    clock.forward(days=2)
    later = again()
    later.opens("/side")
    later.presses(go="now")
    page = later.presses(screen="anything-bad", go="on", answer="hurt").main
    assert rules() == ["hurt", "hurt"]
    assert "Nobody has said yet that they have it." in page


def test_a_wish_to_talk_from_a_page_that_was_open_since_before_the_form_was_sent_is_heard(amara, rules):
    old = amara.opens("/side").field("form_key")
    amara.presses(go="now")
    amara.presses(go="on")
    amara.presses(go="yes")
    amara.presses(go="quick")
    amara.comes_to(CHECK)
    amara.presses(go="send")
    for _ in range(2):
        amara.phone.post("/side", {"screen": "ok-now", "go": "talk", "form_key": old})
    assert rules() == ["ring me"]


def close_all(at_work, by):
    with at_work():
        for alert in session.scalars(select(Alert).where(Alert.state != "closed")):
            alert.close("Rang her.", by)


def test_a_tick_again_in_the_same_sitting_after_it_was_closed_is_heard_again(amara, rules, at_work, cast):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    close_all(at_work, cast.sam)
    for _ in range(2):
        amara.presses(screen="anything-bad", go="on", answer="hurt")
    assert rules() == ["hurt", "hurt"]


def test_a_tick_about_something_else_raises_nothing_anew(amara, rules, at_work, cast):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    close_all(at_work, cast.sam)
    amara.presses(screen="anything-bad", go="on", answer="gifts")
    assert rules() == ["hurt"]


@pytest.mark.parametrize("said", ["no", "ring", "rather-not"])
def test_the_same_button_of_the_same_page_is_heard_again_after_it_was_closed(
    amara, rules, at_work, cast, said
):
    page = amara.opens("/now")
    form = {"safe": said, "form_key": page.field("form_key")}
    for _ in range(2):
        amara.phone.post("/now", form)
    close_all(at_work, cast.sam)
    for _ in range(2):
        amara.phone.post("/now", form)
    assert len(rules()) == 2


def test_so_is_a_wish_to_talk(amara, rules, at_work, cast):
    page = amara.opens("/side")
    form = {"screen": "ok-now", "go": "talk", "form_key": page.field("form_key")}
    for _ in range(2):
        amara.phone.post("/side", form)
    close_all(at_work, cast.sam)
    for _ in range(2):
        amara.phone.post("/side", form)
    assert rules() == ["ring me", "ring me"]
