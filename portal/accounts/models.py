"""People and what joins them: organisations, roles, links of parents and carers, allocations of workers.

Everything that joins two people has an end, and is read anew at each request.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    exists,
    false,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from portal import audit, crypto, outbox
from portal.access import (
    ALLOCATED,
    ANY,
    BROKEN_GLASS,
    DOOR_OF,
    EVERYBODY,
    MINE,
    NOBODYS,
    OWN,
    POLICY,
    STAFF,
    Can,
    SignedIn,
)
from portal.accounts.break_glass import opened_by
from portal.accounts.cover import covered_by
from portal.accounts.no_contact import ordered
from portal.accounts.pauses import KEPT_WHILE_PAUSED, paused
from portal.accounts.shifts import on_duty_now
from portal.config import current_hub
from portal.crypto import EncryptedText, LookupHash
from portal.db import Row, session

_WORKS = text("organisation_id IS NOT NULL")


class Organisation(Row):
    """A council, provider or health service to which staff belong; pages that say who say which."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(30))  # council, provider, health, home
    # A home whose staff reach its form only in their shift.
    keeps_shifts: Mapped[bool] = mapped_column(default=False, server_default=false())

    def keep_shifts(self, keeps: bool) -> None:
        """From now on this home's staff reach its forms only in their shift, or (False) at any hour."""
        self.keeps_shifts = keeps
        audit.record("organisation.shifts", object_kind="organisation", object_id=self.id, keeps=keeps)


class Person(Row):
    """A young person, a parent or carer, or somebody of the staff. Made with `Person.enter`."""

    __tablename__ = "person"
    __subject__ = "id"

    kind: Mapped[str] = mapped_column(String(10))  # child, adult, staff
    name: Mapped[str] = mapped_column(EncryptedText)
    known_as: Mapped[str] = mapped_column(EncryptedText)
    born_on: Mapped[str | None] = mapped_column(EncryptedText)  # ISO date
    email: Mapped[str | None] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    details: Mapped[str | None] = mapped_column(
        EncryptedText
    )  # JSON: address, postcode, as the list gave them
    email_hash: Mapped[str | None] = mapped_column(LookupHash, unique=True)
    phone_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    name_birthday_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    birthday_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    surname_sound_hash: Mapped[str | None] = mapped_column(LookupHash, index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    language: Mapped[str] = mapped_column(String(20), default="en_GB")
    door_word: Mapped[str | None] = mapped_column(String(20))  # in their tab; None: the hub's
    living: Mapped[str | None] = mapped_column(String(20))  # home, our child, other authority
    notices_by: Mapped[str | None] = mapped_column(String(10))  # how staff wish to be told; None: every way
    put_away_at: Mapped[datetime | None]
    held_because: Mapped[str | None] = mapped_column(String(40))  # a hold: demonstration, court, complaint
    ended_at: Mapped[datetime | None]

    # Names lie sealed, so lists of young people are paged by when they were entered.
    __table_args__ = (
        Index("ix_person_kind_created_at", "kind", "created_at", "id"),
        # Staff and carers: a team's page asks who works with somebody, among everybody the hub ever knew.
        Index("ix_person_organisation", "organisation_id", sqlite_where=_WORKS, postgresql_where=_WORKS),
    )

    @classmethod
    def enter(cls, kind: str, name: str, *, roles: tuple[str, ...], known_as: str | None = None,
              born_on: date | None = None, email: str | None = None, phone: str | None = None,
              surname_sound: str | None = None, **more: object) -> Person:  # fmt: skip
        """Enter a person with their key, their roles and what they can be found by."""
        person = cls(kind=kind, name=name, known_as=known_as or name.split()[0], **more)
        crypto.make_key(person.id)
        person.language = person.language or "en_GB"
        person.birthday(born_on)
        if email:
            person.email, person.email_hash = email, crypto.lookup_hash("email", email)
        if phone:
            person.phone, person.phone_hash = phone, crypto.lookup_hash("phone", phone)
        if surname_sound:
            person.surname_sound_hash = crypto.lookup_hash("sound", surname_sound)
        session.add(person)
        session.flush()
        for role in roles:
            person.take_role(role)
        audit.record(
            "person.entered", object_kind="person", object_id=person.id, subject=person.id, kind=kind
        )
        return person

    def birthday(self, born_on: date | None) -> None:
        """Set the day of birth (None: not known) and what the person is found by with it."""
        self.born_on = born_on.isoformat() if born_on else None
        self.birthday_hash = crypto.lookup_hash("day", born_on.isoformat()) if born_on else None
        self.name_birthday_hash = name_and_birthday(self.name, born_on) if born_on else None

    def take_role(self, role: str, until: datetime | None = None) -> None:
        """Give the person a role, from now until *until* (None: open)."""
        session.add(PersonRole(person_id=self.id, role=role, ends_at=until))
        audit.record("person.role_given", object_kind="person", object_id=self.id, subject=self.id, role=role)

    def be_told(self, by: str | None, phone: str | None) -> None:
        """This person of the staff wishes to be told by e-mail, by text, or (None) both; texts go to *phone*."""
        self.notices_by, self.phone = by, phone
        self.phone_hash = crypto.lookup_hash("phone", phone) if phone else None
        audit.record("person.reached_so", object_kind="person", object_id=self.id, subject=self.id, way=by)

    def put_all_away(self) -> None:
        """From now on the person's PIN opens an empty page, until a worker opens it again."""
        self.put_away_at = current_hub().now()
        audit.record("person.put_away", object_kind="person", object_id=self.id, subject=self.id)

    def reopen(self, by: UUID) -> None:
        """Show the person their things again; *by* is the worker who does it with them."""
        self.put_away_at = None
        audit.record("person.reopened", object_kind="person", object_id=self.id, subject=self.id, by=by)

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can = Can.SEE_YOUNG_PERSON) -> Select[Person]:
        """The young people whom *who* may reach with the ability *can* today."""
        return select(cls).where(cls.kind == "child", may_reach(who, can, cls.id))


