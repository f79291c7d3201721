"""The whole year in a database: its totals, asked of the tables themselves."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import distinct, func, select

from portal import audit, crypto, db, migrations
from portal.accounts.models import Person
from portal.config import Hub, HubFile, current_hub
from portal.demonstration import past_year
from portal.demonstration.bulk import MOST_ROWS, Bulk
from portal.demonstration.folder import settings_in, write_files
from portal.demonstration.year import SHORT, WHOLE, Year
from portal.episodes.episode import Episode
from portal.episodes.models import Attempt, InterviewTask
from portal.questionnaires.models import Answer, Submission
from portal.trail.beside import VoiceReply
from portal.trail.models import Voice
from tests.demonstration.conftest import close, hub_of

FIRST, END = WHOLE.bounds


def laid(folder: Path, year: Year, seed: str = "rowan") -> HubFile:
    """A hub with nothing in it but the year."""
    folder.mkdir(exist_ok=True)
    file = write_files(folder, 8000)
    crypto.open_ring(file, settings_in(folder).keys)
    migrations.upgrade(file)
    past_year.lay(year, file, seed)
    return file


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The whole year, laid once; and how many seconds of a processor that took."""
    folder = tmp_path_factory.mktemp("year")
    begun = time.process_time()
    laid(folder, WHOLE)
    took = time.process_time() - begun
    close(folder)
    return folder, took


@pytest.fixture
def year(whole: tuple[Path, float]) -> Iterator[None]:
    """A look into its hub."""
    folder, _ = whole
    crypto.open_ring(hub_of(folder), settings_in(folder).keys)
    with Hub(hub_of(folder)).entered():
        yield
        db.let_go()
    close(folder)


def count(*where: Any) -> int:
    found = db.session.scalar(select(func.count()).where(*where))
    return found or 0


@pytest.mark.usefixtures("year")
def test_there_are_4277_times_missing_of_1350_children():
    began = db.session.execute(
        select(func.count(), func.count(distinct(Episode.child_id))).where(
            Episode.missing_at >= FIRST, Episode.missing_at < END, Episode.returned_at < END
        )
    ).one()

    assert tuple(began) == (4277, 1350)
    assert count(Episode.id.is_not(None)) == 4277
    assert count(Person.kind == "child") == 1350


@pytest.mark.usefixtures("year")
def test_each_child_was_missing_as_often_as_the_log_series_has_it():
    each = select(func.count().label("times")).select_from(Episode).group_by(Episode.child_id).subquery()
    found = Counter(db.session.scalars(select(each.c.times)))

    assert found == Counter(dict(WHOLE.children_by_times))


@pytest.mark.usefixtures("year")
def test_2684_returns_were_interviewed_each_by_one_conversation():
    held = InterviewTask.state == "held"

    assert count(held) == 2684
    assert count(Episode.task_id == InterviewTask.id, held) == 2684
    assert count(Attempt.outcome == "held", Attempt.at < END) == 2684
    assert count(held, InterviewTask.held_at.is_(None)) == 0


@pytest.mark.usefixtures("year")
def test_87_percent_were_offered_a_conversation():
    met = ("offered", "not now", "held", "declined")
    offered = db.session.scalar(
        select(func.count(distinct(Attempt.task_id))).where(Attempt.outcome.in_(met), Attempt.at < END)
    )

    assert offered == 3721
    assert round(100 * offered / 4277, 1) == 87.0


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(("living", "in_time", "of"), [("home", 1190, 1700), ("our child", 935, 984)])
def test_so_many_were_held_within_72_hours(living: str, in_time: int, of: int):
    rows = db.session.execute(
        select(Episode.returned_at, InterviewTask.held_at, InterviewTask.due_at)
        .join(InterviewTask, InterviewTask.id == Episode.task_id)
        .where(Episode.living == living, InterviewTask.state == "held")
    ).all()

    assert len(rows) == of
    assert sum(row.held_at - row.returned_at <= timedelta(hours=72) for row in rows) == in_time
    assert all(row.due_at == row.returned_at + timedelta(hours=72) for row in rows)


