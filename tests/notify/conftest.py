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
from portal.accounts.models import Person
from portal.config import Hub, HubFile
from portal.db import session
from portal.notify.gateways import NeverTaken, NotTaken, Outgoing
from portal.notify.sender import run_once
from portal.outbox import OutboxMessage
from tests.cast import Cast
from tests.conftest import Clock

AtWork = Callable[[], AbstractContextManager[Hub]]


class FakeGateway:
    """A gateway whose mood the test sets: "takes", "refuses", "never" (no such address), "hangs" or "loses" (takes,
    and says it did not); `by_route` sets it for one route alone."""

    def __init__(self) -> None:
        self.mood = "takes"
        self.by_route: dict[str, str] = {}
        self.took: list[Outgoing] = []
        self.asked: Counter[str] = Counter()
        self.let_go = threading.Event()

    def send(self, message: Outgoing) -> None:
        self.asked[message.reference] += 1
        mood = self.by_route.get(message.route, self.mood)
        if mood == "hangs":
            self.let_go.wait(60)
        if mood == "refuses":
            raise NotTaken("not today")
        if mood == "never":
            raise NeverTaken("no such address")
        if message.reference not in {known.reference for known in self.took}:
            self.took.append(message)
        if mood == "loses":
            raise NotTaken("the receipt was lost")

    def check(self) -> None:
        if self.mood != "takes":
            raise NotTaken("not today")


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def said_again(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each message that was handed over, in order, whether the gateway heard that it was tried before."""
    said: list[bool] = []
    send = gateway.send

    def noted(message: Outgoing) -> None:
        said.append(message.again)
        send(message)

    monkeypatch.setattr(gateway, "send", noted)
    return said


@pytest.fixture
def waits(at_work: AtWork, cast: Cast) -> Callable[..., UUID]:
    """`waits()`: a message to Sam that has to leave; its id. `to=`, `kind=`, `key=` where it matters."""

    def put(to: UUID | None = None, kind: str = "alert 5 minutes", key: str | None = None) -> UUID:
        with at_work():
            return outbox.put(kind, object_id=uuid4(), recipient=to or cast.sam, key=key or str(uuid4())).id

    return put


@pytest.fixture
def bo(at_work: AtWork, cast: Cast) -> UUID:
    """Somebody of the staff whom both routes reach."""
    with at_work():
        person = Person.enter(
            "staff", "Bo Both", roles=("worker",), email="bo@hub.example", phone="07700 900123"
        )
        return person.id


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


@pytest.fixture
def the_messages(at_work: AtWork) -> Callable[[], list[OutboxMessage]]:
    """Every message there is, as it lies in the database."""

    def look() -> list[OutboxMessage]:
        with at_work():
            return list(session.scalars(select(OutboxMessage)))

    return look