def name_and_birthday(name: str, born_on: date) -> str:
    """The hash by which the same name with the same day of birth is found again."""
    return crypto.lookup_hash("name", f"{name} {born_on.isoformat()}")


class PersonRole(Row):
    """A role that a person has, by its string in `product.md`, from one instant to another."""

    __tablename__ = "person_role"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(30), index=True)
    ends_at: Mapped[datetime | None]


# The roles that read what those they hold say: without one of them nobody holds anybody, whatever was put down.
HOLDING = frozenset(
    role
    for role, abilities in POLICY.items()
    if DOOR_OF[role] == STAFF and ALLOCATED in abilities.get(Can.READ_VOICE, frozenset())
)


def may_hold(person_id: Any) -> ColumnElement[bool]:
    """Whether *person_id*, who may be a column, has a role now that reads what those they hold say."""
    now = current_hub().now()
    running = or_(PersonRole.ends_at.is_(None), PersonRole.ends_at > now)
    return exists().where(PersonRole.person_id == person_id, PersonRole.role.in_(sorted(HOLDING)), running)


RESIDENTIAL = "residential"


class Link(Row):
    """A parent or carer and one young person; each way separate, with an end."""

    __tablename__ = "link"

    adult_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # parent, foster carer, residential
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))  # placement, eighteen, said
    home_safe_at: Mapped[datetime | None]  # since when contacting this adult is recorded as safe
    home_safe_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def visible_to(cls, who: SignedIn, can: Can) -> Select[Link]:
        """The links that are this adult's own and run now; nobody else's, whoever the young person is."""
        mine = may_reach(who, can, cls.adult_id) & runs_at(cls, current_hub().now())
        return select(cls).where(mine, ~ordered(cls.adult_id, cls.child_id), cls._in_their_shift())

    @classmethod
    def _in_their_shift(cls) -> ColumnElement[bool]:
        """Of a home that keeps shifts, whoever is on duty; of any other, everybody."""
        adult = aliased(Person)
        keeps = select(adult.id).join(Organisation, Organisation.id == adult.organisation_id)
        keepers = keeps.where(Organisation.keeps_shifts)
        return or_(cls.kind != RESIDENTIAL, cls.adult_id.not_in(keepers), on_duty_now(cls.adult_id))

    @classmethod
    def running_of(cls, child_id: UUID) -> Select[Link]:
        """The links of a young person that run today and are under no order, of adults who have not left."""
        adult = aliased(Person)
        here = select(cls).join(adult, (adult.id == cls.adult_id) & adult.ended_at.is_(None))
        mine = here.where(cls.child_id == child_id, runs_at(cls, current_hub().now()))
        return mine.where(~ordered(cls.adult_id, cls.child_id))

    def end(self, at: datetime, because: str) -> None:
        """It ends at *at*, now or later, unless it ends before; *because*: placement, eighteen, said, left."""
        if self.ends_at is None or self.ends_at > at:
            self.ends_at, self.ended_because = at, because
            if at <= current_hub().now():
                outbox.withdraw_by_links([self.id])
            audit.record(
                "link.ended", object_kind="person", object_id=self.adult_id, subject=self.child_id,
                because=because, at=at,
            )  # fmt: skip

    def say_home_is_safe(self, by: UUID) -> None:
        """*by* records that contacting this adult is safe; said again, it is safe since the first time."""
        if self.home_safe_at is None:
            self.home_safe_at, self.home_safe_by_id = current_hub().now(), by
            audit.record(
                "link.home_safe", object_kind="person", object_id=self.adult_id, subject=self.child_id
            )

    def take_home_safe_back(self, by: UUID) -> None:
        """It is not recorded as safe any more: from now on nothing is offered to this adult."""
        if self.home_safe_at is not None:
            self.home_safe_at = self.home_safe_by_id = None
            audit.record(
                "link.home_not_safe",
                object_kind="person",
                object_id=self.adult_id,
                subject=self.child_id,
                by=str(by),
            )


