"""The whole way, from the four words to "sent", goes in a text browser, which ticks the first mark of each by itself.

lynx in a terminal, on the real web server. A young person comes in by words and PIN, says that they are safe, agrees,
skips the first question, ticks, writes, looks at it and sends. What the browser had ticked for them on the question
they skipped is not kept as their answer. Seen red with "Skip this" saving what was ticked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from portal.access import YOUNG
from portal.accounts.models import Person, allocate
from portal.accounts.ways_in import NewWayIn, give
from portal.app import create_app
from portal.config import Hub, HubFile
from portal.db import session, step
from portal.questionnaires.models import SENT, Submission
from tests.factories import a_return
from tests.proofs.ground import settings_in
from tests.proofs.kill import a_place, close
from tests.proofs.processes import programs
from tests.proofs.text_browser import TextBrowser

WROTE = "somebody to talk to"


def _entered(file: HubFile, folder: Path) -> tuple[UUID, NewWayIn]:
    """A young person who came back, with a worker who took their return, and their way in."""
    create_app(**settings_in(folder))
    with step(Hub(file)):
        worker = Person.enter("staff", "Sam Okoro", roles=("worker",), email="sam@hub.example")
        child = Person.enter("child", "Amara Obi", roles=("young person",), living="home")
        allocate(child.id, worker.id)
        a_return(child.id).take(worker.id)
        found = child.id, give(child.id, worker.id)
    close(file)
    return found


def _walk(phone: TextBrowser, way: NewWayIn) -> int:
    """Go the whole way; how many times something was pressed."""
    pressed = 0

    def press(*all_of_these: str, then: str) -> None:
        nonlocal pressed
        for one in all_of_these:
            phone.presses(one)
            pressed += 1
        phone.sees(then)

    phone.sees("Come in")
    phone.writes("Your four words", way.words)
    phone.writes("Your PIN", way.pin)
    press("Go in", then="Are you safe right now?")
    press("Yes", then="Is it OK to do this now?")
    press("Yes", then="Before you start: the deal")
    press("I know the deal", then="if your phone dies?")
    press("No", then="How much do you want to say?")
    press("The short one", then="How are you right now?")
    press("Skip this", then="Was it missing, as you see it?")
    press("I was just out", "Go on", then="What was going on?")
    press("Home", "I needed space", "Go on", then="Did anything bad happen?")
    press("None of these", "Go on", then="What would help?")
    phone.writes("Big or small", WROTE)
    press("Go on", then="How shall we tell you what happens?")
    press("Here on these pages", "Go on", then="Look at it before it goes")
    phone.sees(WROTE)
    press("Send to Sam", then="You sent it to Sam.")
    return pressed


def _check(file: HubFile, folder: Path, child_id: UUID) -> str:
    create_app(**settings_in(folder))
    with step(Hub(file)):
        sent = session.scalars(select(Submission).where(Submission.person_id == child_id)).one()
        answers = sent.answers()
        assert sent.state == SENT
        assert answers["now"].skipped, f"the browser's own mark became an answer: {answers['now'].given}"
        assert answers["going-on"].given.choices == ("home", "space"), answers["going-on"].given
        assert answers["would-help"].given.words == WROTE
    close(file)
    return f"{len(answers)} answers arrived as they were given; the skipped one stayed empty"


def prove() -> Iterator[str]:
    """Walk once; how many presses it took, and what arrived."""
    with a_place(None) as (folder, file, port), programs(folder, port) as running:
        child_id, way = _entered(file, folder)
        running.start("serve")
        running.wait_until_served()
        with TextBrowser(file.origin(YOUNG) + "/in", port) as phone:
            yield f"from the four words to the receipt in {_walk(phone, way)} presses"
        running.stop()
        yield _check(file, folder, child_id)
