"""The council's own sign-in (OpenID Connect): it says who somebody is, and never makes an account by itself.

An account of theirs opens ours only once its owner has joined the two, signed in here the other way. They are joined
by the provider's own name for a person (`sub`), never by an e-mail, which another person may be given later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import STAFF, SignedIn
from portal.accounts.models import Person
from portal.config import SingleSignOn, current_hub
from portal.crypto import LookupHash, lookup_hash
from portal.db import Row, beyond_the_wall, session, undo

PATIENCE = 5  # seconds for each question to the provider
HOLDS = timedelta(minutes=10)  # between leaving for the provider and coming back
LEEWAY = 60  # seconds by which the provider's clock may differ
_SIGNED_WITH = ["RS256", "PS256", "ES256"]
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class NotSaid(Exception):
    """The provider did not say who it is, or not so that it can be believed."""


class NotAnew(NotSaid):
    """The provider let somebody through who did not prove there, after leaving here, who they are; or does not say when."""


class StaffIdentity(Row):
    """Somebody's account at the council's sign-in, by a keyed hash of the provider's own name for them."""

    __tablename__ = "staff_identity"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    who_hash: Mapped[str] = mapped_column(LookupHash, unique=True)

    @classmethod
    def of(cls, person_id: UUID) -> StaffIdentity | None:
        """What this person has joined, or None."""
        return session.scalar(select(cls).where(cls.person_id == person_id))

    @classmethod
    def join(cls, who: SignedIn, said: Said) -> bool:
        """Let that account open *who*'s sign-in from now on; False if it opens somebody else's."""
        hashed = _hash(said)
        with beyond_the_wall():  # whether it is somebody else's; whose, nobody is told
            theirs = session.scalar(select(cls.person_id).where(cls.who_hash == hashed))
        if theirs is not None:
            return theirs == who.id
        if (earlier := cls.of(who.id)) is not None:
            session.delete(earlier)
            session.flush()
        session.add(cls(person_id=who.id, who_hash=hashed))
        audit.record("single_sign_on.joined", object_kind="person", object_id=who.id, subject=who.id)
        return True

    def part(self) -> None:
        """From now on that account opens nothing here."""
        session.delete(self)
        audit.record(
            "single_sign_on.parted", object_kind="person", object_id=self.person_id, subject=self.person_id
        )


@dataclass(frozen=True)
class Said:
    """Whom the provider says it is, and when they proved it there: since they left here."""

    issuer: str
    subject: str
    proved_at: datetime


def settings() -> SingleSignOn | None:
    """The hub's single sign-on, or None where it has none."""
    return current_hub().file.single_sign_on


def leave_for(purpose: str) -> tuple[str, dict[str, str]]:
    """The provider's address to go to, and what this browser keeps until it comes back. Raises `NotSaid`.

    Each time they are to prove who they are. A provider that remembers this browser would otherwise open Rowan to
    whoever holds it: a tablet that was handed over, a laptop that was left.
    """
    about, rng = _discovered(), current_hub().rng
    kept = {name: rng.randbytes(24).hex() for name in ("state", "nonce", "verifier")}
    address, _ = _client().create_authorization_url(
        about["authorization_endpoint"],
        state=kept["state"],
        nonce=kept["nonce"],
        code_verifier=kept["verifier"],
        prompt="login",
        max_age="0",
    )
    at = str(int(current_hub().now().timestamp()))
    return address, kept | {"purpose": purpose, "at": at}


def who_comes_back(code: str, state: str, kept: Mapping[str, str]) -> Said:
    """Whom the provider says it is, once its answer is looked at from every side. Raises `NotSaid`, `NotAnew`."""
    now = current_hub().now()
    if not code or not state or kept.get("state") != state:
        raise NotSaid
    if not 0 <= now.timestamp() - int(kept["at"]) < HOLDS.total_seconds():
        raise NotSaid
    undo()  # while the provider is asked, nobody may wait for this request
    about, config = _discovered(), _settings()
    try:
        with _client() as client:
            got = client.fetch_token(
                about["token_endpoint"], code=code, code_verifier=kept["verifier"], timeout=PATIENCE
            )
        keys = KeySet.import_key_set(_fetched(about["jwks_uri"]))  # type: ignore[arg-type]
        claims = jwt.decode(got["id_token"], keys, algorithms=_SIGNED_WITH).claims
        needed: dict[str, Any] = {
            "iss": {"essential": True, "value": about["issuer"]}, "aud": {"essential": True, "value": config.client_id},
            "exp": {"essential": True}, "sub": {"essential": True}, "nonce": {"essential": True, "value": kept["nonce"]},
        }  # fmt: skip
        jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=LEEWAY, **needed).validate(claims)
    except (OAuthError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as fault:
        raise NotSaid from fault
    if claims.get("azp", config.client_id) != config.client_id:
        raise NotSaid
    proved_at = _proved_at(claims, now)
    # What it was asked can be taken out of the address on the way.
    if proved_at is None or proved_at.timestamp() < int(kept["at"]) - LEEWAY:
        raise NotAnew
    return Said(about["issuer"], str(claims["sub"]), proved_at)


def whose(said: Said) -> Person | None:
    """Whose sign-in that account opens; None if it is joined to nobody's, or they have left."""
    found = select(Person).join(StaffIdentity, StaffIdentity.person_id == Person.id)
    return session.scalar(found.where(StaffIdentity.who_hash == _hash(said), Person.ended_at.is_(None)))


def _proved_at(claims: Mapping[str, Any], now: datetime) -> datetime | None:
    # One that does not say when may have let them through without asking, whatever it was asked for.
    at = claims.get("auth_time")
    return min(datetime.fromtimestamp(at, UTC), now) if type(at) is int else None


def _settings() -> SingleSignOn:
    if (found := settings()) is None:
        raise NotSaid
    return found


def _client() -> OAuth2Session:
    config = _settings()
    return OAuth2Session(
        config.client_id, config.client_secret, scope="openid", code_challenge_method="S256",
        redirect_uri=f"{current_hub().file.origin(STAFF)}/signed-on", default_timeout=PATIENCE,
    )  # fmt: skip


def _discovered() -> dict[str, str]:
    """What the provider says of itself; asked each time, since few sign in and its keys may change."""
    issuer = _settings().issuer
    about = _fetched(f"{issuer}/.well-known/openid-configuration")
    if not all(isinstance(about.get(name), str) for name in _NEEDED) or about["issuer"].rstrip("/") != issuer:
        raise NotSaid
    return about


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as fault:
        raise NotSaid from fault
    if not isinstance(found, dict):
        raise NotSaid
    return found


def _hash(said: Said) -> str:
    # Letter by letter: a looked-for text is folded to small letters first, and two people may differ in one capital.
    exact = hashlib.sha256(f"{said.issuer}\n{said.subject}".encode("utf-8", "surrogatepass")).hexdigest()
    return lookup_hash("single sign-on", exact)
