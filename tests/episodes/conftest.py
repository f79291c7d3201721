"""What the tests of lists and returns share: a list brought and worked out, a return, previews without a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest

from portal import crypto
from portal.accounts.models import Person
from portal.config import Hub
from portal.db import engines_of, session
from portal.episodes import preview
from portal.episodes.episode import Episode
from portal.episodes.imports import ListImport
from portal.episodes.models import InterviewTask
from tests.statements import statements_of

LISTS = Path(__file__).parent / "lists"
HEADINGS = "Incident No,Surname,Forename(s),DOB,Living situation,Missing date,Missing time,Returned date,Returned time\n"


def a_list(*rows: str) -> bytes:
    """A list with the usual headings."""
    return (HEADINGS + "".join(f"{row}\n" for row in rows)).encode()


AMARA = "MFH1,Obi,Amara,04/03/2011,Home,20/11/2026,18:00,21/11/2026,09:00"


def many_rows(number: int) -> Iterator[str]:
    """Rows of as many young people, no two of them alike."""
    surnames = [
        f"{first}{second}"
        for first in ("Ab", "Be", "Co", "Du", "Ek")
        for second in ("lin", "ram", "sted", "ton")
    ]
    for n in range(number):
        born = f"{n % 28 + 1:02}/{n // 28 % 12 + 1:02}/{2010 + n // 336 % 6}"
        yield f"N{n},{surnames[n % 20]},{['Kim', 'Lou', 'Max', 'Noa', 'Ola', 'Pat'][n % 6]}{n},{born},Home,18/11/2026,13:00,,"


@pytest.fixture
def bring(hub_file, clock, at_work, app):
    """`bring(content)`: a list brought and worked out; its id."""

    def _bring(content: bytes, by: UUID | None = None) -> UUID:
        with at_work():
            import_id = ListImport.bring(content, "list.csv", by).id
        preview.work_out(Hub(hub_file, clock=clock, actor=by), import_id)
        return import_id

    return _bring


@pytest.fixture
def take(hub_file, clock, at_work):
    """`take(import_id)`: everything in it that can be taken."""

    def _take(import_id: UUID) -> None:
        with at_work():
            session.get_one(ListImport, import_id).take()
        preview.take_all(Hub(hub_file, clock=clock), import_id)

    return _take


@pytest.fixture
def a_return(at_work, clock, cast):
    """`a_return(of=cast.amara)`: somebody came back; the id of the interview that is proposed."""

    def _a_return(of: UUID | None = None, *, hours_ago: float = 24, living: str = "home") -> UUID:
        with at_work():
            back = clock() - timedelta(hours=hours_ago)
            child = session.get_one(Person, of or cast.amara)
            episode = Episode.enter(
                child,
                number="MFH7",
                missing_at=back - timedelta(hours=8),
                returned_at=back,
                living=living,
                details={},
            )
            assert episode.task_id is not None
            return episode.task_id

    return _a_return


@pytest.fixture
def many(at_work, clock):
    """`many(60)`: so many returns of as many young people."""

    def _many(number):
        with at_work():
            for n in range(number):
                child = Person.enter("child", f"Child {n:03}", roles=("young person",), living="home")
                Episode.enter(
                    child, number=f"N{n}", missing_at=clock(), returned_at=clock(), living="home", details={}
                )
            clock.forward(minutes=1)

    return _many


@pytest.fixture
def task_of(at_work):
    """`task_of(task_id)`: the interview as it stands."""

    def _task_of(task_id: UUID) -> InterviewTask:
        with at_work():
            return session.get_one(InterviewTask, task_id)

    return _task_of


@pytest.fixture
def started(monkeypatch):
    """Which lists a process was started for; none is started."""
    lists: list[UUID] = []
    monkeypatch.setattr(preview, "start", lambda file, settings, import_id, now: lists.append(import_id))
    return lists


@pytest.fixture
def statements(hub_file, app):
    """`with statements() as seen:` every statement that reaches the hub's database meanwhile."""
    return lambda: statements_of(*engines_of(hub_file))


@pytest.fixture
def key_lookups(hub_file, clock, app):
    """`with key_lookups() as seen:` every statement that reaches the store of keys, of which none is open yet."""

    def _key_lookups():
        with Hub(hub_file, clock=clock).entered():
            ring = crypto.ring()
        ring._open.clear()
        return statements_of(ring.engine)

    return _key_lookups


def both_at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of acts that began at the same moment, each in a thread of its own."""
    ready = Barrier(len(acts))
    came: list[Any] = []

    def one(act: Callable[[], Any]) -> None:
        ready.wait()
        came.append(act())

    threads = [Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came


@pytest.fixture
def task_in(at_work):
    """`with at_work(): task_in(task_id)`: the interview in the step under way."""
    return lambda task_id: session.get_one(InterviewTask, task_id)
