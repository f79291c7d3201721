"""Amara at the young people's door, Ruth and Carol at the families', and what the tests of their ways look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import Person
from portal.alerts.models import Alert
from portal.config import Hub, HubFile, current_hub
from portal.db import session
from portal.episodes.episode import Episode
from portal.episodes.models import InterviewTask
from portal.questionnaires.models import Answer, Submission
from tests.browsing import Browser, Page
from tests.cast import Cast
from tests.factories import a_return, safe_home
from tests.returns.at_home import AtHome
from tests.statements import before_each

BAD = "Did anything bad happen?"
HELP = "What would help?"
TELL = "How shall we tell you what happens?"
CHECK = "Look at it before it goes"

AtWork = Callable[[], AbstractContextManager[Hub]]


class Child:
    """A young person with a phone: each method is one press, and follows where it leads."""

    def __init__(self, phone: Browser) -> None:
        self.phone = phone

    @property
    def page(self) -> Page:
        """What the phone shows."""
        assert self.phone.page is not None
        return self.phone.page

    def opens(self, path: str) -> Page:
        """Open an address and follow where it leads."""
        page = self.phone.get(path)
        return self.phone.follow(page) if page.status == 303 else page

    def presses(self, path: str = "/side", **said: Any) -> Page:
        """Press a button of the form on the screen."""
        fields = {
            e.get("name"): e.get("value") for e in self.page.tree.iter("input") if e.get("type") == "hidden"
        }
        page = self.phone.post(path, fields | said)
        return self.phone.follow(page) if page.status == 303 else page

    def begins(self, form: str = "quick") -> Page:
        """Go as far as the first question of a form."""
        self.opens("/side")
        self.presses(go="now")
        self.presses(go="on")
        self.presses(go="yes")
        return self.presses(go=form)

    def comes_to(self, words: str) -> Page:
        """Skip on from the first question until the page asks *words*."""
        for _ in range(40):
            if words in self.page.main:
                return self.page
            self.presses(go="skip")
        raise AssertionError(f"never came to {words!r}: {self.page.main}")

    def sends_everything(self) -> Page:
        """Begin, skip every question, and send."""
        self.begins()
        self.comes_to(CHECK)
        return self.presses(go="send")


@pytest.fixture
def amara(doors: Any, cast: Cast) -> Child:
    return Child(doors.young.sign_in_as(cast.amara))


@pytest.fixture
def again(at_door: Any, cast: Cast) -> Callable[[], Child]:
    """`again()`: Amara in another sitting, on another phone."""
    return lambda: Child(at_door("young").sign_in_as(cast.amara))


@pytest.fixture
def rules(at_work: AtWork) -> Callable[[], list[str]]:
    """`rules()`: the rules of all alerts so far, in their order."""

    def look() -> list[str]:
        with at_work():
            return list(session.scalars(select(Alert.rule).order_by(Alert.raised_at)))

    return look


@pytest.fixture
def answers(at_work: AtWork) -> Callable[[], dict[str, tuple[tuple[str, ...], str]]]:
    """`answers()`: what is saved, by question: the ticks and the words."""

    def look() -> dict[str, tuple[tuple[str, ...], str]]:
        with at_work():
            return {a.question: (a.given.choices, a.given.words) for a in session.scalars(select(Answer))}

    return look


@pytest.fixture
def submissions(at_work: AtWork) -> Callable[[], list[Submission]]:
    """`submissions()`: everything begun or sent so far, the first one first."""

    def look() -> list[Submission]:
        with at_work():
            return list(session.scalars(select(Submission).order_by(Submission.created_at)))

    return look


@pytest.fixture
def no_message_can_be_put(hub_file: HubFile) -> Iterator[None]:
    """The database refuses every message for the outbox, as if that table had just broken."""

    def refuse(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("INSERT INTO outbox_message"):
            raise OperationalError(statement, None, Exception("broken"))

    with before_each(hub_file, refuse):
        yield


@pytest.fixture
def waiting_return(at_work: AtWork, cast: Cast) -> UUID:
    """A return of Amara's that Sam has taken; the id of its interview."""
    with at_work():
        now = current_hub().now()
        amara = session.get_one(Person, cast.amara)
        episode = Episode.enter(
            amara, number="1", missing_at=now - timedelta(days=2), returned_at=now - timedelta(days=1),
            living="home", details={},
        )  # fmt: skip
        assert episode.task_id is not None
        session.get_one(InterviewTask, episode.task_id).take(cast.sam)
        return episode.task_id


@pytest.fixture
def home(at_work, at_door, cast):
    """`home(adult, child, kind)`: contacting them is safe, the child came back a day ago, and they sit at their door."""

    def sit(adult=cast.ruth, child=cast.amara, kind="parent", hours_ago=24.0, by=cast.sam):
        with at_work():
            link = safe_home(adult, child, by, kind)
            task = a_return(child, hours_ago=hours_ago)
            episode = session.scalars(select(Episode).where(Episode.task_id == task.id)).one()
            ids = SimpleNamespace(link=link.id, episode=episode.id)
        made = AtHome(lambda: at_door("family").sign_in_as(adult), ids.link)
        made.episode = ids.episode
        return made

    return sit


@pytest.fixture
def ruth(home):
    return home()


@pytest.fixture
def carol(home, cast):
    return home(cast.carol, cast.amara, "residential")
