"""In the room: a worker hands their tablet to a young person, and nothing of the staff's door opens meanwhile.

The worker's sign-in locks in the same commit that makes the token of the hand-over. The token works once, for
seconds, at the young person's door, where it stands for the PIN: the worker vouches, and it is recorded that they
did. Only a code of the worker's authenticator opens the lock, and opening it ends what the young person had open.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from flask import session as cookie
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import STAFF, YOUNG, SignedIn
from portal.accounts import sign_in
from portal.accounts.custody import custody_of
from portal.accounts.models import Person
from portal.accounts.sign_in import LIMITS, LOCKED, SignIn
from portal.accounts.staff_secret import StaffSecret
from portal.accounts.ways_in import InCustody
from portal.config import current_hub
from portal.crypto import LookupHash, lookup_hash
from portal.db import Row, act_as, session
from portal.web import IN_ROOM

# Between the worker's press and the young person's first page; a slow line included.
HOLDS = timedelta(seconds=30)
WRONG_CODES = 5  # after which only a whole sign-in helps
_TOKEN = re.compile(r"[0-9a-f]{32}")


class HandOver(Row):
    """A worker handed their tablet to a young person, and vouched for who that is; of the token only a hash is kept."""

    __tablename__ = "hand_over"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sign_in_id: Mapped[UUID]  # the worker's, which is locked; no key, since it ends
    token_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    used_at: Mapped[datetime | None]

    @classmethod
    def begin(cls, child_id: UUID, who: SignedIn, token: str) -> HandOver | None:
        """Lock *who*'s sign-in and let this token open the young person's door once. None: it is no token.

        Raises `InCustody`.
        """
        if custody_of(child_id) is not None:
            raise InCustody
        row = session.get(SignIn, who.sign_in_id, with_for_update=True)
        if row is None or row.locked_at is not None or not _TOKEN.fullmatch(token):
            return None
        hashed = lookup_hash("hand over", token)
        if session.scalar(select(cls.id).where(cls.token_hash == hashed)) is not None:
            return None
        made = cls(child_id=child_id, worker_id=who.id, sign_in_id=row.id, token_hash=hashed)
        session.add(made)
        row.locked_at, row.wrong_codes = current_hub().now(), 0
        cookie.pop("t", None)  # the forms of pages that the browser has kept are worth nothing now
        audit.record("in_room.begun", object_kind="hand_over", object_id=made.id, subject=child_id)
        return made

    @classmethod
    def last_of(cls, child_id: UUID) -> HandOver | None:
        """When this young person last had a worker's tablet."""
        found = select(cls).where(cls.child_id == child_id, cls.used_at.is_not(None))
        return session.scalar(found.order_by(cls.used_at.desc()).limit(1))


def take_over(token: str) -> SignedIn | None:
    """Sign in the young person for whom this token opens, now and never again; None if it opens nothing.

    It opens only while the worker's sign-in is locked: what was never used dies with the lock.
    """
    found = session.scalar(
        select(HandOver).where(HandOver.token_hash == lookup_hash("hand over", token)).with_for_update()
    )
    if found is None or found.used_at is not None or found.created_at + HOLDS <= current_hub().now():
        return None
    lock = session.get(SignIn, found.sign_in_id, with_for_update=True)
    person = session.get_one(Person, found.child_id)
    roles = sign_in.roles_at(person.id, YOUNG)
    if lock is None or lock.locked_at is None or person.ended_at is not None or not roles:
        return None
    found.used_at = current_hub().now()
    who = sign_in.begin(person, YOUNG, roles)
    session.get_one(SignIn, who.sign_in_id).room_of = found.sign_in_id
    cookie[IN_ROOM] = person.language
    audit.record(
        "in_room.taken_over",
        object_kind="hand_over",
        object_id=found.id,
        subject=person.id,
        by=found.worker_id,
    )
    return who


def locked_here() -> SignIn | None:
    """The staff's sign-in that this browser has locked and a code may open, or None."""
    try:
        row = session.get(SignIn, UUID(cookie.get("_user_id", "")), with_for_update=current_hub().writer)
    except ValueError:
        return None
    if row is None or row.door != STAFF or row.locked_at is None:
        return None
    now = current_hub().now()
    over = now - row.locked_at >= LOCKED or now - row.created_at >= LIMITS[STAFF][1]
    return None if over else row


def unlock(row: SignIn, code: str) -> bool:
    """Open a locked sign-in with a code of its own authenticator; a fifth wrong one ends it.

    Whatever the young person had open on the tablet is over with it.
    """
    act_as(row.person_id)
    secret = session.scalar(
        select(StaffSecret).where(StaffSecret.person_id == row.person_id).with_for_update()
    )
    if secret is not None and sign_in.roles_at(row.person_id, STAFF) and secret.takes(code):
        row.locked_at, row.wrong_codes = None, 0
        row.touched_at = row.proved_at = current_hub().now()
        session.execute(delete(SignIn).where(SignIn.room_of == row.id))
        audit.record("sign_in.unlocked", object_kind="sign_in", object_id=row.id, subject=row.person_id)
        return True
    row.wrong_codes += 1
    audit.record("sign_in.unlock_refused", object_kind="sign_in", object_id=row.id, subject=row.person_id)
    if row.wrong_codes >= WRONG_CODES:
        session.delete(row)
    return False


def end_sittings_of(worker_id: UUID) -> None:
    """End whatever young people have open on tablets that this worker handed over."""
    handed_over = select(HandOver.sign_in_id).where(HandOver.worker_id == worker_id)
    session.execute(delete(SignIn).where(SignIn.room_of.in_(handed_over)))


def whose_turn_it_was(sign_in_id: UUID) -> UUID | None:
    """The young person to whom the tablet was handed last from this sign-in."""
    return session.scalar(
        select(HandOver.child_id)
        .where(HandOver.sign_in_id == sign_in_id)
        .order_by(HandOver.created_at.desc())
        .limit(1)
    )
