"""The rota: who is on duty out of office hours, in which post, from when until when; and the director on call.

It is read anew each time that it matters. A hub that enters no turns has no cover at night, and promises none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, exists, or_, select, union
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.accounts.cover import Cover, runs
from portal.accounts.models import Person, PersonRole
from portal.accounts.staff_names import names_of
from portal.config import current_hub
from portal.db import Row, session

EMERGENCY_DUTY_TEAM, SECOND_PERSON = "emergency duty team", "second person"
EMERGENCY_DUTY_MANAGER, DIRECTOR_ON_CALL = "emergency duty manager", "director on call"
POSTS = {
    EMERGENCY_DUTY_TEAM: "Emergency duty team",
    SECOND_PERSON: "Second person",
    EMERGENCY_DUTY_MANAGER: "Emergency duty manager",
    DIRECTOR_ON_CALL: "Director on call",
}
# Whoever has none of these roles cannot open every alert, and an alert that cannot be opened is heard by nobody.
ROLES = ("duty worker", "manager")
MOST = 200  # turns on the page, the next to begin first


class DutyTurn(Row):
    """One person's turn in one post, from one instant to another."""

    __tablename__ = "duty_turn"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    post: Mapped[str] = mapped_column(String(30))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (Index("ix_duty_turn_post_ends_at", "post", "ends_at"),)

    @classmethod
    def enter(cls, person_id: UUID, post: str, starts_at: datetime, ends_at: datetime, by: UUID) -> DutyTurn:
        """Put somebody down for a turn; entered twice it is one. Raises ValueError for no post, or for no time."""
        if post not in POSTS or ends_at <= starts_at:
            raise ValueError("a turn is in one of the posts, and for some time")
        same = (cls.person_id == person_id) & (cls.post == post)
        before = session.scalar(select(cls).where(same, cls.starts_at == starts_at, cls.ends_at == ends_at))
        if before is not None:
            return before
        turn = cls(person_id=person_id, post=post, starts_at=starts_at, ends_at=ends_at, said_by_id=by)
        session.add(turn)
        audit.record("rota.entered", object_kind="person", object_id=person_id, post=post,
                     starts_at=starts_at, ends_at=ends_at)  # fmt: skip
        return turn

    def end(self) -> None:
        """It is over now; one that had not begun never begins."""
        now = current_hub().now()
        self.ends_at, self.starts_at = now, min(self.starts_at, now)
        audit.record("rota.ended", object_kind="person", object_id=self.person_id, post=self.post)


@dataclass(frozen=True)
class TurnLine:
    """A turn that runs or is to come, with the names that belong to it."""

    id: UUID
    name: str
    post: str
    starts_at: datetime
    ends_at: datetime
    runs: bool


def on_duty(post: str, at: datetime) -> list[UUID]:
    """The ids of those who are in *post* at the instant *at*, and of those who cover for them then."""
    turns = select(DutyTurn.person_id).where(DutyTurn.post == post, _running(at))
    covers = select(Cover.covers_id).where(Cover.absent_id.in_(turns), runs(at))
    either = union(turns, covers).subquery()
    able = select(Person.id).where(Person.id.in_(select(either)), Person.ended_at.is_(None), _can_open(at))
    return list(session.scalars(able.order_by(Person.id)))


def covered_at(at: datetime) -> bool:
    """Whether somebody of the emergency duty team is on duty at the instant *at*."""
    return bool(on_duty(EMERGENCY_DUTY_TEAM, at))


def coming_turns() -> list[TurnLine]:
    """The turns that run or are to come, the first to begin first."""
    now = current_hub().now()
    wanted = select(DutyTurn).where(DutyTurn.ends_at > now).order_by(DutyTurn.starts_at, DutyTurn.id)
    return _lines(session.scalars(wanted.limit(MOST)).all(), now)


def who_can_be_on_duty() -> dict[UUID, str]:
    """Whoever may be put down for a turn, by id: name and organisation, in the order of their names."""
    now = current_hub().now()
    found = session.scalars(select(Person.id).where(Person.ended_at.is_(None), _can_open(now)))
    return dict(sorted(names_of(found).items(), key=lambda one: one[1].casefold()))


def _lines(turns: Iterable[DutyTurn], now: datetime) -> list[TurnLine]:
    turns = list(turns)
    names = names_of({turn.person_id for turn in turns})
    return [
        TurnLine(
            turn.id, names[turn.person_id], POSTS[turn.post], turn.starts_at, turn.ends_at, turn.starts_at <= now
        )
        for turn in turns
    ]  # fmt: skip


def _running(at: datetime) -> ColumnElement[bool]:
    return (DutyTurn.starts_at <= at) & (DutyTurn.ends_at > at)


def _can_open(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        PersonRole.person_id == Person.id,
        PersonRole.role.in_(ROLES),
        or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > at),
    )
