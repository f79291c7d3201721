"""`/young-people/…/way-in`: Sam gives Amara and her mother their ways in, ends them, and opens what was put away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, end_allocation, join_adult
from portal.accounts.ways_in import WayIn, give, key_of, way_in_of, who_comes_in
from portal.audit import AuditEvent
from portal.db import engines_of, session
from portal.outbox import OutboxMessage
from tests.accounts.conftest import wrong
from tests.statements import statements_of


@pytest.fixture
def sam(doors, cast):
    return doors.staff.sign_in_as(cast.sam)


def of(person_id, adult_id=None) -> str:
    return f"/young-people/{person_id}/way-in" + (f"/{adult_id}" if adult_id else "")


def given(page) -> dict[str, str]:
    """What stands on the page that shows a new way in once."""
    told = dict(
        zip((e.text for e in page.tree.iter("dt")), (e.text for e in page.tree.iter("dd")), strict=True)
    )
    pin = next(e.text for e in page.tree.iter("strong") if e.get("class") == "pin")
    return {"link": told["Link"], "words": told["Four words"], "digits": told["Or numbers"], "pin": pin}


def test_sam_gives_amara_a_way_in_and_it_opens(sam, cast, doors):
    new = given(sam.post(of(cast.amara), {"act": "give"}))
    assert doors.young.post("/in", {"words": new["words"], "pin": new["pin"]}).status == 303


def test_the_page_shows_it_once_and_then_never_again(sam, cast):
    new = given(sam.post(of(cast.amara), {"act": "give"}))
    page = sam.get(of(cast.amara))
    for secret in new.values():
        assert secret not in page.html
    assert "works" in page.main


def test_the_picture_holds_the_link_and_no_style(sam, cast):
    page = sam.post(of(cast.amara), {"act": "give"})
    picture = page.tree.find(".//{http://www.w3.org/2000/svg}svg")
    assert picture.get("class") == "qr"
    assert not [e for e in picture.iter() if e.get("style")]


def test_the_page_says_when_and_by_whom_it_was_given(sam, cast, at_work):
    with at_work():
        give(cast.amara, cast.lee)
    assert "Tue 24 Nov 2026, 10:00, by Lee Marsh, Manchester City Council" in sam.get(of(cast.amara)).main


def test_the_page_says_that_there_is_none_yet(sam, cast):
    assert "Amara has no way in yet" in sam.get(of(cast.amara)).main


def test_after_five_wrong_pins_the_page_says_why_it_ended(sam, cast, at_work, amaras, doors):
    for _ in range(5):
        doors.young.post("/in", {"words": amaras.words, "pin": wrong(amaras.pin)})
    assert "five wrong PINs" in sam.get(of(cast.amara)).main


def test_a_way_in_unused_for_thirty_days_is_said_to_be_over(doors, cast, amaras, clock):
    clock.forward(days=30)
    assert "not used for thirty days" in doors.staff.sign_in_as(cast.sam).get(of(cast.amara)).main


def test_sam_ends_it(sam, cast, amaras, doors):
    page = sam.post(of(cast.amara), {"act": "end"})
    assert (page.status, page.location) == (303, of(cast.amara))
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 422


def test_an_act_that_there_is_not_is_not_found(sam, cast):
    assert sam.post(of(cast.amara), {"act": "steal"}).status == 404


@pytest.mark.parametrize("who", ["lee", "dan", "dee", "cory", "noor", "ade", "aud"])
def test_who_does_not_hold_amara_neither_sees_nor_gives(at_door, cast, at_work, who):
    """Seen red with the young person fetched by id alone."""
    browser = at_door("staff").sign_in_as(getattr(cast, who))
    assert browser.get(of(cast.amara)).status == 404
    assert browser.post(of(cast.amara), {"act": "give"}).status == 404
    assert browser.post(of(cast.amara, cast.ruth), {"act": "give"}).status == 404
    with at_work():
        assert session.scalars(select(WayIn)).all() == []


def test_the_manager_may_give_one_too(at_door, cast):
    assert at_door("staff").sign_in_as(cast.priya).post(of(cast.amara), {"act": "give"}).status == 200


def test_ruths_way_in_is_apart_from_amaras(sam, cast, at_work):
    sam.post(of(cast.amara, cast.ruth), {"act": "give"})
    with at_work():
        assert way_in_of(cast.amara) is None
        assert way_in_of(cast.ruth).door == "family"


def test_the_way_to_ruths_stands_on_amaras_page(sam, cast):
    links = [e.get("href") for e in sam.get(of(cast.amara)).tree.iter("a")]
    assert of(cast.amara, cast.ruth) in links


def test_an_adult_who_is_not_linked_is_not_found(sam, cast):
    assert sam.get(of(cast.amara, cast.carol)).status == 404


def test_an_adult_whose_link_has_ended_is_not_found(doors, cast, at_work, clock):
    with at_work():
        join_adult(cast.carol, cast.amara, "foster carer", until=clock() + timedelta(hours=1))
    assert doors.staff.sign_in_as(cast.sam).get(of(cast.amara, cast.carol)).status == 200
    clock.forward(minutes=70)
    assert doors.staff.sign_in_as(cast.sam).get(of(cast.amara, cast.carol)).status == 404


def test_another_worker_is_not_named_on_ruths_page(sam, cast, at_work):
    """A name would say that she is linked to another child, and whose."""
    with at_work():
        give(cast.ruth, cast.lee)
    page = sam.get(of(cast.amara, cast.ruth))
    assert "by a colleague" in page.main
    assert "Lee" not in page.main


def told_of_a_way_in(at_work):
    with at_work():
        given = select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "way_in.given")
        return list(session.scalars(given))


def test_who_holds_another_child_of_hers_is_told_once_of_ruths_way_in(sam, cast, at_work):
    """Seen red without `tell_elsewhere`: whoever gives it could come in as Ruth and read what is about Jo."""
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent")
    for _ in range(2):
        sam.post(of(cast.amara, cast.ruth), {"act": "give", "form_key": "the same", "last": ""})
    assert told_of_a_way_in(at_work) == [cast.lee]


def test_who_holds_a_child_she_once_looked_after_is_told_too(doors, cast, at_work, clock):
    """Seen red with links that run alone: what Ruth once said of Jo is read by whoever comes in as her."""
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent", until=clock() + timedelta(hours=1))
    clock.forward(minutes=70)
    doors.staff.sign_in_as(cast.sam).post(of(cast.amara, cast.ruth), {"act": "give"})
    assert told_of_a_way_in(at_work) == [cast.lee]


def test_without_another_child_nobody_is_told_of_ruths_way_in(sam, cast, at_work):
    sam.post(of(cast.amara, cast.ruth), {"act": "give"})
    assert told_of_a_way_in(at_work) == []


def test_where_nobody_holds_the_other_child_the_duty_workers_are_told(sam, cast, at_work):
    with at_work():
        join_adult(cast.ruth, cast.jo, "parent")
        end_allocation(cast.jo)
    sam.post(of(cast.amara, cast.ruth), {"act": "give"})
    assert told_of_a_way_in(at_work) == [cast.dee]


def test_sam_opens_again_what_amara_has_put_away(sam, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    assert "put everything away on Tue 24 Nov 2026, 10:00" in sam.get(of(cast.amara)).main
    sam.post(of(cast.amara), {"act": "reopen"})
    with at_work():
        assert session.get_one(Person, cast.amara).put_away_at is None
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == cast.amara)).all()
    assert {"person.put_away", "person.reopened"} <= set(acts)


def test_that_sam_looked_is_on_the_record(sam, cast, at_work):
    sam.get(of(cast.amara))
    with at_work():
        line = session.scalars(select(AuditEvent).where(AuditEvent.act == "way_in.read")).one()
    assert (line.actor_id, line.subject_id) == (cast.sam, cast.amara)


def test_nothing_secret_is_on_the_record(sam, cast, at_work):
    new = given(sam.post(of(cast.amara), {"act": "give"}))
    with at_work():
        details = " ".join(session.scalars(select(AuditEvent.detail)))
    for secret in (new["pin"].replace(" ", ""), new["digits"], new["words"], new["link"].rpartition("#")[2]):
        assert secret not in details


def test_what_amara_did_with_hers_does_not_show_on_her_mothers_page(doors, cast, at_work, amaras, clock):
    """The page of the parent's way in is the same whether or not the child came in."""
    before = doors.staff.sign_in_as(cast.sam).get(of(cast.amara, cast.ruth)).main
    doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert doors.staff.get(of(cast.amara, cast.ruth)).main == before


