"""`/in` refused: one refusal for every cause, counted, and whoever guesses is slowed down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import audit
from portal.accounts import slow_hash
from portal.accounts.ways_in import WayIn, end_way_in
from portal.audit import AuditEvent
from portal.db import session
from tests.accounts.conftest import wrong


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


def test_one_client_that_tries_many_ways_in_is_slowed_down(at_door, monkeypatch):
    monkeypatch.setattr(slow_hash, "IN_HAND", 100.0)  # however fast this machine is, it is no flood
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
