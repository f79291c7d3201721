"""The sender: claims what waits with a lease, hands it to the gateway, marks what was taken.

Claiming and marking are short transactions; sending is outside of both. Killed between sending and marking,
it sends again under the same reference, which a gateway takes as once. It never gives a message up: what was
not taken is tried again, and every staff page says so meanwhile. A message that one of two routes took has left;
the other goes on trying by itself, and does neither hold it up nor double it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from portal import audit, crypto
from portal.accounts.models import Person
from portal.config import Hub, HubFile, Settings, utc_now
from portal.crypto import Sealed
from portal.db import reading, session, step
from portal.logs import logger
from portal.notify import families
from portal.notify.by_route import Fared, gateway_of, send_at_once
from portal.notify.families import Text
from portal.notify.gateways import EMAIL, TEXT, Gateway, Outgoing, reference
from portal.notify.models import beat, last_beat
from portal.notify.wording import Wording, wording_of
from portal.outbox import OutboxMessage

MOST_AT_ONCE = 50
LEASE = timedelta(seconds=30)
# Nothing is begun in the last part of a lease: when it ends another sender may take the message.
KEPT_FREE = timedelta(seconds=10)
TRY_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60))
# Where no gateway will ever take it for any address there is: somebody may have mended one meanwhile.
LOOK_AGAIN = timedelta(hours=1)
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
    again: bool  # it was tried before, and perhaps taken
    also_by: str | None  # the one route that is left, where another has taken it
    refused: frozenset[str]  # routes that will not take it as it is
    text: Text | None = None  # to a family: its number and words, as their card has them


@dataclass
class Round:
    """What became of the messages that one round claimed."""

    until: datetime
    fared: list[tuple[Claimed, Fared]]
    not_begun: list[Claimed]

    @property
    def taken(self) -> int:
        """How many messages left that had not before."""
        return sum(bool(how.taken) and not message.also_by for message, how in self.fared)


def run_once(file: HubFile, gateway: Gateway | Settings, clock: Clock = utc_now) -> int:
    """Send what is due at one hub, at most `MOST_AT_ONCE`; how many messages the gateway took."""
    waits, beat_is_due = _look(Hub(file, clock=clock))
    if not waits and not beat_is_due:
        return 0
    done = Round(clock() + LEASE, [], [])
    if waits:
        with step(Hub(file, clock=clock)):
            claimed = _claim(done.until)
        _send_all(claimed, done, gateway_of(gateway) if isinstance(gateway, Settings) else gateway,
                  Hub(file, clock=clock))  # fmt: skip
    with step(Hub(file, clock=clock)):
        _mark(done)
        beat()
    return done.taken


def _look(hub: Hub) -> tuple[bool, bool]:
    """Whether a message waits and whether the beat is due: asked first, as a writer keeps others waiting."""
    now = hub.now()
    with hub.entered(), reading() as look:
        waits = look.scalar(select(OutboxMessage.id).where(_free(now)).limit(1))
        before = last_beat(look)
    return waits is not None, before is None or now - before >= BEAT_EVERY


def _free(now: datetime) -> ColumnElement[bool]:
    return (
        or_(OutboxMessage.delivered_at.is_(None), OutboxMessage.also_by.is_not(None))
        & (OutboxMessage.due_at <= now)
        & or_(OutboxMessage.lease_until.is_(None), OutboxMessage.lease_until <= now)
    )


def _claim(until: datetime) -> list[Claimed]:
    """Take free messages for this sender alone, in the step under way: first what was never tried, then the oldest.

    What a gateway keeps refusing stands behind, or it would keep what is new from being tried at all.
    """
    found = session.scalars(
        select(OutboxMessage)
        .where(_free(until - LEASE))
        .order_by(OutboxMessage.attempts > 0, OutboxMessage.due_at, OutboxMessage.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    left, claimed = _who_left({message.recipient_id for message in found}), []
    for message in found:
        if message.recipient_id in left and not families.is_for_family(message):
            _withhold(message)
            continue
        text = families.text_now(message) if families.is_for_family(message) else None
        if families.is_for_family(message) and text is None:  # it waits for a safe time, or is taken away
            continue
        claimed.append(_taken_on(message, text))
        message.lease_until = until
    return claimed


def _who_left(people: set[UUID]) -> set[UUID]:
    """Of these people, those who have left."""
    return set(session.scalars(select(Person.id).where(Person.id.in_(people), Person.ended_at.is_not(None))))


def _withhold(message: OutboxMessage) -> None:
    """Whom it is for has left: nothing reaches them, and it does not wait, as it would look like a dead sender."""
    audit.record(
        "message.withheld", object_kind="message", object_id=message.object_id, subject=message.recipient_id
    )
    if message.delivered_at is None:
        session.delete(message)
    else:
        message.also_by = None


def _taken_on(m: OutboxMessage, text: Text | None) -> Claimed:
    return Claimed(
        m.id, m.kind, m.key, m.recipient_id, m.attempts, m.lease_until is not None, m.also_by,
        frozenset((m.refused or "").split()), text,
    )  # fmt: skip


def _send_all(claimed: list[Claimed], done: Round, gateway: Gateway, hub: Hub) -> None:
    with hub.entered():
        addresses = _addresses({message.recipient_id for message in claimed})
    # Routes that were silent once are left out for the rest of the round: each message would wait for them again.
    silent: set[str] = set()
    for message in claimed:
        if hub.now() >= done.until - KEPT_FREE:
            done.not_begun.append(message)
        else:
            how = _send(
                message, _ways(message, addresses).to_try(message, silent), silent, gateway, hub.file.name
            )
            silent |= how.silent
            done.fared.append((message, how))


def _ways(message: Claimed, addresses: Mapping[UUID, Ways]) -> Ways:
    if message.text is not None:
        return Ways({TEXT: message.text.to})
    return addresses.get(message.recipient_id, Ways())


@dataclass(frozen=True)
class Ways:
    """Every route that reaches somebody, with its address; and by which of them they wish to be told."""

    routes: Mapping[str, str] = field(default_factory=dict)
    wished: str | None = None

    def to_try(self, message: Claimed, silent: Set[str]) -> list[tuple[str, str]]:
        """The routes to try now: the wished ones at first, the others too where none of these takes it at once.

        A wish is how to be told, not whether: a route that is *silent* keeps nobody from hearing by another.
        """
        if message.also_by is not None:
            return [(route, to) for route, to in self.routes.items() if route == message.also_by]
        left = {route: to for route, to in self.routes.items() if route not in message.refused}
        wished = {route: to for route, to in left.items() if self.wished in (None, route)}
        if message.attempts or wished.keys() <= silent:
            wished = left
        return list((wished or self.routes).items())


def _addresses(people: set[UUID]) -> dict[UUID, Ways]:
    """By person, how they are reached; nothing for who has left, and for nobody of a family."""
    with reading() as look:
        rows = look.execute(
            select(Person.id, Person.email, Person.phone, Person.notices_by).where(
                Person.id.in_(people), Person.ended_at.is_(None), Person.kind == "staff"
            )
        ).all()
    return {row.id: Ways(dict(_routes(row.id, row.email, row.phone)), row.notices_by) for row in rows}


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


def _send(
    message: Claimed, to_try: list[tuple[str, str]], silent: Set[str], gateway: Gateway, hub: str
) -> Fared:
    """Hand the message over on every route that is to be tried and is not *silent*, at once."""
    if not to_try:
        log.warning(
            "no way to reach the recipient", hub=hub, object_kind="message", object_id=str(message.id)
        )
        return Fared()
    words = wording_of(message.kind) if message.text is None else Wording("", message.text.words)
    fared = send_at_once(
        [
            Outgoing(reference(hub, message.key, route), route, to, words.subject, words.text, message.again)
            for route, to in to_try
            if route not in silent
        ],
        gateway,
    )
    left_out = {route for route, _ in to_try} & silent
    fared.later |= left_out
    fared.faults |= dict.fromkeys(left_out, "silent in this round")
    for route, fault in fared.faults.items():
        log.warning(
            "not taken", hub=hub, object_kind="message", object_id=str(message.id), act=route,
            number=message.attempts + 1, fault=fault,
        )  # fmt: skip
    return fared


def _mark(done: Round) -> None:
    """Write down what became of each. Where the lease went to another sender meanwhile, that one says."""
    now = session().hub.now()
    ours = OutboxMessage.lease_until == done.until
    waiting = or_(OutboxMessage.delivered_at.is_(None), OutboxMessage.also_by.is_not(None))
    # Free again, but not as if never claimed: an earlier try of it may have been taken, and the gateway is asked.
    _set(done.not_begun, waiting & ours, lease_until=now)
    whole = [message for message, how in done.fared if (how.taken or message.also_by) and not how.later]
    has_left = {"delivered_at": func.coalesce(OutboxMessage.delivered_at, now)}
    _set(whole, waiting, attempts=OutboxMessage.attempts + 1, also_by=None, **has_left)
    for message, how in done.fared:
        again = now + TRY_AGAIN[min(message.attempts, len(TRY_AGAIN) - 1)]
        tried = {"attempts": OutboxMessage.attempts + 1, "lease_until": again}
        if how.later and (how.taken or message.also_by):
            _set([message], waiting & ours, also_by=min(how.later), **tried | has_left)
        elif not how.taken and not message.also_by:
            _set([message], waiting & ours, **tried | _refused(message, how, now))


def _refused(message: Claimed, how: Fared, now: datetime) -> dict[str, object]:
    """Which routes will not take it as it is; where that is all there is, it is not tried again at once."""
    refused = message.refused | how.never
    nothing_new = bool(how.never) and not how.later and refused == message.refused
    return {"refused": _written(refused)} | ({"lease_until": now + LOOK_AGAIN} if nothing_new else {})


def _written(routes: frozenset[str]) -> str | None:
    return " ".join(sorted(routes)) or None


def _set(messages: list[Claimed], where: ColumnElement[bool], **values: object) -> None:
    if messages:
        found = OutboxMessage.id.in_([message.id for message in messages])
        session.execute(update(OutboxMessage).where(found, where).values(**values))
