"""What is open with somebody who leaves, moves or has too much, and how each young person goes to somebody else.

What may be about somebody of the staff is neither counted nor given here, and whoever may not read what a young person
says does not see here that they are open with somebody: the manager whom a child named would learn of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from portal import audit, crypto, outbox
from portal.access import SignedIn
from portal.accounts.models import Allocation, Organisation, Person, may_hold, runs_at
from portal.accounts.pauses import paused
from portal.alerts.flags import ABOUT_A_WORKER
from portal.alerts.models import CLOSED, Alert
from portal.config import current_hub
from portal.db import new_id, session
from portal.episodes.choosing import NotIndependent
from portal.episodes.models import InterviewTask
from portal.episodes.words import UNDONE
from portal.trail.models import ASK, TO_MANAGER, Voice

MOST = 200  # people on the list
AT_ONCE = 25  # young people of one of them: each brings some rows into the one commit


@dataclass(frozen=True)
class Holder:
    """Somebody with whom young people are open."""

    id: UUID
    name: str
    organisation: str
    holds: int
    left: bool
    no_role: bool = False  # here, but without a role that holds


@dataclass(frozen=True)
class OpenLine:
    """One young person who is with somebody, and what of theirs is open."""

    child_id: UUID
    name: str
    returns: int
    alerts: int
    voices: int
    asks: int

    @property
    def words(self) -> str:
        """What is open, as one line: "2 returns, 1 alert"."""
        said = ((self.returns, "return"), (self.alerts, "alert"), (self.voices, "voice"), (self.asks, "ask"))
        found = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in said if count]
        return ", ".join(found) or "nothing that waits"


def holders(who: SignedIn) -> list[Holder]:
    """Everybody with whom young people are open: who has left or has no role for it first, then by name."""
    now = current_hub().now()
    rows = session.execute(
        select(Person.id, Person.name, Person.ended_at, Organisation.name.label("organisation"),
               func.count(Allocation.id).label("holds"), may_hold(Person.id).label("may_hold"))
        .join(Allocation, Allocation.worker_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(runs_at(Allocation, now), ~paused(who.id, Allocation.child_id))
        .group_by(Person.id, Person.name, Person.ended_at, Organisation.name)
        .order_by(Person.ended_at.is_(None), "may_hold", Person.id)  # of too many the same ones, those nobody reads first
        .limit(MOST)
    ).all()  # fmt: skip
    crypto.fetch_keys(row.id for row in rows)
    found = [
        Holder(
            row.id, _opened(row), row.organisation or "", row.holds, row.ended_at is not None,
            no_role=row.ended_at is None and not row.may_hold,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not (one.left or one.no_role), one.name.casefold()))


def _opened(row: Any) -> str:
    return crypto.open_sealed(row.name, "person", "name", row.id, row.id)


def open_with(worker_id: UUID, who: SignedIn) -> list[OpenLine]:
    """Whom somebody holds, at most `AT_ONCE`, and how much of each waits, as *who* may see it, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(_held_by(worker_id).with_only_columns(Allocation.child_id)))
        .where(~paused(who.id, Person.id))
        .order_by(Person.id)
        .limit(AT_ONCE)
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    children = [row.id for row in rows]
    tasks = _counted(_returns_of(worker_id, children), InterviewTask.child_id)
    alerts = _counted(_alerts_of(Alert.visible_to(who), worker_id, children), Alert.child_id)
    waits = select(Voice).where(Voice.about_id.in_(children), Voice.closed_at.is_(None))
    asks = _counted(waits.where(Voice.kind == ASK), Voice.about_id)
    voices = _counted(waits.where(Voice.kind.not_in((ASK, *TO_MANAGER))), Voice.about_id)
    found = [
        OpenLine(
            row.id,
            _opened(row),
            tasks.get(row.id, 0),
            alerts.get(row.id, 0),
            voices.get(row.id, 0),
            asks.get(row.id, 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: line.name.casefold())


def _held_by(worker_id: UUID) -> Select[Allocation]:
    return select(Allocation).where(
        Allocation.worker_id == worker_id, runs_at(Allocation, current_hub().now())
    )


def _returns_of(worker_id: UUID, children: Sequence[UUID]) -> Select[InterviewTask]:
    """The return conversations that somebody has taken, or was proposed for, and not held."""
    mine = (InterviewTask.taker_id == worker_id) & InterviewTask.state.in_(UNDONE)
    return select(InterviewTask).where(InterviewTask.child_id.in_(children), mine)


def _alerts_of(of: Select[Alert], worker_id: UUID, children: Sequence[UUID]) -> Select[Alert]:
    """Those *of* the alerts that somebody has, or that were theirs to take, and that are not closed."""
    theirs = or_(Alert.held_by_id == worker_id, Alert.held_by_id.is_(None) & (Alert.owner_id == worker_id))
    here = Alert.child_id.in_(children) & (Alert.rule != ABOUT_A_WORKER)
    return of.where(here, Alert.state != CLOSED, theirs)


def _counted(found: Select[Any], by: Any) -> dict[UUID, int]:
    rows = session.execute(found.with_only_columns(by, func.count()).group_by(by)).all()
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Stayed:
    """What could not be given: whose return, and who did not go at all."""

    returns: list[UUID]
    children: list[UUID]


def give(worker_id: UUID, child_ids: Iterable[UUID], to_id: UUID, by: UUID) -> Stayed:
    """*by* gives these young people from one worker to another, with their returns and alerts; what stayed.

    Whoever else holds a young person goes on holding them. A return stays where it was if the other one works for
    who cares for the young person: that is for whoever gives returns out. Nobody gets a young person whose words they
    may not read now.
    """
    wanted, stayed, went = set(child_ids), Stayed([], []), False
    for allocation in list(session.scalars(_held_by(worker_id).where(Allocation.child_id.in_(wanted)))):
        child_id = allocation.child_id
        if session.scalar(select(paused(to_id, child_id))):
            stayed.children.append(child_id)
            continue
        went = True
        _hold_instead(allocation, to_id)
        if not _give_returns(worker_id, child_id, to_id):
            stayed.returns.append(child_id)
        _give_alerts(worker_id, child_id, to_id, by)
    if went:
        outbox.put("handover", object_id=worker_id, recipient=to_id, key=f"handover:{new_id()}")
    return stayed


def _hold_instead(allocation: Allocation, to_id: UUID) -> None:
    now, child_id = current_hub().now(), allocation.child_id
    allocation.ends_at = now
    audit.record("allocation.ended", object_kind="person", object_id=allocation.worker_id, subject=child_id)
    theirs = _held_by(to_id).where(Allocation.child_id == child_id)
    if session.scalar(theirs.with_only_columns(Allocation.id)) is None:
        session.add(Allocation(child_id=child_id, worker_id=to_id, starts_at=now))
        audit.record("allocation.made", object_kind="person", object_id=to_id, subject=child_id)
    session.flush()


def _give_returns(worker_id: UUID, child_id: UUID, to_id: UUID) -> bool:
    for task in list(session.scalars(_returns_of(worker_id, [child_id]))):
        try:
            task.take(to_id)
        except NotIndependent:
            return False
    return True


def _give_alerts(worker_id: UUID, child_id: UUID, to_id: UUID, by: UUID) -> None:
    """An alert goes on waiting for somebody: that the other one has it, only they can say."""
    for alert in list(session.scalars(_alerts_of(select(Alert), worker_id, [child_id]).with_for_update())):
        alert.pass_on(to_id, "The young person was handed over.", by)
