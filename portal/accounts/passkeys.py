"""Passkeys: a key that lies on somebody's own device and opens with their finger, face or the device's own PIN.

It is two things in one, the device and who holds it, so it stands for password and code together. It works at the
staff's door alone: browsers bind it to that host name, so no look-alike page can ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import ForeignKey, Integer, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal import audit
from portal.access import STAFF, SignedIn
from portal.accounts import challenge
from portal.config import current_hub
from portal.crypto import EncryptedText, lookup_hash
from portal.db import Row, new_id, session

MOST = 10  # of one person
LONGEST_NAME = 60
LONGEST_ID = 1400
_REQUIRED = UserVerificationRequirement.REQUIRED


class NoPasskey(Exception):
    """What the browser sent opens nothing; the text says it to whoever adds one."""


class Passkey(Row):
    """One passkey of somebody of the staff. What lies here is public; the secret half never leaves their device."""

    __tablename__ = "passkey"
    __subject__ = "person_id"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)  # "My laptop", in their own words
    credential_id: Mapped[str] = mapped_column(String(LONGEST_ID), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(Integer)  # as the device counts them; some count nothing
    used_at: Mapped[datetime | None]

    @classmethod
    def own(cls, person_id: UUID) -> Select[Passkey]:
        """Somebody's own, the first made first."""
        return select(cls).where(cls.person_id == person_id).order_by(cls.created_at, cls.id)

    @classmethod
    def add(cls, who: SignedIn, sent: str, name: str) -> Passkey:
        """Take the passkey that a device has just made for *who*. Raises `NoPasskey`."""
        if len(session.scalars(cls.own(who.id).with_only_columns(cls.id)).all()) >= MOST:
            raise NoPasskey(f"You have {MOST} passkeys. Remove one first")
        try:
            found = webauthn.verify_registration_response(
                credential=sent, expected_challenge=_challenge_in(sent, f"add {who.id}"), expected_rp_id=_host(),
                expected_origin=current_hub().file.origin(STAFF), require_user_verification=True,
            )  # fmt: skip
        except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
            raise NoPasskey("That did not work. Try once more, or use another device") from None
        key = bytes_to_base64url(found.credential_id)
        if (
            len(key) > LONGEST_ID
            or session.scalar(select(cls.id).where(cls.credential_id == key)) is not None
        ):
            raise NoPasskey("This device has a passkey here already")
        made = cls(
            person_id=who.id, name=name, credential_id=key, public_key=found.credential_public_key,
            uses=found.sign_count,
        )  # fmt: skip
        session.add(made)
        audit.record("passkey.added", object_kind="passkey", object_id=made.id, subject=who.id)
        return made

    def rename(self, name: str) -> None:
        """Call it something else."""
        self.name = name
        audit.record("passkey.renamed", object_kind="passkey", object_id=self.id, subject=self.person_id)

    def remove(self) -> None:
        """From now on it opens nothing here."""
        session.delete(self)
        audit.record("passkey.removed", object_kind="passkey", object_id=self.id, subject=self.person_id)


def to_add(who: SignedIn, email: str) -> str:
    """What a device is asked so that it makes a passkey for *who*, as JSON."""
    there = session.scalars(Passkey.own(who.id).with_only_columns(Passkey.credential_id)).all()
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=_host(), rp_name="Rowan", user_name=email or who.name, user_display_name=who.name,
            user_id=who.id.bytes, challenge=challenge.made(f"add {who.id}"), exclude_credentials=_described(there),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
            ),
        )
    )  # fmt: skip


def to_sign_in() -> str:
    """What a device is asked so that it says who holds it, whoever that is, as JSON."""
    return _to_use("sign in", ())


def to_step_up(person_id: UUID) -> str | None:
    """What a device is asked so that this person proves once more who they are; None if they have no passkey."""
    there = session.scalars(Passkey.own(person_id).with_only_columns(Passkey.credential_id)).all()
    return _to_use(f"step up {person_id}", there) if there else None


def tried(sent: str) -> str:
    """Which passkey was tried, as a keyed hash to count its tries by; whatever names none is counted as one."""
    try:
        return lookup_hash("passkey", _id_in(sent)[:LONGEST_ID])
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        return lookup_hash("passkey", "")


def who_holds(sent: str) -> UUID | None:
    """Whose passkey was used to sign in with; None if it opens nothing."""
    return _used(sent, "sign in")


def holds(person_id: UUID, sent: str) -> bool:
    """Whether a passkey of this person was just used to prove who they are."""
    return _used(sent, f"step up {person_id}") == person_id


def _to_use(purpose: str, there: Sequence[str]) -> str:
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(), challenge=challenge.made(purpose), allow_credentials=_described(there),
            user_verification=_REQUIRED,
        )
    )  # fmt: skip


def _used(sent: str, purpose: str) -> UUID | None:
    try:
        key = _id_in(sent)
        one = session.scalar(select(Passkey).where(Passkey.credential_id == key).with_for_update())
        expected = _challenge_in(sent, purpose)
        if one is None:
            return None
        found = webauthn.verify_authentication_response(
            credential=sent, expected_challenge=expected, expected_rp_id=_host(),
            expected_origin=current_hub().file.origin(STAFF), credential_public_key=one.public_key,
            credential_current_sign_count=one.uses, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        return None
    one.uses, one.used_at = found.new_sign_count, current_hub().now()
    return one.person_id


def _id_in(sent: str) -> str:
    """The passkey's own id, written in the one way in which it is kept."""
    return bytes_to_base64url(base64url_to_bytes(str(json.loads(sent)["id"])))


def _challenge_in(sent: str, purpose: str) -> bytes:
    """The challenge that was signed, if it is one of ours that nobody has used; else one that fits nothing."""
    told = json.loads(base64url_to_bytes(json.loads(sent)["response"]["clientDataJSON"]))
    found = base64url_to_bytes(str(told["challenge"]))
    return found if challenge.takes(purpose, found) else new_id().bytes


def _described(ids: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key)) for key in ids]


def _host() -> str:
    return urlsplit(current_hub().file.origin(STAFF)).hostname or ""
