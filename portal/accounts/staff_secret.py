"""What somebody of the staff signs in with: a password, and an authenticator's code that works once."""

from __future__ import annotations

import base64
import hmac
from uuid import UUID

import pyotp
from sqlalchemy import ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, crypto
from portal.accounts import slow_hash
from portal.accounts.models import Person
from portal.accounts.words import only_digits
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, new_id, reading, session

STEP = 30  # seconds for which an authenticator shows one code
SHORTEST = 8  # characters of a password (OWASP ASVS 5.0, 6.2.1)


class StaffSecret(Row):
    """The password's hash, the authenticator's secret, and the last step whose code was used."""

    __tablename__ = "staff_secret"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(120))
    totp: Mapped[str] = mapped_column(EncryptedText)
    last_step: Mapped[int] = mapped_column(Integer)

    def takes(self, code: str) -> bool:
        """Use *code* up, if it is of this half minute or one beside it and no later one was used before."""
        step = step_of(self.totp, code)
        if step <= self.last_step:
            return False
        self.last_step = step
        return True


def step_of(totp: str, code: str) -> int:
    """The step that *code* belongs to, now or one to either side, as phones' clocks go wrong; 0 if to none."""
    made, typed = pyotp.TOTP(totp), only_digits(code)
    now = int(current_hub().now().timestamp()) // STEP
    steps = [s for s in (now - 1, now, now + 1) if hmac.compare_digest(made.generate_otp(s), typed)]
    return max(steps, default=0)


def set_secret(person: Person, password: str) -> str:
    """Give *person* a password and a fresh authenticator's secret, which is handed back to be shown once."""
    if len(password) < SHORTEST:
        raise ValueError(f"A password has at least {SHORTEST} characters.")
    totp = base64.b32encode(current_hub().rng.randbytes(20)).decode()
    keep_secret(person.id, slow_hash.hashed(password), totp, 0)
    return totp


def keep_secret(person_id: UUID, password_hash: str, totp: str, last_step: int) -> None:
    """Let *person_id* sign in with this password and authenticator from now on, and with no earlier one."""
    secret = secret_of(person_id)
    if secret is None:
        secret = StaffSecret(person_id=person_id)
        session.add(secret)
    secret.password_hash, secret.totp, secret.last_step = password_hash, totp, last_step
    audit.record("staff_secret.set", object_kind="person", object_id=person_id, subject=person_id)


def secret_of(person_id: UUID) -> StaffSecret | None:
    """What somebody signs in with by password and code, held for whoever asked until they are done; or None."""
    return session.scalar(select(StaffSecret).where(StaffSecret.person_id == person_id).with_for_update())


def is_password_of(person_id: UUID, password: str) -> bool:
    """Whether this is somebody's password: looked at outside the request's transaction, because it takes long."""
    with reading() as own:
        kept = own.scalar(select(StaffSecret.password_hash).where(StaffSecret.person_id == person_id))
    return slow_hash.fits(password, kept)


def who_signs_in(email: str, password: str, code: str) -> Person | None:
    """Whoever has this e-mail, password and code; None costs the same whichever of them was wrong.

    The slow part runs outside the writing transaction, which would keep every other writer waiting.
    """
    with reading() as own:
        found = own.execute(
            select(StaffSecret.id, StaffSecret.password_hash, StaffSecret.person_id)
            .join(Person, Person.id == StaffSecret.person_id)
            .where(Person.email_hash == crypto.lookup_hash("email", email), Person.ended_at.is_(None))
        ).first()
    right = slow_hash.fits(password, found.password_hash if found else None)
    secret = session.get(StaffSecret, found.id if found else new_id(), with_for_update=True)
    if right and secret is not None and secret.takes(code):
        return session.get_one(Person, secret.person_id)
    audit.record("sign_in.refused", object_kind="person", object_id=found.person_id if found else None)
    return None
