"""Not now, talk instead, ring me: when, with whom, where and how is better; kept for whoever offers it again."""

import pytest
from sqlalchemy import select

from portal.db import session
from portal.episodes.models import InterviewTask
from portal.episodes.wishes import TalkWish


def wishes(at_work):
    with at_work():
        return list(session.scalars(select(TalkWish).order_by(TalkWish.created_at)))


def says(amara, way="later", **said):
    amara.opens(f"/when/{way}")
    return amara.presses(f"/when/{way}", **said)


def test_not_now_leads_to_what_would_be_better(amara):
    amara.opens("/side")
    page = amara.presses(go="not now")
    assert page.main.startswith("That is fine.")
    assert 'href="/when/later"' in page.html


def test_talk_and_ring_me_lead_to_when_it_is_ok(amara):
    amara.opens("/side")
    assert 'href="/when/talk"' in amara.presses(go="talk").html
    amara.opens("/now")
    assert 'href="/when/ring"' in amara.presses("/now", safe="ring").html


def test_what_was_said_is_kept_beside_the_return_in_english(amara, waiting_return, at_work):
    says(amara, when=["weekend", "evening"], who="trusted", where="out", words="not near school")
    (wish,) = wishes(at_work)
    assert (wish.choice, wish.task_id) == ("not now", waiting_return)
    assert wish.lines == [
        ("When is better?", "At the weekend · In the evening"),
        ("Who with?", "With somebody I trust there"),
        ("Where?", "Out, on a walk"),
        ("Anything else, like a number or a time that is safe", "not near school"),
    ]


def test_it_never_becomes_a_refusal(amara, waiting_return, at_work):
    amara.opens("/side")
    amara.presses(go="not now")
    says(amara, when="weekend")
    with at_work():
        assert session.get_one(InterviewTask, waiting_return).state == "offered"


def test_nothing_ticked_is_nothing_kept(amara, at_work):
    assert says(amara).status == 200
    assert wishes(at_work) == []


def test_none_of_it_is_shown_again(amara, again):
    page = says(amara, words="not near school")
    assert page.main.startswith("That's saved.")
    assert "not near school" not in page.html + amara.opens("/when/later?more=1").html
    assert again().opens("/when/later").main.startswith("What would be better?")


def test_going_on_by_themselves_takes_it_up(amara, waiting_return, at_work, cast):
    amara.opens("/side")
    amara.presses(go="not now")
    says(amara, when="weekend")
    amara.opens("/side")
    amara.presses(screen="ok-now", go="now")
    (wish,) = wishes(at_work)
    assert wish.taken_up_by_id == cast.amara


def test_pressed_twice_it_is_kept_once(amara, at_work):
    page = amara.opens("/when/talk")
    for _ in range(2):
        amara.phone.post("/when/talk", {"when": "evening", "form_key": page.field("form_key")})
    assert len(wishes(at_work)) == 1


def test_too_long_comes_back_with_everything_still_there(amara, at_work):
    page = says(amara, "talk", how="ring", words="y" * 5001)
    assert (page.status, len(page.field("words")), wishes(at_work)) == (422, 5001, [])
    assert next(e for e in page.tree.iter("input") if e.get("value") == "ring").get("checked") is not None


@pytest.mark.parametrize("odd", ["x", "refused", "%F0%9F%99%82"])
def test_there_is_no_other_way(amara, odd):
    assert amara.opens(f"/when/{odd}").status == 404


def test_what_is_said_from_the_front_page_is_no_not_now(amara, at_work):
    assert 'href="/when/better"' in amara.opens("/").html
    says(amara, "better", where="school")
    assert wishes(at_work)[0].choice == "better"


def test_odd_ticks_are_left_out(amara, at_work):
    says(amara, when=["evening", "evening", "nonsense", "\0"], words="\0\x01")
    assert wishes(at_work)[0].lines == [("When is better?", "In the evening")]


def test_with_no_return_it_is_kept_all_the_same(amara, at_work):
    says(amara, "ring", how="text-first")
    (wish,) = wishes(at_work)
    assert (wish.choice, wish.task_id) == ("ring", None)


def test_the_alert_of_ring_me_shows_when_it_is_ok(amara, doors, cast, at_work):
    amara.opens("/now")
    amara.presses("/now", safe="ring")
    says(amara, "ring", when="after-school", words="07700 900123")
    sam = doors.staff.sign_in_as(cast.sam)
    link = next(a for a in sam.get("/alerts").tree.iter("a") if "Asks to be rung" in (a.text or ""))
    page = sam.get(link.get("href")).main
    assert "After school" in page
    assert "07700 900123" in page


def test_the_words_lie_sealed(amara, at_work):
    says(amara, words="not near school")
    with at_work():
        assert "not near school" not in repr(session.execute(select(TalkWish.__table__)).one())
