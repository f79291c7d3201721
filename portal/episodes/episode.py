"""A time missing, as the list tells it; its return asks for an interview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit
from portal.access import Can, SignedIn
from portal.accounts.models import Person, may_reach
from portal.config import current_hub
from portal.crypto import EncryptedText, LookupHash, lookup_hash
from portal.db import Row, session
from portal.episodes import clock
from portal.episodes.columns import FIELDS
from portal.episodes.models import InterviewTask
from portal.episodes.proposing import cover


class Episode(Row):
    """A time that a young person was missing, as the police told it; `returned_at` None: missing still."""

    __tablename__ = "episode"
    __subject__ = "child_id"

    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_task.id"), index=True)
    police_number: Mapped[str | None] = mapped_column(EncryptedText)
    number_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    missing_at: Mapped[datetime]
    returned_at: Mapped[datetime | None] = mapped_column(index=True)
    reached_us_at: Mapped[datetime]  # when the hub heard of the return, or, before one, of the going
    living: Mapped[str | None] = mapped_column(String(20))
    details: Mapped[str] = mapped_column(EncryptedText)  # JSON: the list's other texts, by field
    home_returned_at: Mapped[datetime | None]  # when they came back, as whoever cares for them says it
    home_said_at: Mapped[datetime | None]
    home_said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def enter(cls, child: Person, *, number: str, missing_at: datetime, returned_at: datetime | None,
              living: str, details: Mapping[str, str], reached_us_at: datetime | None = None,
              **more: object) -> Episode:  # fmt: skip
        """Enter a time missing of *child*; a return proposes an interview. *reached_us_at* None: the hub hears now."""
        task = cover(child.id, living, returned_at) if returned_at else None
        episode = cls(
            child_id=child.id, missing_at=missing_at, returned_at=returned_at, living=living or None,
            police_number=number or None, number_hash=number_hash(number), task_id=task.id if task else None,
            reached_us_at=reached_us_at or current_hub().now(), details=json.dumps(dict(details)), **more,
        )  # fmt: skip
        session.add(episode)
        session.flush()
        audit.record("episode.entered", object_kind="episode", object_id=episode.id, subject=child.id)
        return episode

    def change(self, *, number: str, missing_at: datetime, returned_at: datetime | None, living: str,
               details: Mapping[str, str], reached_us_at: datetime | None = None) -> None:  # fmt: skip
        """Take over what a later list says; a return that it brings proposes an interview."""
        if number and not self.police_number:
            self.police_number, self.number_hash = number, number_hash(number)
        self.missing_at, self.living = missing_at, living or self.living
        self.details = json.dumps(self.texts | {field: text for field, text in details.items() if text})
        audit.record("episode.changed", object_kind="episode", object_id=self.id, subject=self.child_id)
        if returned_at is None or returned_at == self.returned_at:
            return
        if self.returned_at is None:
            self.reached_us_at = reached_us_at or current_hub().now()
            self.task_id = cover(self.child_id, self.living or "", returned_at).id
        self.returned_at = returned_at
        session.flush()
        if self.task_id and (task := session.get(InterviewTask, self.task_id)):
            count_again(task)

    def home_says(self, returned_at: datetime, by: UUID) -> None:
        """Note beside the list's time when home says that they came back; the clock goes on by the list's."""
        self.home_returned_at, self.home_said_by_id = returned_at, by
        self.home_said_at = current_hub().now()
        audit.record(
            "episode.home_says", object_kind="episode", object_id=self.id, subject=self.child_id, by=by
        )

    @property
    def texts(self) -> dict[str, str]:
        """The list's other texts, by field."""
        found: dict[str, str] = json.loads(self.details)
        return found

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """The list's other texts, each with its label."""
        return [(FIELDS[field], text) for field, text in self.texts.items()]

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.SEE_RETURNS) -> Select[Episode]:
        """The episodes that *who* may reach with the ability *can*."""
        return select(cls).where(may_reach(who, can, cls.child_id))


def number_hash(number: str) -> str | None:
    """What an incident number is found by; None for none."""
    return lookup_hash("number", number) if number else None


def latest_return(child_id: UUID) -> Episode | None:
    """The young person's last time missing from which they came back, or None."""
    return session.scalar(
        select(Episode)
        .where(Episode.child_id == child_id, Episode.returned_at.is_not(None))
        .order_by(Episode.returned_at.desc())
        .limit(1)
    )


def episodes_of(task: InterviewTask) -> list[Episode]:
    """The returns that a conversation covers, the last first."""
    found = select(Episode).where(Episode.task_id == task.id).order_by(Episode.missing_at.desc())
    return list(session.scalars(found))


def count_again(task: InterviewTask) -> None:
    """The interview is due 72 hours after the first return that it covers."""
    first = session.scalar(select(func.min(Episode.returned_at)).where(Episode.task_id == task.id))
    if first is not None:
        task.due_at = clock.due_at(first)
