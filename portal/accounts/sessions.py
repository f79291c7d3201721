"""Where somebody of the staff is signed in: in which browser, since when, last seen to the minute; ended at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from portal import audit
from portal.access import STAFF
from portal.accounts.sign_in import LIMITS, SignIn
from portal.config import current_hub
from portal.db import session


@dataclass(frozen=True)
class Sitting:
    """One sign-in of somebody of the staff that still opens something."""

    id: UUID
    where: str
    since: datetime
    seen: datetime
    in_room: bool


def sittings_of(person_id: UUID) -> list[Sitting]:
    """Where somebody is signed in at the staff's door now, the last seen first."""
    now, (idle, whole) = current_hub().now(), LIMITS[STAFF]
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.door == STAFF, SignIn.created_at > now - whole)
        .order_by(SignIn.touched_at.desc(), SignIn.id)
    )
    return [
        Sitting(row.id, row.browser or "A browser", row.created_at, row.touched_at, row.locked_at is not None)
        for row in rows
        if row.locked_at is not None or now - row.touched_at < idle
    ]


def end_sitting(person_id: UUID, sign_in_id: UUID) -> bool:
    """End one sign-in of this person, and what a young person has open by it; whether there was one."""
    gone = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id, SignIn.door == STAFF)
    if session.scalar(gone.returning(SignIn.id)) is None:
        return False
    _ended(person_id, sign_in_id)
    return True


def end_others(person_id: UUID, but: UUID | None) -> None:
    """End every sign-in of this person at the staff's door but this one (None: all)."""
    for sitting in session.scalars(
        select(SignIn.id).where(SignIn.person_id == person_id, SignIn.door == STAFF)
    ).all():
        if sitting != but:
            end_sitting(person_id, sitting)


def _ended(person_id: UUID, sign_in_id: UUID) -> None:
    session.execute(delete(SignIn).where(SignIn.room_of == sign_in_id))
    audit.record("sign_in.ended", object_kind="sign_in", object_id=sign_in_id, subject=person_id)
