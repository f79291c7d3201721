"""An alert: a flagged answer that a named person must take, with its owner, its time and its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from babel import Locale
from sqlalchemy import Boolean, Index, Select, String, and_, exists, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import duty_workers, holder_and_cover, ids_with, workers_around
from portal.accounts.models import may_reach
from portal.accounts.pauses import Pause, paused_about
from portal.alerts.flags import ABOUT_A_WORKER, FLAGS, MANAGER, WORKER_AND_DUTY, Flag
from portal.alerts.office import due
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, insert_into, new_id, session
from portal.i18n import language

OPEN, HELD, CLOSED = "open", "held", "closed"
_ENGLISH = Locale("en")


class SomebodyElseHasIt(Exception):
    """The alert is held by another person, or closed, since the page was fetched."""


class OfficerFirst(Exception):
    """Something about somebody of the staff was about to be closed before the designated officer's step."""


class Alert(Row):
    """One flagged answer: whose, by which rule, by when, who has it, what came of it."""

    __tablename__ = "alert"
    __subject__ = "child_id"

    child_id: Mapped[UUID]
    rule: Mapped[str] = mapped_column(String(30))
    source_kind: Mapped[str] = mapped_column(String(30))
    source_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    sitting: Mapped[UUID | None]  # the sign-in in which it was said; only that one is told what is true of it
    language: Mapped[str | None] = mapped_column(String(20))  # clear, as a person's own language is
    raised_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    owner_id: Mapped[UUID | None]  # the worker who was told; None: the duty workers, or the managers
    kept_from_id: Mapped[UUID | None]  # who it may be about, and so neither hears of it nor sees it
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    held_by_id: Mapped[UUID | None]
    held_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(EncryptedText)
    closed_by_id: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    # Of what is about somebody who works with or looks after the young person: the designated officer's step.
    officer_at: Mapped[datetime | None]
    officer_by_id: Mapped[UUID | None]
    officer_told: Mapped[bool | None] = mapped_column(Boolean)  # False: they need not be, and why
    officer_words: Mapped[str | None] = mapped_column(EncryptedText)

    __table_args__ = (
        Index("ix_alert_child_id_raised_at", "child_id", "raised_at"),
        Index(
            "ix_alert_waiting",
            "due_at",
            "id",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
    )

    @property
    def flag(self) -> Flag:
        """The rule it was raised by."""
        return FLAGS[self.rule]

    @property
    def reads_in(self) -> str:
        """In which language the young person was reading, as staff call it; nothing for an alert older than that."""
        return reads_in(self.language)

    @classmethod
    def visible_to(cls, who: SignedIn) -> Select[Alert]:
        """The alerts that *who* may see today; never one that may be about themselves."""
        about = cls.rule == ABOUT_A_WORKER
        reached = and_(~about, may_reach(who, Can.SEE_ALERTS, cls.child_id))
        if who.reach(Can.SEE_ALERTS_ABOUT_STAFF):  # an OR that can never hold keeps SQLite from every index
            reached |= and_(about, may_reach(who, Can.SEE_ALERTS_ABOUT_STAFF, cls.child_id))
        return select(cls).where(
            reached,
            or_(cls.kept_from_id.is_(None), cls.kept_from_id != who.id),
            # Of several whom it may be about, each; also once they may read again.
            ~exists().where(Pause.alert_id == cls.id, Pause.staff_id == who.id),
        )

    def hold(self, by: UUID, instead_of: UUID | None = None) -> None:
        """*by* says "I have it"; *instead_of* names who had it until now, as *by* saw it.

        Raises `SomebodyElseHasIt` if it was closed, or went to another person meanwhile.
        """
        if self.state == HELD and self.held_by_id == by:
            return
        if self.state == CLOSED or self.held_by_id != instead_of:
            raise SomebodyElseHasIt
        self.state, self.held_by_id, self.held_at = HELD, by, current_hub().now()
        self._note("alert.held")

    def close(self, outcome: str, by: UUID) -> None:
        """*by* says what came of it.

        Raises `SomebodyElseHasIt` if another person has it, or it is closed; `OfficerFirst` if it is about somebody who
        works with or looks after the young person and nobody has written down the designated officer's step.
        """
        if self.state == CLOSED or self.held_by_id not in (None, by):
            raise SomebodyElseHasIt
        if self.rule == ABOUT_A_WORKER and self.officer_at is None:
            raise OfficerFirst
        if self.held_by_id is None:
            self.hold(by)
        self.state, self.outcome = CLOSED, outcome
        self.closed_by_id, self.closed_at = by, current_hub().now()
        self._note("alert.closed", withdrawn=outbox.withdraw(self.id))

    def tell_officer(self, words: str, by: UUID, *, told: bool = True) -> None:
        """*by* has told the designated officer, who said *words*; or (*told* False) need not, and writes why.

        "Need not" may become "told" when more is known; nothing that was written goes away, and once told is told.
        """
        if self.officer_told:
            return
        self.officer_words = f"{self.officer_words}\n\n{words}" if self.officer_words else words
        self.officer_at, self.officer_by_id, self.officer_told = current_hub().now(), by, told
        self._note("alert.officer_told" if told else "alert.officer_not_told")

    def _note(self, act: str, **detail: object) -> None:
        audit.record(act, object_kind="alert", object_id=self.id, subject=self.child_id, **detail)


def reads_in(code: str | None) -> str:
    """The English name of a language: "Arabic" for ar; nothing for none."""
    return _ENGLISH.languages.get(code.partition("_")[0], code) if code else ""


def raise_alert(
    child_id: UUID,
    rule: str,
    *,
    source_kind: str,
    source_id: UUID,
    key: str,
    about: UUID | None = None,
    anybody_here: bool = True,
) -> Alert:
    """Raise an alert in the commit under way, with a message to each who must hear of it.

    Once per *key*, until it is closed: what is said after that nobody has heard yet, so it raises another.
    *about* is the person it is about, where that is known: they neither hear of it nor see it, and their reading of
    this young person's things is paused. Where it is not known it may be about whoever holds the young person, unless
    *anybody_here* is False: it is about nobody of the staff.
    """
    flag, holders = FLAGS[rule], holder_and_cover(child_id)
    worker = next(iter(holders), None)
    kept_from = [about] if about else _may_be_about(child_id, flag, anybody_here=anybody_here)
    told = _whom(flag, holders, kept_from)
    owner = worker if worker in told and flag.tells != MANAGER else None
    alert = _insert_once(flag, key, child_id=child_id, source_kind=source_kind, source_id=source_id,
                         owner_id=owner, kept_from_id=next(iter(kept_from), None))  # fmt: skip
    if alert is None:
        # Locked: of a closing under way at this moment, too, it is known how it ended.
        before = session.scalars(select(Alert).where(Alert.key == key).with_for_update()).one()
        if before.state != CLOSED:
            return before
        again = f"again:{before.id}"
        return raise_alert(
            child_id, rule, source_kind=source_kind, source_id=source_id, key=again, about=about,
            anybody_here=anybody_here,
        )  # fmt: skip
    if rule == ABOUT_A_WORKER:
        for person_id in kept_from:
            Pause.begin(child_id, person_id, alert.id)
    for person_id in told:
        key = f"alert:{alert.id}:{person_id}"
        outbox.put(f"alert {flag.within}", object_id=alert.id, recipient=person_id, key=key)
    alert._note("alert.raised", rule=rule, source=source_kind, told=len(told))
    return alert


def _may_be_about(child_id: UUID, flag: Flag, *, anybody_here: bool) -> list[UUID]:
    """Whom the child may have meant: until a manager has ended that, those people hear of no alert of theirs."""
    if flag.rule != ABOUT_A_WORKER:
        return paused_about(child_id)
    if not anybody_here:
        return []
    managers, around = set(ids_with("manager")), workers_around(child_id)
    # Somebody has to read it: where every manager works with the young person, none of them is kept from it.
    besides = managers - set(around)
    return [one for one in around if besides or (managers and one not in managers)]


def _whom(flag: Flag, holders: list[UUID], kept_from: list[UUID]) -> list[UUID]:
    """Who is told: by the rule, without those it may be about; the managers if nobody else is left.

    With the worker who holds the young person whoever covers for them is told.
    """

    def without(people: list[UUID]) -> list[UUID]:
        return [person for person in people if person not in kept_from]

    if flag.tells == MANAGER:
        return without(ids_with("manager"))
    told = without(holders)
    if flag.tells == WORKER_AND_DUTY or not told:
        told += [person for person in without(duty_workers()) if person not in told]
    return told or without(ids_with("manager"))


def _insert_once(flag: Flag, key: str, **values: object) -> Alert | None:
    """The new row, or None where this *key* is there already, be it from a request that is racing this one."""
    hub = current_hub()
    session.flush()
    row = values | {
        "id": new_id(), "created_at": hub.now(), "raised_at": hub.now(), "rule": flag.rule, "key": key,
        "due_at": due(hub.now(), flag.within, hub.file), "state": OPEN, "language": language().code,
        "sitting": hub.sitting,
    }  # fmt: skip
    made = insert_into(Alert).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(Alert)
    return session.scalars(made).one_or_none()
