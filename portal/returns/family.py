"""The form of a parent or carer after a return: when it stands at their door, and what became of it.

It is offered after every return, at the same hour after it, whatever the child does (`product.md`, rule 6): so
nothing here looks at anything that a young person did on their pages. Who may be offered it is said per parent,
by a worker who recorded that contacting home is safe; recorded after that hour, it counts from the next return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from portal import audit, crypto
from portal.access import Can, SignedIn
from portal.accounts.models import Link, Person
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session
from portal.episodes.episode import Episode
from portal.questionnaires.models import Submission

PARENT, CARER = "parent", "carer"
STANDS = timedelta(days=28)  # from the hour on; after that a return is not asked about any more


class FamilyForm(Row):
    """The form of one parent or carer about one return of one young person. Its words are theirs, not the child's."""

    __tablename__ = "family_form"
    __subject__ = "adult_id"

    adult_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), unique=True)
    # At home, in their words; empty where they said "no", None where they said nothing.
    not_to_speak_to: Mapped[str | None] = mapped_column(EncryptedText)
    sent_at: Mapped[datetime | None]

    @classmethod
    def begin(cls, submission: Submission, episode_id: UUID) -> None:
        """The form that belongs to this submission; begun twice, it is one."""
        row = {
            "id": new_id(), "created_at": current_hub().now(), "adult_id": submission.person_id,
            "child_id": submission.about_id, "episode_id": episode_id, "submission_id": submission.id,
        }  # fmt: skip
        session.execute(insert_into(cls).values(row).on_conflict_do_nothing())

    @classmethod
    def of(cls, submission_id: UUID) -> FamilyForm:
        """The form to which a submission belongs."""
        return session.scalars(select(cls).where(cls.submission_id == submission_id)).one()

    def mark_sent(self, episode_id: UUID, not_to_speak_to: str | None) -> None:
        """It was sent about the return that is asked about now."""
        self.sent_at, self.episode_id = current_hub().now(), episode_id
        self.not_to_speak_to = not_to_speak_to
        audit.record(
            "family_form.sent", object_kind="submission", object_id=self.submission_id, subject=self.adult_id
        )


@dataclass(frozen=True)
class Offer:
    """What stands at the door of a parent or carer: the form about one return of one young person."""

    link_id: UUID
    child_id: UUID
    kind: str  # of the link: parent, foster carer, residential
    child_name: str  # as the list has it: what a young person is called here is theirs to tell
    episode_id: UUID
    returned_at: datetime
    sent: bool

    @property
    def questionnaire(self) -> str:
        """Which form it is."""
        return PARENT if self.kind == "parent" else CARER


def hour_after(returned_at: datetime) -> datetime:
    """When the form about a return stands at the door: the same number of hours after each (a setting of the hub)."""
    return returned_at + timedelta(hours=current_hub().file.home_form_hours)


def offers(who: SignedIn) -> list[Offer]:
    """What stands at the door of *who* now, the young people by name."""
    rows = session.execute(_offered(who)).all()
    crypto.fetch_keys(row.child_id for row in rows)
    found: dict[UUID, Offer] = {}
    for row in rows:
        if row.home_safe_at <= hour_after(row.returned_at):
            found.setdefault(row.child_id, _offer(row))
    return sorted(found.values(), key=lambda offer: (offer.child_name.casefold(), offer.child_id))


def _offered(who: SignedIn) -> Any:
    """Each running link with the last return whose hour has come, if that is not too long ago."""
    now, earlier = current_hub().now(), aliased(Episode)
    hour_came = now - timedelta(hours=current_hub().file.home_form_hours)
    last = (
        select(func.max(earlier.returned_at))
        .where(earlier.child_id == Link.child_id, earlier.returned_at <= hour_came)
        .correlate(Link)
        .scalar_subquery()
    )
    sent = (FamilyForm.adult_id == Link.adult_id) & (FamilyForm.episode_id == Episode.id)
    return (
        Link.visible_to(who, Can.TELL_MY_SIDE)
        .join(Person, (Person.id == Link.child_id) & Person.ended_at.is_(None))
        .join(Episode, (Episode.child_id == Link.child_id) & (Episode.returned_at == last))
        .outerjoin(FamilyForm, sent & FamilyForm.sent_at.is_not(None))
        .where(Link.home_safe_at.is_not(None), Episode.returned_at >= hour_came - STANDS)
        .order_by(Link.starts_at, Link.id, Episode.id)
        .with_only_columns(
            Link.id, Link.kind, Link.child_id, Link.home_safe_at, Person.name, Episode.id.label("episode_id"),
            Episode.returned_at, FamilyForm.sent_at,
        )
    )  # fmt: skip


def _offer(row: Any) -> Offer:
    name = crypto.open_sealed(row.name, "person", "name", row.child_id, row.child_id)
    first = name.split()[0]
    return Offer(
        row.id, row.child_id, row.kind, first, row.episode_id, row.returned_at, row.sent_at is not None
    )


# --- what a worker sees of it before they contact home ------------------------------------------------------------


@dataclass(frozen=True)
class Caution:
    """A parent says that there is somebody at home who should not be spoken to."""

    name: str
    said_at: datetime
    words: str


def cautions(child_id: UUID) -> list[Caution]:
    """Of each adult the last thing they said about whom not to speak to at home; nothing where that was "no"."""
    rows = session.execute(
        select(FamilyForm, Person)
        .join(Person, Person.id == FamilyForm.adult_id)
        .where(FamilyForm.child_id == child_id, FamilyForm.not_to_speak_to.is_not(None))
        .order_by(FamilyForm.sent_at)
    ).all()
    last = {
        adult.id: Caution(adult.name, form.sent_at or form.created_at, form.not_to_speak_to or "")
        for form, adult in rows
    }
    return sorted((one for one in last.values() if one.words), key=lambda one: one.name.casefold())


def caution_in(submission_id: UUID) -> str:
    """What one form says about whom not to speak to at home; nothing if it says nothing, or "no"."""
    form = session.scalar(select(FamilyForm).where(FamilyForm.submission_id == submission_id))
    return (form.not_to_speak_to or "") if form else ""


def last_sent(child_id: UUID) -> dict[UUID, datetime]:
    """When each adult last sent a form about this young person."""
    rows = session.execute(
        select(FamilyForm.adult_id, func.max(FamilyForm.sent_at).label("last"))
        .where(FamilyForm.child_id == child_id, FamilyForm.sent_at.is_not(None))
        .group_by(FamilyForm.adult_id)
    ).all()
    return {row.adult_id: row.last for row in rows}