@pytest.mark.parametrize("linked", [1, 5])
def test_the_page_asks_as_little_for_five_adults_as_for_one(doors, cast, at_work, linked, hub_file):
    with at_work():
        for n in range(linked):
            adult = Person.enter("adult", f"Adult {n}", roles=("parent or carer",))
            join_adult(adult.id, cast.amara, "parent")
    browser = doors.staff.sign_in_as(cast.sam)
    with statements_of(*engines_of(hub_file)) as seen:
        browser.get(of(cast.amara))
    assert len(seen) <= 8


def test_a_link_by_phone_is_the_one_that_opens(sam, cast, at_work):
    new = given(sam.post(of(cast.amara), {"act": "give"}))
    assert re.fullmatch(r"http://young\.localhost/in#[0-9a-f]{32}", new["link"])
    with at_work():
        assert who_comes_in(key_of("", new["link"].rpartition("#")[2]), new["pin"], "young") is not None


def press(browser, path, **form):
    """Give a way in by the form of the page as it stands."""
    page = browser.get(path)
    sent = {"act": "give", "form_key": page.field("form_key"), "last": page.field("last")} | form
    return sent, browser.post(path, sent)


def test_loading_the_page_of_a_new_way_in_again_makes_no_other(sam, cast, at_work):
    """Seen red with something new drawn each time."""
    sent, first = press(sam, of(cast.amara))
    again = sam.post(of(cast.amara), sent)
    assert given(first) == given(again)
    with at_work():
        assert len(session.scalars(select(WayIn)).all()) == 1


