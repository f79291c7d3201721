"""Rules that a hub adds to those that every hub has; it takes none away."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.alerts.models import Alert, raise_alert
from portal.config import SettingsError, read_hub
from portal.db import session
from portal.outbox import OutboxMessage
from portal.returns import own_flags
from tests.conftest import HUB, write_hub
from tests.returns.conftest import BAD

OWN = """
[[flags]]
rule = "met online"
title = "Something online"
said = "“Something online”, at “What was going on?”"
question = "going-on"
choices = ["online"]
tells = "worker and duty"
within = "1 hour"
"""
GOING_ON = {"screen": "going-on", "go": "on"}


@pytest.fixture
def hub_file(hub_folder):
    """The hub, with a rule of its own."""
    path = hub_folder / "hubs" / "testhub.toml"
    path.write_text(path.read_text() + OWN)
    return read_hub(path)


@pytest.fixture
def staff(at_door):
    """`staff(person)`: a worker's browser, signed in."""
    return lambda person_id: at_door("staff").sign_in_as(person_id)


@pytest.fixture
def ticks(amara):
    """`ticks("online")`: what Amara is shown after she ticked it."""

    def press(tick):
        amara.begins()
        amara.comes_to("What was going on?")
        return amara.presses(go="on", answer=tick).main

    return press


def test_a_tick_of_the_hubs_own_rule_raises_it_and_tells_whom_the_rule_tells(ticks, rules, at_work, cast):
    """Seen red where the journey asked only the flags of the choices."""
    ticks("online")
    assert rules() == ["met online"]
    with at_work():
        assert set(session.scalars(select(OutboxMessage.recipient_id))) == {cast.sam, cast.dee}


def test_she_is_thanked_and_sees_numbers_as_after_any_flag(ticks):
    page = ticks("online")
    assert page.index("0800 1111") < page.index("Thank you for telling us.")


def test_another_tick_of_that_question_raises_nothing(ticks, rules):
    ticks("home")
    assert rules() == []


def test_every_hubs_own_rules_stay_beside_it(amara, rules):
    amara.begins()
    amara.comes_to(BAD)
    amara.presses(go="on", answer="hurt")
    assert rules() == ["hurt"]


def test_the_alert_shows_the_tick_and_the_hubs_title(ticks, staff, at_work, cast):
    ticks("online")
    with at_work():
        alert_id = session.scalars(select(Alert.id)).one()
    main = staff(cast.sam).get(f"/alerts/{alert_id}").main
    assert "Something online" in main
    assert "What was going on?" in main


def test_the_page_of_rules_names_it(staff, cast):
    assert "“Something online”, at “What was going on?”" in staff(cast.priya).get("/alerts/rules").main


def test_an_alert_of_a_rule_that_the_hub_took_out_since_still_stands_in_the_list(at_work, staff, cast):
    with at_work():
        raise_alert(cast.amara, "old rule", source_kind="answer", source_id=uuid4(), key="then")
    page = staff(cast.sam).get("/alerts")
    assert "Old rule" in page.main


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace('"met online"', '"hurt"'), "testhub: flags: hurt: is a rule that every hub has"),
        (OWN.replace('"going-on"', '"weather"'), "'weather' is no question with something to tick"),
        (OWN.replace('["online"]', '["offline"]'), "'offline' cannot be ticked there"),
        (OWN.replace('"going-on"', '"anything-bad"').replace('"online"]', '"hurt"]'), "'hurt' raises 'hurt' already"),
        (OWN + OWN, "flags must give each rule once"),
        (OWN.replace('["online"]', "[]"), "choices"),
        (OWN.replace('"1 hour"', '"next week"'), "within"),
        (OWN.replace('"worker and duty"', '"manager"'), "tells"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_be_raised_stops_the_start(text, says, hub_folder):
    with pytest.raises(SettingsError, match=says):
        own_flags.check(write_hub(hub_folder, HUB + text))
