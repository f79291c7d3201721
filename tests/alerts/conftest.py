"""Amara says something that needs a person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest

from portal.alerts import sources
from portal.alerts.models import Alert, raise_alert
from portal.config import Hub
from portal.db import session
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
