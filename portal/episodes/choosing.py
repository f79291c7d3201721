"""Who may take a return: whoever interviews is independent of the young person's care, unless they prefer it so.

`product.md`, A return, step 3: at home the Missing from Home Team, our children the independent provider, unless a
worker whom they know already fits better, or they ask for somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from portal.accounts.colleagues import Colleague, colleagues
from portal.accounts.holders import organisations_of_carers
from portal.accounts.models import Organisation, Person
from portal.accounts.pauses import paused_about
from portal.db import session
from portal.episodes.words import CARE_PROVIDER


class NotIndependent(Exception):
    """Whoever was to interview works for an organisation that cares for the young person, who did not ask for them."""


@dataclass(frozen=True)
class Interviewer:
    """Somebody to whom a return can be given, and whether they are independent of the young person's care."""

    who: Colleague
    independent: bool

    @property
    def words(self) -> str:
        """What a list to choose from says of them."""
        return self.who.words + ("" if self.independent else ": works for whoever looks after them")


def carers_of(child_id: UUID, team: str) -> set[UUID]:
    """The organisations that care for a young person: for whom their carers work, and of our children the council."""
    of_carers = Organisation.id.in_(organisations_of_carers(child_id))
    ours = or_(of_carers, Organisation.kind == "council") if team == CARE_PROVIDER else of_carers
    return set(session.scalars(select(Organisation.id).where(ours)))


def is_independent(worker_id: UUID, child_id: UUID, team: str) -> bool:
    """Whether a worker is of no organisation that cares for the young person."""
    works_for = session.scalar(select(Person.organisation_id).where(Person.id == worker_id))
    return works_for not in carers_of(child_id, team)


def interviewers(child_id: UUID, team: str) -> list[Interviewer]:
    """Everybody to whom the young person's return can be given, by name; nobody about whom they may have said something."""
    caring, paused = carers_of(child_id, team), paused_about(child_id)
    return [
        Interviewer(one, one.organisation_id not in caring) for one in colleagues() if one.id not in paused
    ]
