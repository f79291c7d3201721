"""How somebody of the staff comes to their first sign-in, and to a new one when theirs is lost.

An invitation is a code that is shown once, works once, for three days. It takes two people, for a first sign-in and
for a lost one alike: an administrator asks, having made sure who it is; another administrator, or a manager, approves
and is shown the code. Whoever could do both alone could sign in as anybody, or invent somebody and sign in as them; so
neither of the two may have brought the other in.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Select, and_, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import STAFF
from portal.accounts import sign_in as sign_ins
from portal.accounts.draw import Draw
from portal.accounts.given_roles import who_watch
from portal.accounts.models import Person
from portal.accounts.passkeys import Passkey
from portal.accounts.single_sign_on import StaffIdentity
from portal.accounts.staff_secret import StaffSecret
from portal.audit import AuditEvent
from portal.config import current_hub
from portal.crypto import EncryptedText, LookupHash, lookup_hash
from portal.db import Row, session

HOLDS = timedelta(hours=72)
ASK_HOLDS = timedelta(hours=24)  # for which a second administrator may approve


class TwoPeople(Exception):
    """Whoever asked, or whose sign-in it is, may not approve; nor may who brought the asker in, or was brought in by them."""


class Invitation(Row):
    """A code with which somebody of the staff chooses a password and sets up an authenticator; of it only a hash."""

    __tablename__ = "sign_in_invitation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(LookupHash, unique=True)
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @classmethod
    def make(cls, person_id: UUID, by: UUID, draw: Draw) -> str:
        """The code of an invitation for *person_id*; an earlier one ends. One form makes one, however often it comes."""
        code, now = _code(draw), current_hub().now()
        hashed = lookup_hash("invitation", typed(code))
        if session.scalar(select(cls.id).where(cls.code_hash == hashed)) is not None:
            return code
        for earlier in session.scalars(cls.open_of(person_id)):
            earlier.ends_at = now
        made = cls(person_id=person_id, by_id=by, code_hash=hashed, ends_at=now + HOLDS)
        session.add(made)
        audit.record("sign_in.invited", object_kind="person", object_id=person_id, subject=person_id, by=by)
        return code

    @classmethod
    def open_of(cls, person_id: UUID) -> Select[Invitation]:
        """The invitation of somebody that still opens."""
        now = current_hub().now()
        return select(cls).where(cls.person_id == person_id, cls.used_at.is_(None), cls.ends_at > now)

    @classmethod
    def of(cls, code: str) -> Invitation | None:
        """The invitation that this code opens now, of somebody who may sign in at the staff's door; or None."""
        found = session.scalar(
            select(cls)
            .join(Person, Person.id == cls.person_id)
            .where(
                cls.code_hash == lookup_hash("invitation", typed(code)), cls.used_at.is_(None),
                cls.ends_at > current_hub().now(), Person.ended_at.is_(None),
            )
            .with_for_update(of=cls)
        )  # fmt: skip
        return found if found is not None and sign_ins.roles_at(found.person_id, STAFF) else None

    def use(self) -> None:
        """It has done what it was for."""
        self.used_at = current_hub().now()
        audit.record(
            "sign_in.invitation_used", object_kind="person", object_id=self.person_id, subject=self.person_id
        )


class Recovery(Row):
    """An administrator asks that somebody get a sign-in, the first or a new one; a second person approves, or it lapses."""

    __tablename__ = "sign_in_recovery"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_sure: Mapped[str] = mapped_column(EncryptedText)  # how the first made sure who it is
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @classmethod
    def ask(cls, person_id: UUID, made_sure: str, by: UUID) -> Recovery:
        """*by* asks, and says how they made sure who it is; asked already, that one stands."""
        if person_id == by:
            raise TwoPeople
        if (there := cls.open_of(person_id)) is not None:
            return there
        asked = cls(person_id=person_id, asked_by_id=by, made_sure=made_sure)
        session.add(asked)
        audit.record(
            "sign_in.recovery_asked", object_kind="person", object_id=person_id, subject=person_id, by=by
        )
        for second in who_watch(but=(person_id, by)):
            outbox.put(
                "sign_in.asked", object_id=asked.id, recipient=second, key=f"second:{asked.id}:{second}"
            )
        return asked

    @classmethod
    def open_of(cls, person_id: UUID) -> Recovery | None:
        """What was asked for somebody and nobody has approved or refused; or None."""
        return session.scalar(
            select(cls).where(
                cls.person_id == person_id, cls.approved_at.is_(None), cls.ended_at.is_(None),
                cls.created_at > current_hub().now() - ASK_HOLDS,
            )
            .order_by(cls.created_at.desc()).limit(1).with_for_update()
        )  # fmt: skip

    @classmethod
    def under_way_of(cls, person_id: UUID) -> Select[Recovery]:
        """What was asked for somebody, or approved, and could still bring them an invitation."""
        now = current_hub().now()
        waits = and_(cls.approved_at.is_(None), cls.created_at > now - ASK_HOLDS)
        return select(cls).where(
            cls.person_id == person_id, cls.ended_at.is_(None), or_(cls.approved_at > now - HOLDS, waits)
        )

    @classmethod
    def all_open(cls) -> list[Recovery]:
        """What waits for a second person, the first asked first."""
        waits = (
            cls.approved_at.is_(None),
            cls.ended_at.is_(None),
            cls.created_at > current_hub().now() - ASK_HOLDS,
        )
        return list(session.scalars(select(cls).where(*waits).order_by(cls.created_at, cls.id)))

    @classmethod
    def approved_by(cls, person_id: UUID) -> UUID | None:
        """Who approved what somebody has not used yet: until then they alone make an invitation or show it once more."""
        used = select(Invitation.used_at).where(
            Invitation.person_id == person_id, Invitation.used_at.is_not(None)
        )
        last = session.scalar(used.order_by(Invitation.used_at.desc()).limit(1))
        found = session.scalar(
            select(cls)
            .where(
                cls.person_id == person_id, cls.approved_at > current_hub().now() - HOLDS, cls.ended_at.is_(None)
            )
            .order_by(cls.approved_at.desc()).limit(1)
        )  # fmt: skip
        if found is None or found.approved_at is None or (last is not None and last >= found.approved_at):
            return None
        return found.approved_by_id

    def may_approve(self, by: UUID) -> bool:
        """Whether *by* can be the second of the two: not who asked, nor whose sign-in it is, nor tied to who asked."""
        return by not in (self.asked_by_id, self.person_id) and not brought_in(by, self.asked_by_id)

    def approve(self, by: UUID, draw: Draw) -> str:
        """The second of the two: everything they signed in with is over, and an invitation makes it anew; its code.

        Raises `TwoPeople` for whoever may not approve.
        """
        if not self.may_approve(by):
            raise TwoPeople
        outbox.withdraw(self.id)
        self.approved_by_id, self.approved_at = by, current_hub().now()
        forget_sign_in(self.person_id, self.id)
        audit.record("sign_in.recovered", object_kind="person", object_id=self.person_id, subject=self.person_id,
                     asked_by=self.asked_by_id)  # fmt: skip
        return Invitation.make(self.person_id, by, draw)

    def end(self, by: UUID) -> None:
        """It is refused or taken back; nothing changes."""
        self.ended_at = current_hub().now()
        outbox.withdraw(self.id)
        audit.record("sign_in.recovery_ended", object_kind="person", object_id=self.person_id, subject=self.person_id,
                     by=by)  # fmt: skip


