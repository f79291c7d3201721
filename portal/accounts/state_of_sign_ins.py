"""How everybody of the staff signs in, in one statement: for the administrator's list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal import crypto
from portal.access import STAFF
from portal.accounts.invitations import ASK_HOLDS, Invitation, Recovery
from portal.accounts.models import Organisation, Person
from portal.accounts.passkeys import Passkey
from portal.accounts.sign_in import LIMITS, SignIn
from portal.accounts.staff_secret import StaffSecret
from portal.config import current_hub
from portal.db import session


@dataclass(frozen=True)
class SignInLine:
    """Somebody of the staff: what they sign in with, in words, what is under way, and in how many places they are in."""

    id: UUID
    name: str
    organisation: str
    how: str
    under_way: str
    places: int


def sign_ins_of_all() -> list[SignInLine]:
    """Everybody of the staff who has not left, by name."""
    now, (idle, whole) = current_hub().now(), LIMITS[STAFF]
    of = Person.id
    asked = Recovery.created_at > now - ASK_HOLDS
    rows = session.execute(
        select(
            Person.id, Person.name, Organisation.name.label("organisation"),
            select(func.count()).where(StaffSecret.person_id == of).scalar_subquery().label("secrets"),
            select(func.count()).where(Passkey.person_id == of).scalar_subquery().label("passkeys"),
            select(func.count()).where(SignIn.person_id == of, SignIn.door == STAFF, SignIn.touched_at > now - idle,
                                       SignIn.created_at > now - whole).scalar_subquery().label("places"),
            select(func.count()).where(Invitation.person_id == of, Invitation.used_at.is_(None),
                                       Invitation.ends_at > now).scalar_subquery().label("invited"),
            select(func.count()).where(Recovery.person_id == of, Recovery.approved_at.is_(None), asked,
                                       Recovery.ended_at.is_(None)).scalar_subquery().label("recovery"),
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.kind == "staff", Person.ended_at.is_(None))
    ).all()  # fmt: skip
    crypto.fetch_keys(row.id for row in rows)
    lines = [
        SignInLine(
            row.id, crypto.open_sealed(row.name, "person", "name", row.id, row.id), row.organisation or "",
            _how(row.secrets, row.passkeys), _under_way(row.invited, row.recovery), row.places,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.name.casefold())


def _how(secrets: int, passkeys: int) -> str:
    with_code = ["password and code"] if secrets else []
    with_keys = [f"{passkeys} passkeys" if passkeys > 1 else "a passkey"] if passkeys else []
    return ", ".join(with_code + with_keys) or "not yet"


def _under_way(invited: int, recovery: int) -> str:
    if recovery:
        return "a new one is asked for: look"
    return "invited" if invited else ""
