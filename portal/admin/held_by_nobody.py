"""Young people who are still put down as somebody's whose role for it has ended or run out: the managers hear of it.

Until they are given to somebody the duty workers reach them, as if nobody held them; that somebody of their own is
missing, nobody would notice by that.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, select

from portal import audit, outbox
from portal.accounts.holders import ids_with
from portal.accounts.models import HOLDING, Allocation, Person, PersonRole, may_hold, runs_at
from portal.config import Hub, current_hub
from portal.db import looking, session, step
from portal.outbox import OutboxMessage

KIND = "person.holds_without_role"


def tell_of_roles_that_ran_out(hub: Hub) -> int:
    """Tell the managers of everybody who holds young people by no role any more; of how many they heard."""
    with looking(hub):
        found = session.scalars(_without_role()).all()
    told = 0
    for one in found:
        with step(hub):
            told += tell_managers(one)
    return told


def tell_managers(person_id: UUID) -> bool:
    """Tell the managers if somebody holds young people by no role any more.

    Once, until they had one and lost it again; or where it is still so when the message has gone from the outbox by the
    timetable (`sent_days`), a month later.
    """
    if session.scalar(_without_role().where(Person.id == person_id)) is None:
        return False
    key, managers = _key(person_id), ids_with("manager")
    if not managers or session.scalar(_told(person_id, key).limit(1)) is not None:
        return False
    for manager_id in managers:
        outbox.put(KIND, object_id=person_id, recipient=manager_id, key=f"{key}{manager_id}")
    audit.record(KIND, object_kind="person", object_id=person_id, subject=person_id)
    session.flush()
    return True


def _without_role() -> Select[UUID]:
    """Who is here, is put down as holding somebody, and has no role for it."""
    holds = select(Allocation.worker_id).where(runs_at(Allocation, current_hub().now()))
    here = select(Person.id).where(Person.ended_at.is_(None), Person.id.in_(holds), ~may_hold(Person.id))
    return here.order_by(Person.id)


def _key(person_id: UUID) -> str:
    """The same until they have had another such role that ended."""
    last = session.scalar(
        select(func.max(PersonRole.ends_at)).where(
            PersonRole.person_id == person_id, PersonRole.role.in_(sorted(HOLDING))
        )
    )
    return f"no role:{person_id}:{last.timestamp() if last else 0:.0f}:"


def _told(person_id: UUID, key: str) -> Select[UUID]:
    same = (OutboxMessage.object_id == person_id) & OutboxMessage.key.startswith(key, autoescape=True)
    return select(OutboxMessage.id).where(same, OutboxMessage.kind == KIND)
