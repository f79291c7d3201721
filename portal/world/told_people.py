"""What a file may say about people: who they are, who is joined to whom, and who was given a way in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portal.access import DOOR_OF, FAMILY, POLICY, YOUNG
from portal.i18n import LANGUAGES
from portal.world.telling import Act, Id, Key, Living, Told, one_of
from portal.world.times import When


class OrganisationTold(Told):
    """An organisation that staff belong to."""

    name: Key
    kind: Literal["council", "provider", "health", "home"]


class Somebody(Told):
    """A person, under the key by which the rest of the file calls them."""

    key: Key
    id: Id | None = None
    name: Key
    roles: Annotated[tuple[Annotated[str, one_of(POLICY, "role")], ...], Field(min_length=1)]
    known_as: Key | None = None
    born_on: date | None = None
    living: Living | None = None
    language: Annotated[str, one_of(LANGUAGES, "language")] = "en_GB"
    email: Key | None = None
    phone: Key | None = None
    organisation: Key | None = None
    password: Annotated[str, Field(min_length=8)] | None = None
    totp: Annotated[str, Field(pattern="^[A-Z2-7]{16,}$")] | None = None
    put_away_at: When | None = None
    ended_at: When | None = None
    held_because: Key | None = None
    note: str = ""

    @property
    def kind(self) -> str:
        """child, adult or staff, as the roles have it."""
        return {YOUNG: "child", FAMILY: "adult"}.get(DOOR_OF[self.roles[0]], "staff")

    @model_validator(mode="after")
    def _one_door(self) -> Self:
        if len({DOOR_OF[role] for role in self.roles}) > 1:
            raise ValueError("roles must all be of one door")
        if self.password and (self.kind != "staff" or not self.email):
            raise ValueError("password is for staff with an e-mail")
        return self


class LinkTold(Told):
    """A parent or carer of one young person."""

    adult: Key
    child: Key
    kind: Literal["parent", "foster carer", "residential"]
    since: When | None = None
    until: When | None = None
    home_safe: Act | None = None


class AllocationTold(Told):
    """A worker who holds a young person."""

    worker: Key
    child: Key
    since: When | None = None
    until: When | None = None


class CoverTold(Act):
    """Somebody covers for a colleague who is away."""

    absent: Key
    covers: Key
    starts_at: When
    ends_at: When


class WayInTold(Told):
    """A way in that somebody of the staff gave."""

    person: Key
    by: Key
    at: When = "now"
