"""`/in`: how Amara and Ruth come in. Two doors, one form, one refusal."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal import audit
from portal.accounts import slow_hash
from portal.accounts.models import Person
from portal.accounts.sign_in import SignIn
from portal.accounts.ways_in import WayIn, end_way_in
from portal.audit import AuditEvent
from portal.db import session
from tests.accounts.conftest import wrong


def signed_in(at_work) -> int:
    with at_work():
        return session.scalar(select(func.count()).select_from(SignIn)) or 0


def test_amara_comes_in_with_her_words_and_her_pin(doors, amaras):
    page = doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert (page.status, page.location) == (303, "/now")


def test_where_all_is_put_away_the_pin_opens_an_empty_page(doors, amaras, cast, at_work):
    with at_work():
        session.get_one(Person, cast.amara).put_all_away()
    doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})

    assert doors.young.follow().status == 200
    assert "Nothing here" in doors.young.page.main


def test_amara_comes_in_with_her_numbers(doors, amaras):
    assert doors.young.post("/in", {"words": amaras.digits, "pin": amaras.pin}).status == 303


def test_amara_comes_in_with_her_link_which_the_script_put_in_the_form(doors, amaras):
    token = amaras.link.rpartition("#")[2]
    assert doors.young.post("/in", {"token": token, "words": "", "pin": amaras.pin}).status == 303


def test_without_a_script_the_whole_link_can_be_pasted(doors, amaras):
    assert doors.young.post("/in", {"words": amaras.link, "pin": amaras.pin}).status == 303


def test_typed_words_count_more_than_an_old_link(doors, amaras):
    answer = doors.young.post("/in", {"token": "0" * 32, "words": amaras.words, "pin": amaras.pin})
    assert answer.status == 303


def test_a_pin_may_be_typed_with_a_gap(doors, amaras):
    pin = f"{amaras.pin[:3]} {amaras.pin[3:]}"
    assert doors.young.post("/in", {"words": amaras.words, "pin": pin}).status == 303


def test_ruth_comes_in_at_her_own_door_and_not_at_the_young_peoples(doors, ruths):
    """Seen red with the door left out of the look-up."""
    assert doors.young.post("/in", {"words": ruths.words, "pin": ruths.pin}).status == 422
    page = doors.family.post("/in", {"words": ruths.words, "pin": ruths.pin})
    assert (page.status, page.location) == (303, "/")


def test_opening_the_page_uses_nothing_up(doors, amaras, at_work):
    for method in ("GET", "HEAD"):
        doors.young._send(method, "/in")
    with at_work():
        row = session.scalars(select(WayIn)).one()
    assert (row.last_used_at, row.wrong_pins) == (None, 0)


def test_a_scanner_that_presses_the_button_uses_nothing_up(doors, amaras, at_work):
    doors.young.get("/in")
    for _ in range(8):
        doors.young.post("/in", {"token": amaras.link.rpartition("#")[2], "words": "", "pin": ""})
    with at_work():
        assert session.scalars(select(WayIn)).one().works


def test_a_wrong_pin_comes_back_with_the_words_still_typed_and_the_pin_gone(doors, amaras):
    page = doors.young.post("/in", {"words": amaras.words, "pin": wrong(amaras.pin)})
    assert page.status == 422
    assert page.field("words") == amaras.words
    assert page.field("pin") == ""
    assert wrong(amaras.pin) not in page.html


def test_a_refused_link_stays_in_the_form_and_offers_the_words(doors, amaras):
    token = amaras.link.rpartition("#")[2]
    page = doors.young.post("/in", {"token": token, "words": "", "pin": wrong(amaras.pin)})
    assert page.field("token") == token
    assert "Type words or numbers instead" in page.text


def test_wrong_pins_are_counted_though_the_answer_is_a_refusal(doors, amaras, at_work):
    """Seen red without `kept()`."""
    doors.young.post("/in", {"words": amaras.words, "pin": wrong(amaras.pin)})
    with at_work():
        assert session.scalars(select(WayIn)).one().wrong_pins == 1


def test_after_five_wrong_pins_the_right_one_opens_nothing_either(doors, amaras):
    for _ in range(5):
        doors.young.post("/in", {"words": amaras.words, "pin": wrong(amaras.pin)})
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 422


def _unknown(amaras, **_):
    return "zebra zero zone zoo", amaras.pin


def _wrong(amaras, **_):
    return amaras.words, wrong(amaras.pin)


def _expired(amaras, clock, **_):
    clock.forward(days=31)
    return amaras.words, amaras.pin


def _ended(amaras, cast, at_work, **_):
    with at_work():
        end_way_in(cast.amara)
    return amaras.words, amaras.pin


@pytest.mark.parametrize("refused", [_unknown, _wrong, _expired, _ended])
def test_unknown_expired_ended_and_wrong_are_answered_alike(at_door, amaras, cast, at_work, clock, refused):
    """Seen red with "It has ended" said to whoever has an ended one."""
    words, pin = refused(amaras, cast=cast, at_work=at_work, clock=clock)
    asked, other = at_door("young"), at_door("young")
    nobody = "z" * (len(words) - 2) + " z"  # as long as the other, because what was typed comes back
    page = asked.post("/in", {"words": words, "pin": pin})
    known = other.post("/in", {"words": nobody, "pin": pin})
    assert page.status == known.status == 422
    assert page.main == known.main
    assert len(page.html) == len(known.html)
    assert sorted(page.headers.keys()) == sorted(known.headers.keys())


@pytest.mark.parametrize("refused", [_unknown, _wrong, _expired, _ended])
def test_each_refusal_takes_one_slow_check_and_one_line_of_audit(
    doors, amaras, cast, at_work, clock, refused, monkeypatch
):
    words, pin = refused(amaras, cast=cast, at_work=at_work, clock=clock)
    seen: list[int] = []

    def counted(*_) -> bool:
        seen.append(1)
        return False

    monkeypatch.setattr("portal.accounts.ways_in.slow_hash.fits", counted)
    doors.young.post("/in", {"words": words, "pin": pin})
    with at_work():
        lines = session.scalars(select(AuditEvent).where(AuditEvent.act == "way_in.refused")).all()
    assert (len(seen), len(lines)) == (1, 1)


def test_another_writer_gets_through_while_the_slow_check_runs(doors, amaras, cast, at_work, monkeypatch):
    """Seen red with the way in looked up in the writing transaction."""
    check = slow_hash.fits

    def while_another_writes(secret, kept):
        with at_work():
            audit.record("test.written", object_kind="person", object_id=cast.jo)
        return check(secret, kept)

    monkeypatch.setattr("portal.accounts.ways_in.slow_hash.fits", while_another_writes)
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 303


def test_whoever_guesses_is_slowed_down_and_told_for_how_long(doors, amaras):
    for _ in range(10):
        doors.young.post("/in", {"words": "zebra zero zone zoo", "pin": "000000"})
    page = doors.young.post("/in", {"words": "zebra zero zone zoo", "pin": "000000"})
    assert page.status == 429
    assert page.headers["Retry-After"] == "300"
    assert "Nothing is locked" in page.main


def test_whoever_was_slowed_down_comes_in_five_minutes_later(doors, amaras, clock):
    tries = [doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status for _ in range(11)]
    assert tries == [303] * 10 + [429]
    clock.forward(minutes=5)
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 303


def test_a_way_in_that_does_not_exist_is_slowed_down_like_one_that_does(at_door, amaras):
    for words in (amaras.words, "zebra zero zone zoo"):
        statuses = [at_door("young").post("/in", {"words": words, "pin": "1"}).status for _ in range(11)]
        assert statuses == [422] * 10 + [429]


def test_one_who_mistypes_does_not_slow_down_another(at_door, amaras):
    for _ in range(11):
        at_door("young").post("/in", {"words": "not words of ours", "pin": "1"})
    assert at_door("young").post("/in", {"words": "other words", "pin": "1"}).status == 422


def test_one_client_that_tries_many_ways_in_is_slowed_down(at_door):
    statuses = [at_door("young").post("/in", {"words": f"word {n}", "pin": "1"}).status for n in range(61)]
    assert statuses == [422] * 60 + [429]


def test_tries_at_one_door_say_nothing_at_another_and_use_nothing_up_there(doors, amaras, ruths):
    """Behind one address: counting up to the limit, a parent would have known whether a child had tried."""
    for n in range(61):
        doors.young.post("/in", {"words": f"word {n}", "pin": "1"})
    assert doors.young.page.status == 429
    assert doors.family.post("/in", {"words": ruths.words, "pin": ruths.pin}).status == 303


def test_whoever_has_the_card_keeps_nobody_out_from_elsewhere(at_door, amaras):
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    for _ in range(11):
        at_door("young").post("/in", {"words": amaras.words, "pin": ""}, environ_overrides=elsewhere)
    assert at_door("young").post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 303


def test_a_scanner_that_only_asks_for_the_head_uses_nothing_up(doors, amaras, at_work):
    for _ in range(61):
        assert doors.young._send("HEAD", "/in").status == 200
    assert doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin}).status == 303


def test_somebody_signed_in_sees_the_same_page_and_nothing_of_theirs(doors, at_door, cast):
    doors.young.sign_in_as(cast.amara)
    assert doors.young.get("/in").main == at_door("young").get("/in").main


def test_coming_in_again_ends_the_earlier_sign_in_of_this_browser(doors, amaras, at_work):
    for _ in range(2):
        doors.young.post("/in", {"words": amaras.words, "pin": amaras.pin})
    assert signed_in(at_work) == 1


def test_the_form_asks_no_browser_to_remember_anything(doors):
    page = doors.young.get("/in")
    fields = [e for e in page.tree.iter("input") if e.get("type") != "hidden"]
    assert [e.get("autocomplete") for e in fields] == ["off", "off"]
    assert not [e for e in fields if e.get("type") == "password"]


def test_the_help_numbers_are_one_tap_away(doors):
    links = [e.get("href") for e in doors.young.get("/in").tree.iter("a")]
    assert "/help" in links


def test_the_page_names_nobody_and_nothing_that_tells(doors, cast):
    for door in (doors.young, doors.family):
        text = door.get("/in").html.casefold()
        for telling in (
            "manchester",
            "council",
            "safeguard",
            "missing",
            "police",
            "interview",
            "social",
            "rowan",
        ):
            assert telling not in text


def test_the_page_loads_no_htmx(doors):
    assert "htmx" not in doors.young.get("/in").html


def _bytes_of(browser, address):
    with browser.client.get(
        address, base_url=browser.file.origin(browser.door), headers={"Accept-Encoding": "gzip"}
    ) as answer:
        return len(answer.data) + len(str(answer.headers))


@pytest.mark.parametrize("door", ["young", "family"])
@pytest.mark.parametrize("language", ["en_GB", "eo", "dv"])
def test_the_page_costs_a_phone_less_than_seven_thousand_bytes_to_paint(at_door, door, language):
    def cold():
        browser = at_door(door)
        browser.client.set_cookie("l", language, domain=browser.file.host(door))
        return browser

    page = cold().get("/in")
    files = list(page.tree.iter("script", "link"))
    later = [e for e in files if e.get("defer") is not None or e.get("media") == "print"]
    sizes = {e: _bytes_of(cold(), e.get("src") or e.get("href")) for e in files}
    html = _bytes_of(cold(), "/in")
    assert html + sum(sizes[e] for e in files if e not in later) < 7000
    assert html + sum(sizes.values()) < 9000


def test_a_language_is_chosen_by_a_button_and_lasts_as_long_as_the_browser(doors):
    doors.young.get("/in")
    page = doors.young.post("/language", {"l": "dv", "token": ""})
    assert (page.status, page.location) == (303, "/in")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("l=dv;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert doors.young.follow(page).tree.getroot().get("dir") == "rtl"


def test_the_languages_on_offer_are_the_others(doors):
    values = [e.get("value") for e in doors.young.get("/in").tree.iter("button") if e.get("name") == "l"]
    assert values == ["eo", "dv"]


def test_choosing_a_language_loses_no_link(doors, amaras):
    token = amaras.link.rpartition("#")[2]
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "eo", "token": token}).location == f"/in#{token}"


@pytest.mark.parametrize("token", ["//elsewhere.example", "x\r\nSet-Cookie: a=b", "0" * 31])
def test_choosing_a_language_sends_nobody_elsewhere(doors, token):
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "eo", "token": token}).location == "/in"


def test_a_language_that_the_hub_does_not_offer_is_not_found(doors):
    doors.young.get("/in")
    assert doors.young.post("/language", {"l": "xx"}).status == 404
