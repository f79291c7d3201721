"""Messages that wait, and gateways that take, refuse, hang or lose them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal import outbox
from portal.config import Hub, HubFile
from portal.db import session
from portal.notify.gateways import NotTaken, Outgoing
from portal.notify.sender import run_once
from portal.outbox import OutboxMessage
from tests.cast import Cast
from tests.conftest import Clock

AtWork = Callable[[], AbstractContextManager[Hub]]


class FakeGateway:
    """A gateway whose mood the test sets: "takes", "refuses", "hangs" or "loses" (takes, and says it did not)."""

    def __init__(self) -> None:
        self.mood = "takes"
        self.took: list[Outgoing] = []
        self.asked: Counter[str] = Counter()
        self.let_go = threading.Event()

    def send(self, message: Outgoing) -> None:
        self.asked[message.reference] += 1
        if self.mood == "hangs":
            self.let_go.wait(60)
        if self.mood == "refuses":
            raise NotTaken("not today")
        if message.reference not in {known.reference for known in self.took}:
            self.took.append(message)
        if self.mood == "loses":
            raise NotTaken("the receipt was lost")


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def waits(at_work: AtWork, cast: Cast) -> Callable[..., UUID]:
    """`waits()`: a message to Sam that has to leave; its id. `to=`, `kind=`, `key=` where it matters."""

    def put(to: UUID | None = None, kind: str = "alert 5 minutes", key: str | None = None) -> UUID:
        with at_work():
            return outbox.put(kind, object_id=uuid4(), recipient=to or cast.sam, key=key or str(uuid4())).id

    return put


@pytest.fixture
def the_message(at_work: AtWork) -> Callable[[], OutboxMessage]:
    """The one message there is, as it lies in the database."""

    def look() -> OutboxMessage:
        with at_work():
            return session.scalars(select(OutboxMessage)).one()

    return look


@pytest.fixture
def sends(hub_file: HubFile, gateway: FakeGateway, clock: Clock) -> Callable[[], int]:
    """`sends()`: one round of the sender; how many messages the gateway took."""
    return lambda: run_once(hub_file, gateway, clock)
