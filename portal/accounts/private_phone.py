"""Whether somebody has said "this phone is private": asked face to face, and asked again each time.

A PIN can be forced (`product.md`, rule 11), so nobody can say this alone with a phone: a worker who is with
them asks, and puts down what they said or lets them say it on their own phone within a quarter of an hour. It ends
by itself with another way in, with "put it all away", and after thirty days in which nobody has asked again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import SignedIn
from portal.accounts.ways_in import WayIn
from portal.config import current_hub
from portal.db import Row, session

HOLDS = timedelta(days=30)
TO_ANSWER = timedelta(minutes=15)


class PrivatePhone(Row):
    """Somebody was asked, face to face, whether their phone is private, and what they said."""

    __tablename__ = "private_phone"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    said_private_at: Mapped[datetime | None]  # None: asked on their own phone, and not answered yet
    ended_at: Mapped[datetime | None]


def phone_is_private(person_id: UUID) -> bool:
    """Whether this person's phone may show what is not new today: they said so, and nothing has ended it since."""
    holds = _standing(person_id).where(
        PrivatePhone.said_private_at > current_hub().now() - HOLDS,
        ~select(WayIn.id)
        .where(WayIn.person_id == person_id, WayIn.created_at > PrivatePhone.said_private_at)
        .exists(),
    )
    return session.scalar(holds.with_only_columns(PrivatePhone.id)) is not None


def shows_old_things(who: SignedIn) -> bool:
    """Whether the screen before *who* may show what is not new today: their own private phone, and no worker's tablet.

    Who else is in the room, and who has the tablet next, they did not answer for.
    """
    return not who.in_room and phone_is_private(who.id)


def last_asked(person_id: UUID) -> datetime | None:
    """When somebody last asked about it, whatever was said."""
    found = select(PrivatePhone.asked_at).where(PrivatePhone.person_id == person_id)
    return session.scalar(found.order_by(PrivatePhone.asked_at.desc()).limit(1))


def may_say_now(person_id: UUID) -> bool:
    """Whether a worker who is with them has just asked them to say it on their own phone."""
    return _waiting(person_id) is not None


def say_private(person_id: UUID, by: UUID) -> None:
    """They told *by*, face to face, that their phone is private."""
    end(person_id)
    now = current_hub().now()
    session.add(PrivatePhone(person_id=person_id, asked_by_id=by, asked_at=now, said_private_at=now))
    _note("phone.called_private", person_id)


def say_not_private(person_id: UUID, by: UUID) -> None:
    """They told *by*, face to face, that it is not, or not any more."""
    end(person_id)
    now = current_hub().now()
    session.add(PrivatePhone(person_id=person_id, asked_by_id=by, asked_at=now, ended_at=now))
    _note("phone.called_not_private", person_id)


def let_them_say(person_id: UUID, by: UUID) -> None:
    """*by* is with them and lets them answer on their own phone, for a quarter of an hour."""
    end(person_id)
    session.add(PrivatePhone(person_id=person_id, asked_by_id=by, asked_at=current_hub().now()))
    _note("phone.asked_about", person_id)


def answer_on_it(person_id: UUID, private: bool) -> None:
    """They answer on their phone; it counts only while the worker's question waits there."""
    if (asked := _waiting(person_id)) is None:
        return
    now = current_hub().now()
    if private:
        asked.said_private_at = now
    else:
        asked.ended_at = now
    _note("phone.called_private" if private else "phone.called_not_private", person_id)


def _standing(person_id: UUID) -> Select[PrivatePhone]:
    return select(PrivatePhone).where(PrivatePhone.person_id == person_id, PrivatePhone.ended_at.is_(None))


def _waiting(person_id: UUID) -> PrivatePhone | None:
    asked = _standing(person_id).where(
        PrivatePhone.said_private_at.is_(None), PrivatePhone.asked_at > current_hub().now() - TO_ANSWER
    )
    return session.scalar(asked)


def end(person_id: UUID) -> None:
    """Whatever was said before no longer holds; with "put it all away", too."""
    for before in session.scalars(_standing(person_id)):
        before.ended_at = current_hub().now()


def _note(act: str, person_id: UUID) -> None:
    audit.record(act, object_kind="person", object_id=person_id, subject=person_id)
