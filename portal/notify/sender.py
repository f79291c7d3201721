"""The sender: claims what waits with a lease, hands it to the gateway, marks what was taken.

Claiming and marking are short transactions; sending is outside of both. Killed between sending and marking,
it sends again under the same reference, which a gateway takes as once. It never gives a message up: what was
not taken is tried again, and every staff page says so meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from portal import crypto
from portal.accounts.models import Person
from portal.config import Hub, HubFile, Settings, utc_now
from portal.crypto import Sealed
from portal.db import reading, session, step
from portal.logs import logger
from portal.notify.gateways import EMAIL, TEXT, Gateway, NotTaken, Outgoing, gateway_of, reference
from portal.notify.models import beat, last_beat
from portal.notify.wording import wording_of
from portal.outbox import OutboxMessage

MOST_AT_ONCE = 50
LEASE = timedelta(seconds=30)
# Nothing is begun in the last part of a lease: when it ends another sender may take the message.
KEPT_FREE = timedelta(seconds=10)
TRY_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60))
BEAT_EVERY = timedelta(seconds=15)

Clock = Callable[[], datetime]
log = logger("notify")


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send until its lease ends."""

    id: UUID
    kind: str
    key: str
    recipient_id: UUID
    attempts: int


@dataclass
class Round:
    """What became of the messages that one round claimed."""

    until: datetime
    taken: list[Claimed]
    refused: list[Claimed]
    not_begun: list[Claimed]


def run_once(file: HubFile, gateway: Gateway | Settings, clock: Clock = utc_now) -> int:
    """Send what is due at one hub, at most `MOST_AT_ONCE`; how many messages the gateway took."""
    waits, beat_is_due = _look(Hub(file, clock=clock))
    if not waits and not beat_is_due:
        return 0
    done = Round(clock() + LEASE, [], [], [])
    if waits:
        with step(Hub(file, clock=clock)):
            claimed = _claim(done.until)
        _send_all(claimed, done, gateway_of(gateway) if isinstance(gateway, Settings) else gateway,
                  Hub(file, clock=clock))  # fmt: skip
    with step(Hub(file, clock=clock)):
        _mark(done)
        beat()
    return len(done.taken)


def _look(hub: Hub) -> tuple[bool, bool]:
    """Whether a message waits and whether the beat is due: asked first, as a writer keeps others waiting."""
    now = hub.now()
    with hub.entered(), reading() as look:
        waits = look.scalar(select(OutboxMessage.id).where(_free(now)).limit(1))
        before = last_beat(look)
    return waits is not None, before is None or now - before >= BEAT_EVERY


def _free(now: datetime) -> ColumnElement[bool]:
    return (
        OutboxMessage.delivered_at.is_(None)
        & (OutboxMessage.due_at <= now)
        & or_(OutboxMessage.lease_until.is_(None), OutboxMessage.lease_until <= now)
    )


def _claim(until: datetime) -> list[Claimed]:
    """Take the oldest free messages for this sender alone, in the step under way."""
    found = session.scalars(
        select(OutboxMessage)
        .where(_free(until - LEASE))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for message in found:
        message.lease_until = until
    return [Claimed(m.id, m.kind, m.key, m.recipient_id, m.attempts) for m in found]


def _send_all(claimed: list[Claimed], done: Round, gateway: Gateway, hub: Hub) -> None:
    with hub.entered():
        addresses = _addresses({message.recipient_id for message in claimed})
    for message in claimed:
        if hub.now() >= done.until - KEPT_FREE:
            done.not_begun.append(message)
        elif _send(message, addresses.get(message.recipient_id, ()), gateway, hub.file.name):
            done.taken.append(message)
        else:
            done.refused.append(message)


def _addresses(people: set[UUID]) -> dict[UUID, tuple[tuple[str, str], ...]]:
    """By person, every route that reaches them with its address; nothing for who has left."""
    with reading() as look:
        rows = look.execute(
            select(Person.id, Person.email, Person.phone).where(
                Person.id.in_(people), Person.ended_at.is_(None)
            )
        ).all()
    return {row.id: _routes(row.id, row.email, row.phone) for row in rows}


def _routes(person_id: UUID, email: Sealed | None, phone: Sealed | None) -> tuple[tuple[str, str], ...]:
    """Every route with its address, opened; none where the person's key is gone, so that others' still leave."""
    sealed = ((EMAIL, "email", email), (TEXT, "phone", phone))
    try:
        return tuple(
            (route, crypto.open_sealed(value, "person", column, person_id, person_id))
            for route, column, value in sealed
            if value is not None
        )
    except crypto.CannotOpen:
        return ()


def _send(message: Claimed, routes: tuple[tuple[str, str], ...], gateway: Gateway, hub: str) -> bool:
    """Hand the message over on every route at once; whether all of them took it."""
    if not routes:
        log.warning(
            "no way to reach the recipient", hub=hub, object_kind="message", object_id=str(message.id)
        )
        return False
    words, taken = wording_of(message.kind), True
    for route, to in routes:
        outgoing = Outgoing(reference(hub, message.key, route), route, to, words.subject, words.text)
        try:
            gateway.send(outgoing)
        except (NotTaken, OSError) as fault:
            taken = False
            log.warning(
                "not taken", hub=hub, object_kind="message", object_id=str(message.id),
                number=message.attempts + 1, fault=type(fault).__name__,
            )  # fmt: skip
    return taken


def _mark(done: Round) -> None:
    """Write down what became of each. Where the lease went to another sender meanwhile, that one says."""
    now, waiting = session().hub.now(), OutboxMessage.delivered_at.is_(None)
    ours = OutboxMessage.lease_until == done.until
    _set(done.taken, waiting, delivered_at=now, attempts=OutboxMessage.attempts + 1)
    _set(done.not_begun, waiting & ours, lease_until=None)
    for message in done.refused:
        again = now + TRY_AGAIN[min(message.attempts, len(TRY_AGAIN) - 1)]
        _set([message], waiting & ours, lease_until=again, attempts=OutboxMessage.attempts + 1)


def _set(messages: list[Claimed], where: ColumnElement[bool], **values: object) -> None:
    if messages:
        found = OutboxMessage.id.in_([message.id for message in messages])
        session.execute(update(OutboxMessage).where(found, where).values(**values))
