"""The week that a demonstration tells: something to do for everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import crypto, db
from portal.accounts.models import Person
from portal.alerts.models import Alert
from portal.config import Hub, current_hub
from portal.demonstration.folder import settings_in
from portal.episodes.models import InterviewTask
from portal.trail.models import CLOSED, Voice
from tests.demonstration.conftest import close, hub_of


@pytest.fixture
def week(own: Path) -> Iterator[None]:
    """A look into the hub of the demonstration."""
    crypto.open_ring(hub_of(own), settings_in(own).keys)
    with db.step(Hub(hub_of(own))):
        yield
    close(own)


@pytest.mark.usefixtures("week")
def test_everybody_is_held_so_that_retention_leaves_them_alone():
    assert set(db.session.scalars(select(Person.held_because))) == {"demonstration"}


@pytest.mark.usefixtures("week")
def test_there_is_something_to_do_for_everybody_of_this_thread():
    states = Counter(db.session.scalars(select(InterviewTask.state)))
    voices = Counter(db.session.scalars(select(Voice.state).where(Voice.state != CLOSED)))
    alerts = Counter(db.session.scalars(select(Alert.state)))

    assert {"proposed", "open", "offered", "held", "form only", "declined"} <= set(states)
    assert voices == {"waiting": 1, "answered": 1}
    assert alerts == {"open": 2, "held": 1}


@pytest.mark.usefixtures("week")
def test_a_return_is_late_and_another_due_within_a_day():
    now = current_hub().now()
    due = db.session.scalars(
        select(InterviewTask.due_at).where(InterviewTask.state.in_(("proposed", "open", "offered")))
    ).all()

    assert any(at < now for at in due)
    assert any(0 < (at - now).total_seconds() < 24 * 3600 for at in due)


@pytest.mark.usefixtures("week")
def test_children_live_at_home_in_care_and_in_anothers_care():
    lives = set(db.session.scalars(select(Person.living).where(Person.kind == "child")))

    assert lives == {"home", "our child", "other authority"}
