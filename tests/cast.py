"""The cast: who is who in every test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.accounts.models import Organisation, Person, allocate, join_adult
from portal.db import session


@dataclass(frozen=True)
class Cast:
    """The ids of the people of the tests."""

    amara: UUID  # 15, Sam's
    jo: UUID  # 13, Lee's
    ruth: UUID  # Amara's mother
    carol: UUID  # residential carer
    sam: UUID  # Amara's worker
    lee: UUID  # another worker
    dee: UUID  # duty worker
    cory: UUID  # coordinator
    priya: UUID  # manager
    noor: UUID  # participation lead
    ade: UUID  # administrator
    aud: UUID  # auditor
    dan: UUID  # a worker of another organisation, who must see nothing


def enter_the_cast() -> Cast:
    """Enter everybody, in the step under way."""
    council = Organisation(name="Manchester City Council", kind="council")
    provider = Organisation(name="Open Door", kind="provider")
    session.add_all([council, provider])
    session.flush()

    def staff(name: str, *roles: str, at: Organisation = council) -> UUID:
        email = f"{name.split()[0].lower()}@hub.example"
        return Person.enter("staff", name, roles=roles, email=email, organisation_id=at.id).id

    def child(name: str, born: date) -> UUID:
        return Person.enter("child", name, roles=("young person",), born_on=born, living="home").id

    cast = Cast(
        amara=child("Amara Obi", date(2011, 3, 4)),
        jo=child("Jo Birch", date(2013, 6, 1)),
        ruth=Person.enter("adult", "Ruth Obi", roles=("parent or carer",)).id,
        carol=Person.enter("adult", "Carol Home", roles=("residential carer",)).id,
        sam=staff("Sam Okoro", "worker"),
        lee=staff("Lee Marsh", "worker"),
        dee=staff("Dee Duty", "duty worker"),
        cory=staff("Cory Lane", "coordinator"),
        priya=staff("Priya Shah", "manager"),
        noor=staff("Noor Aziz", "participation lead"),
        ade=staff("Ade Min", "administrator"),
        aud=staff("Aud Itor", "auditor"),
        dan=staff("Dan Far", "worker", at=provider),
    )
    allocate(cast.amara, cast.sam)
    allocate(cast.jo, cast.lee)
    join_adult(cast.ruth, cast.amara, "parent")
    return cast
