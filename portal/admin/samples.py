"""An auditor's sample: certain young people, for a named time, named by a manager who says what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, false, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import ALLOCATED, Can, SignedIn
from portal.accounts.models import Allocation, Person
from portal.accounts.pauses import Pause, paused
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, session

MOST = 30  # young people in one sample


class AuditSample(Row):
    """What one auditor may look at, from when until when, and what for."""

    __tablename__ = "audit_sample"

    auditor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    named_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(EncryptedText)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    @classmethod
    def name_for(
        cls, auditor_id: UUID, child_ids: Iterable[UUID], purpose: str, ends_at: datetime, by: UUID
    ) -> AuditSample:
        """*by* lets an auditor look at these young people from now on; raises ValueError for oneself, or nobody."""
        children = list(dict.fromkeys(child_ids))
        if auditor_id == by or not children or len(children) > MOST:
            raise ValueError("a sample is somebody else's, and holds somebody")
        now = current_hub().now()
        made = cls(auditor_id=auditor_id, named_by_id=by, purpose=purpose, starts_at=now, ends_at=ends_at)
        session.add(made)
        session.flush()
        for child_id in children:
            session.add(Sampled(sample_id=made.id, child_id=child_id))
            audit.record(
                "sample.named", object_kind="sample", object_id=made.id, subject=child_id, auditor=auditor_id
            )
        return made

    def end(self) -> None:
        """It is over now; ended twice, the first time counts."""
        now = current_hub().now()
        if self.ends_at > now:
            self.ends_at = now
            audit.record("sample.ended", object_kind="sample", object_id=self.id, auditor=self.auditor_id)


class Sampled(Row):
    """One young person of a sample."""

    __tablename__ = "sampled"

    sample_id: Mapped[UUID] = mapped_column(ForeignKey("audit_sample.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)

    @classmethod
    def visible_to(cls, who: SignedIn) -> Select[Sampled]:
        """The young people of those samples that were named for *who* and run now."""
        mine = select(AuditSample.id).where(AuditSample.auditor_id == who.id, running())
        # What was done about what may be about them they see in no sample, however it was named.
        found = select(cls).where(cls.sample_id.in_(mine), ~paused(who.id, cls.child_id))
        return found if ALLOCATED in who.reach(Can.READ_SAMPLE) else found.where(false())


def running() -> ColumnElement[bool]:
    """The condition under which a sample runs now."""
    now = current_hub().now()
    return (AuditSample.starts_at <= now) & (AuditSample.ends_at > now)


def draw(how_many: int, auditor_id: UUID) -> list[UUID]:
    """So many young people drawn by lot from all who are with the hub, but for whom the auditor has had to do with."""
    held = select(Allocation.child_id).where(Allocation.worker_id == auditor_id)
    about = select(Pause.child_id).where(Pause.staff_id == auditor_id)
    strangers = Person.id.not_in(held.union_all(about))
    everybody = list(
        session.scalars(select(Person.id).where(Person.kind == "child", Person.ended_at.is_(None), strangers))
    )
    rng = current_hub().rng
    return rng.sample(sorted(everybody), min(how_many, MOST, len(everybody)))


def how_many_in(sample_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many young people each of these samples holds."""
    rows = session.execute(
        select(Sampled.sample_id, func.count())
        .where(Sampled.sample_id.in_(list(sample_ids)))
        .group_by(Sampled.sample_id)
    )
    return {row[0]: row[1] for row in rows}
