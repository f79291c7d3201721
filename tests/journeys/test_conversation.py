"""A return conversation on Sam's screen and on Amara's phone: every page small and wide, and nothing typed twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from portal.config import current_hub
from portal.db import session
from portal.questionnaires.models import Given
from portal.returns.conversation import Conversation, Police
from portal.returns.write_up import WriteUp
from tests.factories import a_conversation, a_return, a_voice, a_write_up
from tests.journeys.people import faults_of

LONG = "https://example.org/" + "averylongword" * 12


@pytest.fixture
def held(live, everybody):
    """The ids of a conversation with something at each page: its interview, its voice, its write-up."""
    with live.ground.at_work():
        task = a_return(everybody.amara)
        task.take(everybody.sam)
        form = a_voice(everybody.amara, {"going-on": Given(("home",), f"i needed out {LONG}")})
        form.language = "ar"
        found = a_conversation(everybody.amara, everybody.sam, task)
        found.agree(f"Ring nan {LONG}", "Sam", date(2099, 1, 1), everybody.sam)
        found.decide_police(Police(True, LONG, "why", "child hurt", False, "not yet"), everybody.sam)
        first = WriteUp.write(found, {"before": "Home felt loud.", "harm": LONG}, everybody.sam)
        first.say_meant("corrects", "not loud. MEAN", "together", everybody.sam)
        version = a_write_up(found, everybody.sam, "Home felt mean.")
        return {"task": task.id, "voice": found.voice().id, "form": form.id, "write-up": version.id}


def _staff_pages(held: dict[str, UUID]) -> list[str]:
    task = f"/returns/{held['task']}"
    return [
        f"{task}/conversation", f"{task}/write-up", f"{task}/actions", f"{task}/police",
        f"/voices/{held['voice']}/copy", f"/voices/{held['form']}/translation", f"/voices/{held['voice']}",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(320, 560), (320, 256), (1280, 800)], ids=str)
def test_sams_pages_fit_and_axe_finds_nothing(size, held, at_desk):
    sam = at_desk("sam", viewport={"width": size[0], "height": size[1]})
    wrong = []
    for place in _staff_pages(held):
        sam.opens(place)
        if sam.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{place} scrolls sideways")
        wrong += [f"{place}: {fault}" for fault in faults_of(sam.page)]
    assert wrong == []


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, {"viewport": {"width": 320, "height": 560}}], ids=str
)
def test_amara_puts_right_what_was_written(options, held, live, everybody, at_phone):
    amara = at_phone(**options)
    amara.opens("/")
    amara.page.get_by_role("button", name="Look at what was written down").click()
    assert "Home felt mean." in amara.page.inner_text("main")
    assert amara.page.title() == "Notes"
    amara.page.get_by_label("Do you want to add something").fill("mean AND loud \U0001f621")
    amara.page.get_by_role("button", name="Put this right").click()
    assert "That's saved." in amara.page.inner_text("main")
    amara.page.go_back()
    assert "Home felt mean." not in amara.page.content()
    with live.ground.at_work():
        said = [one.words for one in session.get_one(WriteUp, held["write-up"]).meant()]
    assert said == ["mean AND loud \U0001f621"]


def test_from_the_conversation_to_the_record_nothing_is_typed_twice(live, everybody, waiting, at_desk):
    sam = at_desk("sam")
    sam.opens("/returns")
    sam.page.get_by_role("link", name="Amara Obi").first.click()
    sam.page.get_by_role("link", name="Write down the conversation").click()
    with live.ground.at_work():
        now = current_hub().now()
    sam.page.get_by_label("On which day").fill(f"{now:%Y-%m-%d}")
    sam.page.get_by_label("At what time it began").fill("00:00")
    sam.page.get_by_label("Where", exact=True).fill("The library")
    sam.page.get_by_label("Who was there").fill("Amara and me")
    for group in ("Whose choice was it who talked", "Whose choice was the place"):
        sam.page.get_by_role("group", name=group).get_by_label("The young person's").check()
    sam.page.get_by_label("No, we had a language in common").check()
    sam.page.get_by_label("Before: what was going on").check()
    sam.page.get_by_label("What did you tell the young person?").fill("I ask your nan.")
    sam.page.get_by_role("button", name="Keep it, and write up").click()
    sam.page.get_by_label("Before: what was going on").fill("Home felt loud.")
    sam.page.get_by_role("button", name="Keep the write-up").click()
    sam.page.get_by_role("link", name="For the case record").click()
    whole = sam.page.inner_text("main")
    assert [
        word
        for word in ("The library", "Amara and me", "I ask your nan.", "Home felt loud.")
        if word not in whole
    ] == []
    with live.ground.at_work():
        assert session.query(Conversation).count() == 1
