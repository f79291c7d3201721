"""What was said on another day is said anew, also where the first alert about it is closed by then."""

from sqlalchemy import select

from portal.alerts.models import Alert
from portal.db import session

BAD = "Did anything bad happen?"


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
    amara.comes_to("Look at it before it goes")
    amara.presses(go="send")
    for _ in range(2):
        amara.phone.post("/side", {"screen": "ok-now", "go": "talk", "form_key": old})
    assert rules() == ["ring me"]
