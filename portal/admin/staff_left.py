"""What goes of somebody of the staff who left long ago. Their name stays beside what they wrote and did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select

from portal import audit
from portal.accounts.invitations import Invitation, Recovery
from portal.accounts.models import Person, PersonRole
from portal.accounts.passkeys import Passkey
from portal.accounts.sign_in import SignIn
from portal.accounts.single_sign_on import StaffIdentity
from portal.accounts.staff_secret import StaffSecret
from portal.admin.letting_go import AT_MOST
from portal.db import session

# By what they came in, and as what.
_WAYS = (PersonRole, SignIn, StaffSecret, Passkey, StaffIdentity, Invitation, Recovery)


def how_many_left(left_before: datetime) -> int:
    """Of how many there is still something to take away."""
    return session.scalar(select(func.count()).select_from(_left(left_before).order_by(None).subquery())) or 0


def strip(left_before: datetime) -> int:
    """Take away by what those of the staff who left before then could be reached and came in; of how many, ten at most."""
    found = session.scalars(_left(left_before).limit(AT_MOST // 5)).all()
    for person in found:
        person.email = person.phone = person.details = person.email_hash = person.phone_hash = None
        for table in _WAYS:
            session.execute(delete(table).where(table.person_id == person.id))
        audit.record("person.let_go", object_kind="person", object_id=person.id, subject=person.id)
    return len(found)


def _left(left_before: datetime) -> Select[Person]:
    first, *others = (select(table.person_id) for table in _WAYS)
    more = first.union_all(*others)
    return (
        select(Person)
        .where(
            Person.kind == "staff", Person.ended_at < left_before, Person.held_because.is_(None),
            or_(Person.email_hash.is_not(None), Person.phone_hash.is_not(None), Person.id.in_(more)),
        )
        .order_by(Person.id)
    )  # fmt: skip