def test_ten_minutes_later_it_is_not_shown_again(sam, cast, at_work, clock):
    sent, _ = press(sam, of(cast.amara))
    clock.forward(minutes=10)
    page = sam.post(of(cast.amara), sent)
    assert page.status == 422
    assert "Another way in was given" in page.main
    with at_work():
        assert len(session.scalars(select(WayIn)).all()) == 1


def test_used_once_it_is_not_shown_again(sam, cast, doors):
    sent, first = press(sam, of(cast.amara))
    new = given(first)
    doors.young.get("/in")
    doors.young.post("/in", {"words": new["words"], "pin": new["pin"]})
    page = sam.post(of(cast.amara), sent)
    assert page.status == 422
    assert new["pin"] not in page.html


def test_two_who_give_at_once_give_one(sam, cast, at_door, at_work, doors):
    """Seen red with what the page had shown left unasked."""
    priya = at_door("staff").sign_in_as(cast.priya)
    page = priya.get(of(cast.amara))
    sent = {"act": "give", "form_key": page.field("form_key"), "last": page.field("last")}
    _, sams = press(sam, of(cast.amara))
    late = priya.post(of(cast.amara), sent)
    assert late.status == 422
    assert "by Sam Okoro" in late.main
    doors.young.get("/in")
    new = given(sams)
    assert doors.young.post("/in", {"words": new["words"], "pin": new["pin"]}).status == 303
    with at_work():
        assert len(session.scalars(select(WayIn)).all()) == 1


def test_the_key_of_one_form_opens_nothing_of_another_person(sam, cast):
    sent, first = press(sam, of(cast.amara))
    other = sam.post(of(cast.amara, cast.ruth), sent | {"last": ""})
    assert given(first)["pin"] != given(other)["pin"]
