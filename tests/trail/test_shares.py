"""Wishes, and who gets what somebody said: as they wish, or because it must be."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.audit import AuditEvent
from portal.crypto import Sealed
from portal.db import session
from portal.trail import shares
from portal.trail.models import Voice
from portal.trail.shares import AgainstWish, TrailShare
from portal.trail.way import on_a_phone, way_of


@pytest.fixture
def said(at_work, cast):
    """The id of something that Amara said."""
    with at_work():
        return Voice.say(cast.amara, "return", uuid4(), tell_how="here").id


def get(said):
    return session.get_one(Voice, said)


def test_until_she_says_otherwise_she_is_asked_first(at_work, said):
    with at_work():
        assert {shares.wish_of(get(said), whom) for whom in shares.WHOM} == {"ask first"}


def test_the_last_wish_stands_and_the_earlier_one_stays(at_work, said, clock):
    for wish in ("ok", "only worker"):
        clock.forward(hours=1)
        with at_work():
            shares.wish(get(said), "panel", wish)
    with at_work():
        assert shares.wishes_of(get(said)) == {"panel": "only worker"}
        assert [row.wish for row in shares.said_wishes(said)] == ["ok", "only worker"]


def test_a_wish_about_one_is_none_about_another(at_work, said):
    with at_work():
        shares.wish(get(said), "panel", "ok")
        assert shares.wish_of(get(said), "school") == "ask first"


def test_the_same_wish_twice_is_said_once(at_work, said):
    with at_work():
        first, second = (shares.wish(get(said), "panel", "ok").id for _ in range(2))
    assert first == second


def test_of_two_at_one_instant_the_later_stands(at_work, said):
    with at_work():
        for wish in ("ok", "only worker"):
            shares.wish(get(said), "panel", wish)
        assert shares.wish_of(get(said), "panel") == "only worker"


@pytest.mark.parametrize(("whom", "wish"), [("neighbour", "ok"), ("panel", "whatever")])
def test_there_are_no_others(at_work, said, whom, wish):
    with at_work(), pytest.raises(ValueError, match="No wish"):
        shares.wish(get(said), whom, wish)


@pytest.mark.parametrize("wish", [None, "only worker", "ask first"])
def test_nothing_is_shared_against_a_wish(at_work, cast, said, wish):
    """Without the look at the wish in `share` this is red."""
    with at_work():
        if wish:
            shares.wish(get(said), "school", wish)
        with pytest.raises(AgainstWish):
            shares.share(get(said), "school", cast.sam, "They asked for it.")


def test_what_is_ok_is_shared_with_its_reason(at_work, cast, said):
    with at_work():
        shares.wish(get(said), "panel", "ok")
        shares.share(get(said), "panel", cast.sam, "For Thursday's meeting.")
    with at_work():
        (made,) = shares.shares_of(said)
        assert (made.whom, made.by_id, made.reason, made.must) == (
            "panel",
            cast.sam,
            "For Thursday's meeting.",
            None,
        )


def test_whoever_shares_it_has_read_it(at_work, cast, said, clock):
    with at_work():
        shares.wish(get(said), "panel", "ok")
        shares.share(get(said), "panel", cast.sam, "For Thursday.")
        assert get(said).read_at == clock()


def test_what_must_be_shared_is_whatever_was_wished(at_work, cast, said):
    with at_work():
        shares.wish(get(said), "police", "only worker")
        made = shares.must_share(get(said), "police", cast.sam, "badly hurt", True, words="The address.")
        assert (made.must, made.wish, made.reason) == ("badly hurt", "only worker", "The address.")


def test_only_one_of_the_three_things_is_a_reason(at_work, cast, said):
    with at_work(), pytest.raises(ValueError, match="three things"):
        shares.must_share(get(said), "police", cast.sam, "it seemed useful", True)


def test_whoever_was_not_told_first_is_told_later(at_work, cast, said, clock):
    with at_work():
        shares.must_share(get(said), "health", cast.sam, "court", False, not_told_because="No time.")
    clock.forward(hours=2)
    with at_work():
        (made,) = shares.shares_of(said)
        assert made.told_child_at is None
        made.tell_child(cast.sam)
        assert made.told_child_at == clock()


def test_a_form_sent_twice_shares_once(at_work, cast, said):
    key = uuid4()
    with at_work():
        shares.wish(get(said), "panel", "ok")
        for _ in range(2):
            shares.share(get(said), "panel", cast.sam, "For Thursday.", key)
        assert len(shares.shares_of(said)) == 1


def test_the_question_on_a_phone_waits_and_is_answered_once(at_work, cast, said):
    with at_work():
        asked = shares.ask(get(said), "panel", cast.sam)
        assert shares.wish_of(get(said), "panel") == "ask first"
        assert shares.wish(get(said), "panel", "ok").id == asked.id


def test_asked_again_what_was_ok_is_not_until_it_is_said_again(at_work, cast, said):
    with at_work():
        shares.wish(get(said), "panel", "ok")
        shares.ask(get(said), "panel", cast.sam)
        assert shares.wish_of(get(said), "panel") == "ok"


def test_nobody_is_asked_about_the_police_on_a_phone(at_work, cast, said):
    with at_work(), pytest.raises(ValueError, match="phone"):
        shares.ask(get(said), "police", cast.sam)


def test_reasons_lie_sealed(at_work, cast, said):
    with at_work():
        shares.must_share(get(said), "health", cast.sam, "court", False, words="What", not_told_because="Why")
    with at_work():
        columns = (TrailShare.must, TrailShare.reason, TrailShare.not_told_because)
        assert all(isinstance(one, Sealed) for one in session.execute(select(*columns)).one())


def test_each_is_on_the_trail_without_a_word_of_it(at_work, cast, said):
    with at_work():
        shares.wish(get(said), "panel", "ok")
        shares.share(get(said), "panel", cast.sam, "For Thursday's meeting.")
    with at_work():
        acts = ("voice.wished", "voice.shared")
        found = session.execute(select(AuditEvent.act, AuditEvent.detail).where(AuditEvent.act.in_(acts)))
        noted = {row.act: row.detail for row in found}
    assert set(noted) == set(acts)
    assert "Thursday" not in str(noted)


def test_what_was_shared_and_names_the_police_is_told_in_person(at_work, cast, said):
    """Seen red with the look at whom it went to alone: a private phone showed it, and so did the paper."""
    with at_work():
        shares.wish(get(said), "school", "ok")
        for reason in ("For the school call.", "That the police came twice."):
            shares.share(get(said), "school", cast.sam, reason)
        kept = {one.reason: one.in_person_only for one in shares.shares_of(said)}
        assert kept == {"For the school call.": False, "That the police came twice.": True}
        lines = on_a_phone(way_of(get(said)))
        assert [line.words for line in lines if line.kind == "shared"] == ["For the school call."]
