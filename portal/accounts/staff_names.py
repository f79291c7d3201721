"""People by name with the organisation they belong to: pages that say who say which."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from portal import crypto
from portal.accounts.models import Organisation, Person
from portal.db import session


def names_of(people: Iterable[UUID], *, plain: bool = False) -> dict[UUID, str]:
    """What *people* are called and, unless *plain*, for whom they work, by id, in one statement."""
    wanted = set(people)
    if not wanted:
        return {}
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(wanted))
    ).all()
    crypto.fetch_keys(row.id for row in rows)
    return {row.id: _said(_opened(row.id, row.name), None if plain else row.organisation) for row in rows}


def _opened(person_id: UUID, sealed: crypto.Sealed) -> str:
    return crypto.open_sealed(sealed, "person", "name", person_id, person_id)


def _said(name: str, organisation: str | None) -> str:
    return f"{name} ({organisation})" if organisation else name
