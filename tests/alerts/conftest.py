"""Amara says something that needs a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.accounts.rota import DutyTurn
from portal.alerts import sources
from portal.alerts.climbing import climb_what_is_due
from portal.alerts.models import Alert, raise_alert
from portal.config import Hub, HubFile
from portal.db import session, step
from portal.outbox import OutboxMessage
from tests.cast import Cast

AtWork = Callable[[], AbstractContextManager[Hub]]


@pytest.fixture
def says(at_work: AtWork, cast: Cast) -> Callable[..., UUID]:
    """`says("not safe")`: Amara's alert by that rule; its id. `child=`, `key=`, `about=` where it matters."""

    def say(
        rule: str, *, child: UUID | None = None, key: str | None = None, about: UUID | None = None
    ) -> UUID:
        with at_work():
            alert = raise_alert(
                child or cast.amara, rule, source_kind="test", source_id=uuid4(), key=key or str(uuid4()), about=about
            )  # fmt: skip
            return alert.id

    return say


@pytest.fixture
def two_race(hub_file: HubFile, clock: Callable[[], datetime], cast: Cast) -> Callable[[str], list[UUID]]:
    """`two_race("hurt")`: two requests raise one alert of Amara's at the same instant; the id that each was given."""

    def race(rule: str) -> list[UUID]:
        ready, made = threading.Barrier(2), []

        def one() -> None:
            ready.wait()
            with step(Hub(hub_file, clock=clock)):
                made.append(
                    raise_alert(cast.amara, rule, source_kind="test", source_id=cast.amara, key="same").id
                )

        racers = [threading.Thread(target=one) for _ in range(2)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(20)
        return made

    return race


@pytest.fixture
def now_is(at_work: AtWork) -> Callable[[UUID], Alert]:
    """`now_is(alert_id)`: the alert as it lies in the database."""

    def look(alert_id: UUID) -> Alert:
        with at_work():
            return session.get_one(Alert, alert_id)

    return look


@pytest.fixture
def words_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words that Amara pressed, as the room where she did would hand them out."""
    monkeypatch.setitem(
        sources._rooms, "test", lambda *_: [("Are you safe right now?", "No, tell Sam and the duty team now")]
    )


@pytest.fixture
def climbs(hub_file: HubFile, clock: Callable[[], datetime]) -> Callable[[], int]:
    """`climbs()`: one go of the chore that alerts again; how many alerts moved."""
    return lambda: climb_what_is_due(Hub(hub_file, clock=clock))


@pytest.fixture
def on_rota(at_work: AtWork, cast: Cast, clock: Callable[[], datetime]) -> Callable[..., UUID]:
    """`on_rota("second person", dee)`: from now on, for a day, she is in that post; `begins=` hours from now."""

    def enter(post: str, who: UUID, *, begins: float = 0, hours: float = 24) -> UUID:
        with at_work():
            starts = clock() + timedelta(hours=begins)
            return DutyTurn.enter(who, post, starts, starts + timedelta(hours=hours), cast.priya).id

    return enter


@pytest.fixture
def told_since(at_work: AtWork, clock: Callable[[], datetime]) -> Callable[[UUID], list[UUID]]:
    """`told_since(alert)`: who has a message of it that is due by now, and had none when this was asked last."""
    seen: set[UUID] = set()

    def look(alert_id: UUID) -> list[UUID]:
        with at_work():
            due = (OutboxMessage.object_id == alert_id) & (OutboxMessage.due_at <= clock())
            rows = session.scalars(select(OutboxMessage).where(due)).all()
        new = [row for row in rows if row.id not in seen]
        seen.update(row.id for row in new)
        return sorted(row.recipient_id for row in new)

    return look
