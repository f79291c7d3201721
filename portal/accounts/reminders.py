"""A reminder of what was arranged with somebody who turned reminders on: a day and a part of it, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, i18n, outbox
from portal.accounts.contact_times import PARTS, hours_of
from portal.accounts.models import Link, Person
from portal.accounts.safe_contact import TEXT, SafeContact, next_by
from portal.accounts.ways_in import lock_person
from portal.config import LONDON, current_hub
from portal.db import Row, session
from portal.i18n import N_, _

KIND = "reminder"  # of its row in the outbox
SOMETHING_NEW = "something new"  # of the row that says that something waits on their page
FOR_FAMILIES = frozenset({KIND, SOMETHING_NEW})
DAY_BEFORE = time(15)  # from this hour in London of the day before, it may leave
# What begins a text where they wrote no words of their own.
REMINDER, NEW = N_("Reminder"), N_("Something new")


class NoSafeTime(Exception):
    """Between now and then there is no time at which a text is safe, or they turned reminders off."""


class Reminder(Row):
    """Somebody is to be reminded of something on a day, in a part of it. What, and of whom, stands nowhere."""

    __tablename__ = "reminder"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    on_day: Mapped[date]
    part: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    form_key: Mapped[UUID | None] = mapped_column(unique=True)

    @property
    def begins_at(self) -> datetime:
        """When what they are reminded of may begin; later than that nobody is reminded."""
        return hours_of(self.on_day, self.part)[0]

    @classmethod
    def arrange(
        cls, person_id: UUID, on_day: date, part: str, by: UUID, key: UUID | None = None,
        about: UUID | None = None,
    ) -> Reminder:  # fmt: skip
        """Have them reminded at the first safe time from the day before; the same form once. Raises `NoSafeTime`.

        *about* is the young person of whom somebody arranged something with their parent or carer.
        """
        lock_person(person_id)
        if key and (before := session.scalar(select(cls).where(cls.form_key == key))) is not None:
            return before
        made = cls(person_id=person_id, on_day=on_day, part=part, by_id=by, form_key=key)
        leaves = made.leaves_at(about)
        if leaves is None:
            raise NoSafeTime
        session.add(made)
        session.flush()
        key_once = f"reminder:{made.id}"
        outbox.put(
            KIND,
            object_id=made.id,
            recipient=person_id,
            key=key_once,
            due_at=leaves,
            link=_link(person_id, about),
        )
        audit.record("reminder.arranged", object_kind="reminder", object_id=made.id, subject=person_id)
        return made

    def leaves_at(self, about: UUID | None = None) -> datetime | None:
        """When it may leave, by the card that stands now; None: it may not, or it would come too late."""
        card = SafeContact.standing(self.person_id)
        if card is None or not card.lines.reminders or self.taken_back_at is not None:
            return None
        eve = datetime.combine(self.on_day - timedelta(days=1), DAY_BEFORE, LONDON).astimezone(UTC)
        leaves = next_by(self.person_id, TEXT, max(current_hub().now(), eve), about)
        return leaves if leaves is not None and leaves < self.begins_at else None

    def take_back(self, by: UUID) -> None:
        """What was arranged is off: it does not leave any more."""
        if self.taken_back_at is None:
            self.taken_back_at = current_hub().now()
            outbox.withdraw(self.id)
            audit.record(
                "reminder.taken_back",
                object_kind="reminder",
                object_id=self.id,
                subject=self.person_id,
                by=by,
            )

    @classmethod
    def to_come(cls, person_id: UUID) -> list[Reminder]:
        """What they are still to be reminded of, the first day first."""
        today = current_hub().today()
        found = select(cls).where(
            cls.person_id == person_id, cls.taken_back_at.is_(None), cls.on_day >= today
        )
        return list(session.scalars(found.order_by(cls.on_day, cls.created_at)))


def tell_of_new(person_id: UUID, object_id: UUID, about: UUID | None = None) -> bool:
    """A text that something new waits on their page, if they turned that on; at the next time that is safe.

    *about* is the young person whom a parent's or carer's page speaks of. Whether a text goes.
    """
    card = SafeContact.standing(person_id)
    if card is None or not card.lines.new_here:
        return False
    leaves = next_by(person_id, TEXT, current_hub().now(), about)
    if leaves is None:
        return False
    key = f"new:{object_id}:{person_id}"
    outbox.put(
        SOMETHING_NEW, object_id=object_id, recipient=person_id, key=key, due_at=leaves,
        link=_link(person_id, about),
    )  # fmt: skip
    return True


def _link(person_id: UUID, about: UUID | None) -> UUID | None:
    """The newest link by which they hear of the young person; None: it is about themselves, or about none."""
    if about is None or about == person_id:
        return None
    between = select(Link.id).where(Link.adult_id == person_id, Link.child_id == about)
    return session.scalar(between.order_by(Link.starts_at.desc(), Link.id).limit(1))


def words_for(person: Person, card: SafeContact, reminder: Reminder | None) -> str:
    """The whole text of a message, in their language: their own words or the neutral ones; a part of a day at most."""
    own = card.lines.words
    with i18n.speaking(i18n.spoken_here(person.language)):
        return f"{own or _(REMINDER)}: {_when(reminder)}" if reminder is not None else own or _(NEW)


def _when(reminder: Reminder) -> str:
    """A day and a part of it: "Thu afternoon"."""
    language = i18n.language()
    code = "en_GB" if language.state == "pseudo" else language.code
    day = format_date(reminder.on_day, "EEE", locale=code)
    return f"{day} {_(PARTS[reminder.part].in_message)}"
