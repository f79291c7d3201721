"""The week that a demonstration tells: something to do for everybody, told from the day and outside the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import audit, crypto, db
from portal.access import SignedIn
from portal.accounts.cover import Cover
from portal.accounts.models import Link, Person
from portal.alerts.models import Alert
from portal.config import LONDON, Hub, current_hub
from portal.contact.models import Ask
from portal.demonstration import making
from portal.demonstration.folder import locked, settings_in
from portal.demonstration.year import SHORT, WHOLE
from portal.episodes import clock
from portal.episodes.episode import Episode, episodes_of
from portal.episodes.models import InterviewTask
from portal.episodes.words import UNDONE
from portal.returns.conversation import Conversation
from portal.returns.family import FamilyForm, offers
from portal.returns.write_up import Meant, WriteUp
from portal.trail.models import CLOSED, Voice
from portal.trail.shares import TrailShare, TrailWish
from tests.demonstration.conftest import close, hub_of

DAY = date(2026, 3, 30)  # the one after the clocks go forward
OF_EVERY_START = {"way_in", "staff_secret", "audit_event"}  # ways in are given anew each time


@pytest.fixture
def week(own: Path) -> Iterator[None]:
    """A look into the hub of the demonstration."""
    crypto.open_ring(hub_of(own), settings_in(own).keys)
    with db.step(Hub(hub_of(own))):
        yield
    close(own)


def called(name: str) -> Person:
    """Somebody of the week, by their name."""
    children = db.session.scalars(select(Person).where(Person.ended_at.is_(None)))
    return next(person for person in children if person.name == name)


def today() -> date:
    """The day from which the week is told."""
    entered = db.session.scalars(select(func.max(Alert.raised_at))).one()
    return entered.astimezone(LONDON).date() + timedelta(days=1)


@pytest.mark.usefixtures("week")
def test_everybody_is_held_so_that_retention_leaves_them_alone():
    assert set(db.session.scalars(select(Person.held_because))) == {"demonstration"}


@pytest.mark.usefixtures("week")
def test_it_lies_outside_the_year():
    in_the_year = func.count().filter(
        Episode.missing_at >= WHOLE.bounds[0], Episode.missing_at < WHOLE.bounds[1]
    )

    assert db.session.scalar(select(in_the_year)) == SHORT.episodes
    assert db.session.scalar(select(func.count(Episode.id))) == SHORT.episodes + 14


@pytest.mark.usefixtures("week")
def test_there_is_something_to_do_for_everybody_of_this_thread():
    states = Counter(db.session.scalars(select(InterviewTask.state)))
    voices = Counter(db.session.scalars(select(Voice.state).where(Voice.state != CLOSED)))
    alerts = Counter(db.session.scalars(select(Alert.state)))

    assert {"proposed", "open", "offered", "held", "form only", "declined"} <= set(states)
    assert voices == {"waiting": 3, "answered": 1}
    assert alerts == {"open": 3, "held": 1}


@pytest.mark.usefixtures("week")
def test_a_return_is_late_and_another_due_today_at_any_hour():
    due = db.session.scalars(select(InterviewTask.due_at).where(InterviewTask.state.in_(UNDONE))).all()
    midnight = datetime.combine(today(), time(), LONDON).astimezone(UTC)

    assert any(at < midnight for at in due)
    assert any(midnight + timedelta(hours=23) < at < midnight + timedelta(days=1) for at in due)


@pytest.mark.usefixtures("week")
def test_one_return_was_old_when_it_reached_the_hub():
    found = db.session.scalars(select(Episode).where(Episode.child_id == called("Marcus Dale").id)).one()

    assert found.returned_at is not None
    assert found.reached_us_at - found.returned_at > timedelta(hours=24)
    assert found.reached_us_at < clock.due_at(found.returned_at)


@pytest.mark.usefixtures("week")
def test_children_live_at_home_in_care_and_in_anothers_care():
    lives = set(db.session.scalars(select(Person.living).where(Person.kind == "child")))

    assert lives == {"home", "our child", "other authority"}


@pytest.mark.usefixtures("week")
def test_one_conversation_covers_two_returns_and_is_written_up():
    talk = db.session.scalars(select(Conversation)).one()
    task = db.session.get_one(InterviewTask, talk.task_id)

    assert task.state == "held"
    assert len(episodes_of(task)) == 2
    assert db.session.scalars(select(WriteUp.conversation_id)).one() == talk.id
    assert db.session.scalars(select(Meant)).one().words == "my nan said i can have the small room"


@pytest.mark.usefixtures("week")
def test_what_was_said_has_a_trail_with_wishes_and_a_share():
    wishes = {(row.whom, row.wish) for row in db.session.scalars(select(TrailWish))}

    assert wishes == {("social worker", "ok"), ("school", "only worker"), ("panel", "ok")}
    assert db.session.scalars(select(TrailShare)).one().whom == "social worker"


@pytest.mark.usefixtures("week")
def test_an_ask_waits_and_another_is_answered():
    states = db.session.scalars(select(Voice.state).join(Ask, Ask.id == Voice.source_id)).all()

    assert sorted(states) == ["closed", "waiting"]


@pytest.mark.usefixtures("week")
def test_contacting_each_home_is_safe_and_one_home_has_said_its_time():
    assert all(db.session.scalars(select(Link.home_safe_at)))
    assert (
        db.session.scalars(select(Episode).where(Episode.home_said_at.is_not(None))).one().living
        == "our child"
    )


@pytest.mark.usefixtures("week")
def test_a_parent_has_sent_a_form_of_his_own_and_another_has_one_at_her_door():
    form = db.session.scalars(select(FamilyForm)).one()
    nadia = called("Nadia Rahman").id
    who = SignedIn(nadia, nadia, "family", "", frozenset({"parent or carer"}))

    assert (form.adult_id, form.sent_at is not None) == (called("Paul Whitlock").id, True)
    assert [(offer.child_name, offer.sent) for offer in offers(who)] == [("Zara", False)]


@pytest.mark.usefixtures("week")
def test_somebody_covers_for_a_colleague_all_day():
    cover = db.session.scalars(select(Cover)).one()
    midnight = datetime.combine(today(), time(), LONDON).astimezone(UTC)

    assert cover.starts_at < midnight < midnight + timedelta(days=1) < cover.ends_at


@pytest.mark.usefixtures("week")
def test_the_audit_trail_holds():
    assert audit.verify(db.session.connection()) > 500


def told(folder: Path) -> list[tuple[str, list[list[Any]]]]:
    """Everything in a hub told from `DAY`, opened; without what is keyed, or given anew at every start."""
    folder.mkdir()
    with locked(folder):
        making.prepare(folder, 8000, day=DAY, year=SHORT)
    crypto.open_ring(hub_of(folder), settings_in(folder).keys)
    with Hub(hub_of(folder)).entered():
        tables = [mapper.class_ for mapper in db.Base.registry.mappers]
        found = [
            (table.__tablename__, _rows(table))
            for table in tables
            if table.__tablename__ not in OF_EVERY_START
        ]
        assert current_hub().now().date() != DAY
        db.let_go()
    close(folder)
    return sorted(found)


def _rows(table: Any) -> list[list[Any]]:
    names = [column.key for column in table.__table__.columns if "hash" not in column.key]
    rows = [[getattr(row, name) for name in names] for row in db.session.scalars(select(table))]
    return sorted(rows, key=str)


def test_the_same_seed_and_day_make_the_same_hub(tmp_path: Path):
    """Told from the hour at which it is built, this is red."""
    assert told(tmp_path / "one") == told(tmp_path / "two")
