"""The order of the record is the hub's own, and nothing is left out of it."""

from datetime import date
from types import SimpleNamespace

import pytest

from portal.config import RECORD_PARTS, HubFile, SettingsError, read_hub
from portal.db import session
from portal.episodes.models import InterviewTask
from portal.questionnaires import bank
from portal.questionnaires.models import Given
from portal.returns import copy_order, record
from portal.returns.conversation import Police
from portal.returns.write_up import ADDS, WriteUp
from tests.conftest import HUB
from tests.factories import a_conversation, a_voice

OWN = """
[[record_order]]
heading = "B. Push and pull"
holds = ["before", "help"]
[[record_order]]
heading = "A. Details"
holds = ["missing", "young person"]
"""


def _file(folder, text):
    path = folder / "hub.toml"
    path.write_text((HUB + text).replace("{folder}", str(folder)))
    return read_hub(path)


def test_every_part_stands_under_one_heading_of_our_own_order():
    held = [part for one in copy_order._DEFAULT for part in one.holds]
    assert sorted(held) == sorted(RECORD_PARTS)


def test_what_a_hubs_order_forgets_stands_under_a_last_heading(tmp_path, monkeypatch):
    file: HubFile = _file(tmp_path, OWN)
    monkeypatch.setattr(copy_order, "current_hub", lambda: SimpleNamespace(file=file))
    found = copy_order.headings()
    assert [one.heading for one in found] == ["B. Push and pull", "A. Details", "Anything else"]
    assert sorted(part for one in found for part in one.holds) == sorted(RECORD_PARTS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace('"help"', '"weather"'), "'weather'"),
        (OWN.replace('"help"', '"missing"'), "each part under one heading"),
        (OWN.replace('["before", "help"]', "[]"), "holds"),
    ],
)
def test_an_order_that_cannot_be_stops_the_start(text, says, tmp_path):
    with pytest.raises(SettingsError, match=says):
        _file(tmp_path, text)


def test_every_question_of_every_form_of_a_young_person_has_its_place():
    names = {
        name for kind in ("quick", "again", "whole") if _is_there(kind) for name in bank.get(kind).by_name
    }
    assert names <= copy_order._PART_OF.keys()


def _is_there(kind):
    try:
        return bool(bank.get(kind))
    except KeyError:
        return False


def test_everything_that_was_said_and_entered_stands_in_the_record(at_work, cast, waiting_return):
    """Nobody types twice: each of these was typed once, on another page."""
    with at_work():
        form = a_voice(
            cast.amara, {"going-on": Given(("home",), "TYPED-IN-FORM"), "would-help": Given((), "TYPED-HELP")}
        )
        form.note("TYPED-NOTE", cast.sam)
        task = session.get_one(InterviewTask, waiting_return)
        task.log(cast.sam, "phone", "offered")
        held = a_conversation(cast.amara, cast.sam, task, told="TYPED-TOLD")
        held.place, held.present = "TYPED-PLACE", "TYPED-PRESENT"
        first = WriteUp.write(held, {"before": "TYPED-FIRST"}, cast.sam)
        first.say_meant(ADDS, "TYPED-MEANT", "together", cast.sam)
        WriteUp.write(held, {"before": "TYPED-SECOND", "harm": "TYPED-HARM"}, cast.sam)
        held.agree("TYPED-ACTION", "TYPED-OWNER", date(2026, 12, 1), cast.sam)
        held.decide_police(Police(True, "TYPED-WHAT", "TYPED-WHY", "court", True, "TYPED-SO"), cast.sam)
        form.answer("TYPED-ANSWER", cast.sam)
        text = record.as_text("", record.fields_of(held.voice()))
        assert text == record.as_text("", record.fields_of(form))
    typed = ("IN-FORM", "HELP", "NOTE", "TOLD", "PLACE", "PRESENT", "FIRST", "MEANT", "SECOND", "HARM", "ACTION",
             "OWNER", "WHAT", "WHY", "SO", "ANSWER")  # fmt: skip
    assert [word for word in typed if f"TYPED-{word}" not in text] == []
    assert text.count("TYPED-TOLD") == 1
    assert "Offered, they will think about it" in text
    assert "Went missing: " in text
