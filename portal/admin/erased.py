"""Whoever was erased stays so: what a backup from before brought back goes again, and no key outlives its person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal import audit, crypto
from portal.accounts.models import Person
from portal.admin.letting_go import hanging_on, let_go_some
from portal.config import Hub
from portal.db import looking, session, step

CHUNK = 400  # people asked of in one statement


def finish(hub: Hub) -> int:
    """Do what was left where the machine stopped: keys whose people have gone, people whose keys have gone; of how many.

    Also after a restore, which brings whoever was erased since back without their key.
    """
    with_key, here = set[UUID](), set[UUID]()
    with looking(hub):
        everybody = crypto.ring().erased()
        for start in range(0, len(everybody), CHUNK):
            some = everybody[start : start + CHUNK]
            with_key |= {UUID(one) for one in crypto.ring().known(some)}
            here |= set(session.scalars(select(Person.id).where(Person.id.in_(map(UUID, some)))))
    for person_id in with_key - here:
        key_goes(hub, person_id)
    return sum(bool(rows_go(hub, person_id)) for person_id in here - with_key)


def key_goes(hub: Hub, person_id: UUID) -> None:
    """Delete the key of somebody whose rows have gone."""
    with hub.entered():
        crypto.ring().erase(str(person_id))


def rows_go(hub: Hub, person_id: UUID) -> int:
    """Take everything away that hangs on one person, at most fifty rows a commit; how many rows."""
    whole = 0
    while True:
        with step(hub):
            here = session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
            if here is None:
                return whole
            whole += (rows := let_go_some(hanging_on({"person": {person_id}})))
            audit.record(
                "person.erased", object_kind="person", object_id=person_id, subject=person_id, rows=rows
            )