@pytest.mark.usefixtures("year")
def test_another_authority_was_told_of_its_children_and_who_interviews_is_written_down():
    told = db.session.scalars(select(InterviewTask).where(InterviewTask.team == "placing")).all()

    assert len(told) == 310
    assert {task.state for task in told} == {"told"}
    assert all(task.told_authority_at and task.interviewer for task in told)


@pytest.mark.usefixtures("year")
def test_none_of_it_waits_for_anybody_today():
    assert count(InterviewTask.id.is_not(None), InterviewTask.left()) == 0
    assert count(Voice.closed_at.is_(None), Voice.id.is_not(None)) == 0
    assert count(Person.ended_at.is_(None), Person.id.is_not(None)) == 0


@pytest.mark.usefixtures("year")
def test_everybody_in_it_is_held():
    assert set(db.session.scalars(select(Person.held_because))) == {"demonstration"}


@pytest.mark.usefixtures("year")
def test_more_than_nine_answers_of_ten_reached_whoever_spoke():
    voices, reached = db.session.execute(select(func.count(), func.count(Voice.reached_at))).one()

    assert voices == count(Submission.state == "sent") == 966
    assert reached / voices > 0.9


@pytest.mark.usefixtures("year")
def test_what_lies_sealed_opens_in_its_place():
    person = db.session.scalars(select(Person).where(Person.kind == "child").limit(1)).one()
    reply = db.session.scalars(select(VoiceReply).where(VoiceReply.way == "here").limit(1)).one()
    answer = db.session.scalars(select(Answer).where(Answer.question == "would-help").limit(1)).one()
    episode = db.session.scalars(select(Episode).limit(1)).one()

    assert all((person.name, person.born_on, reply.words, answer.words, episode.texts["missing_from"]))


@pytest.mark.usefixtures("year")
def test_the_audit_trail_holds():
    assert audit.verify(db.session.connection()) > 40_000


def test_it_takes_one_processor_less_than_half_a_minute(whole: tuple[Path, float]):
    """Of the processor, so that nothing else on the machine decides; `./run bench` holds the minute itself."""
    assert whole[1] < 30


def everything(folder: Path, file: HubFile) -> list[list[Any]]:
    """Every row of the year, opened; without what is sealed, whose bytes are never the same twice."""
    with Hub(file).entered():
        tables = (Person, Episode, InterviewTask, Attempt, Answer, Voice, VoiceReply)
        found: list[list[Any]] = [
            [
                [getattr(row, column.key) for column in table.__table__.columns if "hash" not in column.key]
                for row in db.session.scalars(select(table).order_by(table.id))
            ]
            for table in tables
        ]
        trail = select(audit.AuditEvent.id, audit.AuditEvent.at, audit.AuditEvent.detail)
        found.append([tuple(row) for row in db.session.execute(trail.order_by(audit.AuditEvent.number))])
        db.let_go()
    close(folder)
    return found


def test_the_same_seed_lays_the_same_year_and_another_another(tmp_path: Path):
    one, same, other = (
        everything(tmp_path / name, laid(tmp_path / name, SHORT, seed))
        for name, seed in (("one", "a"), ("same", "a"), ("other", "b"))
    )

    assert one == same
    assert one != other


def test_at_most_fifty_rows_are_written_in_one_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With `most` of a sent form left at its default, this is red."""
    written: list[int] = []
    insert = Bulk.insert

    def counted(bulk: Bulk) -> None:
        written.append(len(bulk) + len(current_hub().noted))
        insert(bulk)

    monkeypatch.setattr(Bulk, "insert", counted)
    laid(tmp_path / "hub", SHORT)
    close(tmp_path / "hub")

    assert len(written) > 5
    assert max(written) <= MOST_ROWS