_SIGNS_IN_WITH = (StaffSecret, Passkey, StaffIdentity)


def signs_in(person_id: UUID) -> bool:
    """Whether somebody has anything to sign in with."""
    return any(
        session.scalar(select(table.id).where(table.person_id == person_id).limit(1)) is not None
        for table in _SIGNS_IN_WITH
    )


def forget_sign_in(person_id: UUID, of: UUID) -> None:
    """Whatever somebody signs in with is over, and wherever they are signed in; who had something is told, because of *of*."""
    before = signs_in(person_id)
    _delete_sign_in(person_id)
    if before:
        tell_of_change(person_id, of)


def see_out(person_id: UUID, by: UUID) -> None:
    """Whatever somebody who leaves signed in with is over, and whatever was on its way to a new sign-in; nobody is told.

    If they come back, it takes two people again to give them a sign-in.
    """
    _delete_sign_in(person_id)
    now = current_hub().now()
    for invitation in session.scalars(Invitation.open_of(person_id)):
        invitation.ends_at = now
    for recovery in session.scalars(Recovery.under_way_of(person_id)):
        recovery.end(by)


def _delete_sign_in(person_id: UUID) -> None:
    sign_ins.end_all(person_id)
    for table in _SIGNS_IN_WITH:
        session.execute(delete(table).where(table.person_id == person_id))


def brought_in(one: UUID, other: UUID) -> bool:
    """Whether one of these two entered the other, or saw the invitation by which the other signs in now."""
    entered = select(AuditEvent.id).where(
        AuditEvent.act == "person.entered",
        or_(
            and_(AuditEvent.subject_id == one, AuditEvent.actor_id == other),
            and_(AuditEvent.subject_id == other, AuditEvent.actor_id == one),
        ),
    )
    if session.scalar(entered.limit(1)) is not None:
        return True
    return other in _invited_by(one) or one in _invited_by(other)


def _invited_by(person_id: UUID) -> list[UUID]:
    """Who made the last invitation that this person used: one id, or none."""
    used = select(Invitation.by_id).where(Invitation.person_id == person_id, Invitation.used_at.is_not(None))
    return list(session.scalars(used.order_by(Invitation.used_at.desc()).limit(1)))


def tell_of_change(person_id: UUID, of: UUID) -> None:
    """Tell somebody by message that what they sign in with was changed, if there is a way to reach them."""
    reachable = or_(Person.email_hash.is_not(None), Person.phone_hash.is_not(None))
    if session.scalar(select(Person.id).where(Person.id == person_id, reachable)) is not None:
        now = current_hub().now()
        outbox.put(
            "sign_in.changed", object_id=of, recipient=person_id, key=f"sign-in {of} {now.timestamp()}"
        )


@dataclass(frozen=True)
class Shown:
    """An invitation as it is shown once: the link and the same code to type."""

    link: str
    code: str


def shown(code: str) -> Shown:
    """What the page shows of an invitation that was just made."""
    return Shown(f"{current_hub().file.origin(STAFF)}/welcome#{code}", code)


def typed(code: str) -> str:
    """A code as it is looked for, however it was typed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:40]


def authenticator_of(person_id: UUID, code: str, form_key: str) -> str:
    """The authenticator's secret that one page of this invitation offers, by a random key that only that page carries.

    Whoever else sees the invitation opens a page of their own, and learns nothing of its owner's secret.
    """
    return Draw.of(person_id, f"invitation {typed(code)} {form_key}").authenticator()


def _code(draw: Draw) -> str:
    """120 bits as 24 letters and digits that nobody mixes up, in groups of four."""
    said = base64.b32encode(bytes.fromhex(draw.token())[:15]).decode()
    return "-".join(said[n : n + 4] for n in range(0, len(said), 4))
