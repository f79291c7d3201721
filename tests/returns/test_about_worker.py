"""It is about somebody who looks after them or works with them: its own road, to a manager and to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access import STAFF, SignedIn
from portal.accounts.cover import Cover
from portal.accounts.models import Person
from portal.accounts.pauses import Pause, paused_about
from portal.alerts.models import Alert
from portal.config import current_hub
from portal.db import new_id, session
from portal.outbox import OutboxMessage
from portal.returns.about_worker import AboutWorker, who_is_who
from portal.trail.models import Voice

TELL = "/tell"


def told(at_work):
    with at_work():
        return set(session.scalars(select(OutboxMessage.recipient_id)))


def manager_here(person_id):
    """A manager as a page of their door knows them."""
    return SignedIn(person_id, new_id(), STAFF, "Somebody", frozenset({"manager"}))


def says(amara, whom="not-said", words=""):
    amara.opens(TELL)
    return amara.presses(TELL, whom=str(whom), words=words)


@pytest.fixture
def max_(at_work):
    """Another manager."""
    with at_work():
        return Person.enter("staff", "Max Other", roles=("manager",)).id


@pytest.mark.parametrize("pressed", ["no", "rather-not", "ring"])
def test_it_is_reached_from_the_safety_screens_follow_ups(amara, pressed):
    amara.opens("/now")
    assert f'href="{TELL}"' in amara.presses("/now", safe=pressed).html


def test_it_is_reached_from_the_thanks_for_a_harm_chip(amara):
    amara.begins()
    amara.comes_to("Did anything bad happen?")
    assert f'href="{TELL}"' in amara.presses(answer="hurt", go="on").html


def test_it_is_reached_from_talk(amara):
    amara.opens("/side")
    assert f'href="{TELL}"' in amara.presses(go="talk").html


def test_numbers_stand_before_anything_is_asked(amara):
    page = amara.opens(TELL).main
    assert page.index("999") < page.index("Is it about someone who looks after you")


def test_nothing_is_ticked_and_the_first_names_nobody(amara):
    """A text browser ticks the first radio button by itself; that must not accuse anybody."""
    page = amara.opens(TELL)
    radios = [e for e in page.tree.iter("input") if e.get("name") == "whom"]
    assert (radios[0].get("value"), [e for e in radios if e.get("checked") is not None]) == ("not-said", [])


def test_who_is_who_begins_with_their_own_worker(amara, cast):
    page = amara.opens(TELL).main
    assert page.index("Sam, your worker") < page.index("Priya, a manager") < page.index("Dee, the duty team")
    assert "Lee" not in page


def test_two_who_are_called_alike_have_their_whole_names(at_work, cast):
    with at_work():
        Person.enter("staff", "Sam Else", roles=("manager",))
        called = [one.called for one in who_is_who(cast.amara)]
    assert {"Sam Okoro", "Sam Else"} <= set(called)


def test_naming_sam_tells_the_manager_only_and_pauses_sam(amara, cast, rules, at_work):
    says(amara, cast.sam, "he reads my phone")
    assert (rules(), told(at_work)) == (["about a worker"], {cast.priya})
    with at_work():
        assert paused_about(cast.amara) == [cast.sam]
        alert = session.scalars(select(Alert)).one()
    assert alert.kept_from_id == cast.sam


def test_the_manager_reads_who_and_the_exact_words(amara, cast, doors):
    says(amara, cast.sam, "he reads my phone")
    priya = doors.staff.sign_in_as(cast.priya)
    link = next(a for a in priya.get("/alerts").tree.iter("a") if "About somebody" in (a.text or ""))
    page = priya.get(link.get("href")).main
    assert "Sam Okoro, their worker" in page
    assert "he reads my phone" in page


def test_a_manager_who_is_named_never_hears_of_it_and_another_does(amara, cast, at_work, max_, doors):
    says(amara, cast.priya)
    assert told(at_work) == {max_}
    assert "About somebody" not in doors.staff.sign_in_as(cast.priya).get("/alerts").main


def test_where_the_only_manager_is_named_the_page_says_so_and_somebody_gets_in_touch(
    amara, cast, at_work, rules, doors
):
    page = says(amara, cast.priya, "she shouts").main
    assert "No other manager is here to read it." in page
    assert (sorted(rules()), told(at_work)) == (["about a worker", "rather tell a person"], {cast.sam})
    sam = doors.staff.sign_in_as(cast.sam)
    link = next(a for a in sam.get("/alerts").tree.iter("a") if "rather tell" in (a.text or ""))
    assert "she shouts" not in sam.get(link.get("href")).main


def test_somebody_where_they_live_pauses_nobody_of_the_staff(amara, cast, at_work):
    says(amara, "where-i-live")
    with at_work():
        assert session.scalar(select(func.count()).select_from(Pause)) == 0
    assert told(at_work) == {cast.priya}


@pytest.mark.parametrize("odd", ["", "x", "\ud800", "11111111-1111-4111-8111-111111111111"])
def test_whoever_is_not_on_the_list_counts_as_not_said(amara, cast, at_work, odd):
    says(amara, odd.encode("utf-8", "replace") if odd == "\ud800" else odd)
    with at_work():
        assert session.scalars(select(AboutWorker)).one().whom == "They did not say who"
        assert paused_about(cast.amara) == [cast.sam]


def test_afterwards_it_says_who_reads_it_by_when_an_advocate_and_how_to_complain(amara, cast):
    page = says(amara, cast.sam, "he reads my phone").main
    assert (
        "Only a manager: Priya. Nobody else here. We asked them to open it by Tuesday 24 November, 11:00."
        in page
    )
    assert "0800 496 0103" in page
    assert "0161 496 0104" in page
    assert "you can make a complaint" in page


def test_nothing_of_it_is_shown_again(amara, again, cast):
    assert "he reads my phone" not in says(amara, cast.sam, "he reads my phone").html
    assert "he reads my phone" not in amara.opens(f"{TELL}?more=1").html
    other = again().opens(TELL).main
    assert "Thank you" not in other
    assert other.startswith("Emergency")


def test_pressed_twice_it_is_said_once(amara, at_work, rules):
    page = amara.opens(TELL)
    form = {"whom": "not-said", "form_key": page.field("form_key")}
    for _ in range(2):
        assert amara.phone.post(TELL, form).status == 303
    with at_work():
        assert session.scalar(select(func.count()).select_from(AboutWorker)) == 1
    assert rules() == ["about a worker"]


def test_too_long_a_text_comes_back_whole_and_nobody_is_told_yet(amara, rules, cast):
    long = "x" * 5001
    page = says(amara, cast.sam, long)
    assert (page.status, page.field("words"), rules()) == (422, long, [])
    assert (
        next(e for e in page.tree.iter("input") if e.get("value") == str(cast.sam)).get("checked") is not None
    )


def test_it_is_a_voice_that_only_managers_read_and_that_stays_off_the_phone(amara, cast, at_work, at_door):
    says(amara, "where-i-live", "the night staff")
    with at_work():
        voice = session.scalars(select(Voice).where(Voice.kind == "about staff")).one()
    assert voice.in_person_only
    statuses = {
        who: at_door("staff").sign_in_as(getattr(cast, who)).get(f"/voices/{voice.id}").status
        for who in ("sam", "lee", "dee", "priya")
    }
    assert statuses == {"sam": 404, "lee": 404, "dee": 404, "priya": 200}


def test_the_manager_answers_it_in_person_and_never_on_the_phone(amara, cast, at_work, doors):
    says(amara, cast.sam)
    with at_work():
        voice = session.scalars(select(Voice).where(Voice.kind == "about staff")).one()
    priya = doors.staff.sign_in_as(cast.priya)
    priya.get(f"/voices/{voice.id}")
    assert priya.post(f"/voices/{voice.id}/answer", {"answer-words": "We talked to Sam."}).status == 422
    assert "Something new" not in amara.opens("/").main


def test_the_manager_reads_it_on_the_voices_page_too(amara, cast, at_work, doors):
    says(amara, "where-i-live", "the night staff")
    with at_work():
        voice = session.scalars(select(Voice).where(Voice.kind == "about staff")).one()
    assert "the night staff" in doors.staff.sign_in_as(cast.priya).get(f"/voices/{voice.id}").main


def test_put_away_it_still_works_and_names_nobody(amara, cast, at_work, rules):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    page = amara.opens(TELL).main
    assert "Sam" not in page
    assert "Priya" not in says(amara).main
    assert rules() == ["about a worker"]


def test_where_the_alert_cannot_be_written_nothing_is_called_saved(amara, at_work, no_message_can_be_put):
    page = says(amara)
    with at_work():
        assert (page.status, session.scalar(select(func.count()).select_from(AboutWorker))) == (503, 0)


def test_a_manager_who_was_named_never_reads_it_though_they_may_read_again(amara, cast, at_work, max_, doors):
    """Seen red with the pause alone: when Max had ended it, Priya read what was said about her, and its alert."""
    says(amara, cast.priya, "she laughed at me")
    with at_work():
        session.scalars(select(Pause)).one().end("It was looked into.", max_)
        alert_id = session.scalars(select(Alert.id)).one()
        voice_id = session.scalars(select(Voice.id).where(Voice.kind == "about staff")).one()
    paths = (f"/voices/{voice_id}", f"/alerts/{alert_id}", f"/voices/{voice_id}/copy")
    priya, other = doors.staff.sign_in_as(cast.priya), [cast.priya, max_]
    assert [priya.get(path).status for path in paths] == [404, 404, 404]
    with at_work():
        seen = [
            session.scalar(Alert.visible_to(manager_here(one)).with_only_columns(Alert.id)) for one in other
        ]
    assert seen == [None, alert_id]


def test_of_several_whom_it_may_be_about_none_sees_the_alert_later(amara, cast, at_work, max_):
    """Seen red with the first of them alone kept from it."""
    with at_work():
        covers = [max_, Person.enter("staff", "Mia More", roles=("manager",)).id]
        for one in covers:
            Cover.give(
                cast.sam, one, current_hub().now(), current_hub().now() + timedelta(days=1), by=cast.sam
            )
    says(amara)
    with at_work():
        for pause in session.scalars(select(Pause)):
            pause.end("It was looked into.", cast.priya)
        found = [
            session.scalar(Alert.visible_to(manager_here(one)).with_only_columns(Alert.rule))
            for one in (*covers, cast.priya)
        ]
    assert found == [None, None, "about a worker"]


def test_the_page_names_no_manager_who_may_not_read_it(amara, at_work, cast, max_):
    """Seen red with the first of those it may be about left out alone."""
    with at_work():
        for one in (max_, Person.enter("staff", "Mia More", roles=("manager",)).id):
            Cover.give(
                cast.sam, one, current_hub().now(), current_hub().now() + timedelta(days=1), by=cast.sam
            )
    page = says(amara).main
    assert ("Priya" in page, "Max" in page, "Mia" in page) == (True, False, False)


def test_where_every_manager_works_with_them_somebody_reads_it_all_the_same(amara, at_work, cast, max_):
    """Seen red: both managers covered for Sam, both were paused, and nobody at all was told."""
    with at_work():
        for one in (max_, cast.priya):
            Cover.give(
                cast.sam, one, current_hub().now(), current_hub().now() + timedelta(days=1), by=cast.sam
            )
    says(amara)
    assert told(at_work) == {max_, cast.priya}
    with at_work():
        assert paused_about(cast.amara) == [cast.sam]
