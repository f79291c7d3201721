"""What the tests of lists and returns share: a list brought and worked out, a return, previews without a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event

from portal.accounts.models import Person
from portal.config import Hub
from portal.db import engine_of, session
from portal.episodes import preview
from portal.episodes.imports import ListImport
from portal.episodes.models import Episode, InterviewTask

LISTS = Path(__file__).parent / "lists"
HEADINGS = "Incident No,Surname,Forename(s),DOB,Living situation,Missing date,Missing time,Returned date,Returned time\n"


def a_list(*rows: str) -> bytes:
    """A list with the usual headings."""
    return (HEADINGS + "".join(f"{row}\n" for row in rows)).encode()


AMARA = "MFH1,Obi,Amara,04/03/2011,Home,20/11/2026,18:00,21/11/2026,09:00"


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

    @contextmanager
    def _statements() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(connection, cursor, statement, *_):
            if statement.split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                seen.append(statement)

        event.listen(engine_of(hub_file), "before_cursor_execute", note)
        yield seen
        event.remove(engine_of(hub_file), "before_cursor_execute", note)

    return _statements