class Allocation(Row):
    """A worker holds a young person, from one instant to another."""

    __tablename__ = "allocation"

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_allocation_worker_id_child_id", "worker_id", "child_id"),)


def runs_at(table: type[Link] | type[Allocation], at: datetime) -> ColumnElement[bool]:
    """The condition under which a link or an allocation runs at an instant."""
    return (table.starts_at <= at) & or_(table.ends_at.is_(None), table.ends_at > at)


def may_reach(who: SignedIn, can: Can, child_id: Any) -> ColumnElement[bool]:
    """The condition under which *who* reaches, with *can*, what is about the young person in column *child_id*.

    Whoever something may be about reaches nothing that this young person says, until a manager has looked.
    """
    reach = who.reach(can)
    opens = BROKEN_GLASS in reach and not current_hub().writer  # to read, and nothing else
    reached = _reached(who, can, child_id, opens=opens)
    if can in KEPT_WHILE_PAUSED or reach <= MINE | ANY:
        return reached
    return reached & ~paused(who.id, child_id)


def _reached(who: SignedIn, can: Can, child_id: Any, *, opens: bool = False) -> ColumnElement[bool]:
    reach = who.reach(can)
    if reach >= EVERYBODY:
        return true()
    found: list[ColumnElement[bool]] = []
    # In one list of ids: PostgreSQL walks through everybody where two such lists stand beside an "or".
    listed = [opened_by(who.id)] if opens else []
    if OWN in reach:
        found.append(child_id == who.id)
    if ALLOCATED in reach:
        # Their own, and those of whoever is away and has them as cover: cover hands on no more than the absent may do.
        covered: ColumnElement[bool] = Allocation.worker_id.in_(covered_by(who.id))
        if can not in KEPT_WHILE_PAUSED:
            covered &= ~paused(Allocation.worker_id, Allocation.child_id)
        holder = or_(Allocation.worker_id == who.id, covered)
        held = select(Allocation.child_id).where(holder, runs_at(Allocation, current_hub().now()))
        listed.append(held)
    if listed:
        found.append(child_id.in_(union_all(*listed) if len(listed) > 1 else listed[0]))
    if NOBODYS in reach:
        # Who has left, or has no role for it any more, holds nobody, though nobody may have ended it; nor does who may
        # not read what they say.
        worker = aliased(Person)
        held = select(Allocation.child_id).join(worker, worker.id == Allocation.worker_id)
        running = runs_at(Allocation, current_hub().now()) & worker.ended_at.is_(None)
        holding = running & may_hold(worker.id) & ~paused(worker.id, Allocation.child_id)
        found.append(child_id.not_in(held.where(holding)))
    return or_(*found) if found else false()


def reads_only(who: SignedIn, child_id: UUID) -> bool:
    """Whether *who* reaches this young person by break-glass alone: no page offers them to do anything."""
    if BROKEN_GLASS not in who.reach(Can.SEE_YOUNG_PERSON):
        return False
    opened = Person.id.in_(opened_by(who.id)) & ~_reached(who, Can.SEE_YOUNG_PERSON, Person.id)
    return session.scalar(select(Person.id).where(Person.id == child_id, opened)) is not None


def allocate(child_id: UUID, worker_id: UUID) -> Allocation:
    """Let a worker hold a young person from now on; whoever held them before no longer does."""
    now = current_hub().now()
    for before in session.scalars(
        select(Allocation).where(Allocation.child_id == child_id, runs_at(Allocation, now))
    ):
        if before.worker_id == worker_id:
            return before
        before.ends_at = now
        audit.record("allocation.ended", object_kind="person", object_id=before.worker_id, subject=child_id)
    allocation = Allocation(child_id=child_id, worker_id=worker_id, starts_at=now)
    session.add(allocation)
    audit.record("allocation.made", object_kind="person", object_id=worker_id, subject=child_id)
    return allocation


def end_allocation(child_id: UUID) -> None:
    """Nobody holds the young person from now on."""
    now = current_hub().now()
    for running in session.scalars(
        select(Allocation).where(Allocation.child_id == child_id, runs_at(Allocation, now))
    ):
        running.ends_at = now
        audit.record("allocation.ended", object_kind="person", object_id=running.worker_id, subject=child_id)


def join_adult(adult_id: UUID, child_id: UUID, kind: str, until: datetime | None = None) -> Link:
    """Link a parent or carer to one young person, from now until *until*."""
    link = Link(adult_id=adult_id, child_id=child_id, kind=kind, starts_at=current_hub().now(), ends_at=until)
    session.add(link)
    audit.record("link.made", object_kind="person", object_id=adult_id, subject=child_id, kind=kind)
    return link
