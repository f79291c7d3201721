"""Amara says something that needs a person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from portal.alerts import sources
from portal.alerts.models import Alert, raise_alert
from portal.config import Hub, HubFile
from portal.db import session, step
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
