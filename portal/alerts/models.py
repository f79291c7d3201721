"""An alert: a flagged answer that a named person must take, with its owner, its time and its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from babel import Locale
from sqlalchemy import Boolean, Index, Integer, Select, String, and_, exists, false, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import audit, outbox
from portal.access import Can, SignedIn
from portal.accounts.holders import holder_and_cover
from portal.accounts.models import may_reach
from portal.accounts.pauses import Pause
from portal.alerts.book import ENDED, HANDED_OVER, REOPENED, SHARED, AlertEntry, written_before
from portal.alerts.flags import ABOUT_A_WORKER, ADULT_WORRY, MANAGER, Flag, flag_of
from portal.alerts.ladder import NIGHT, NO_OUTCOME, opens_again_at
from portal.alerts.office import due
from portal.alerts.steps import beginning, tell, told_on
from portal.alerts.whom import by_rule, kept_from, may_be_about, on_rung, who_could_take
from portal.config import current_hub
from portal.crypto import EncryptedText
from portal.db import Row, after, beyond_the_wall, insert_into, new_id, session
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
    # Its ladder (`ladder.py`): how often it began anew, the next rung and when that is due, from when it counts.
    ladder: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rung: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    climbs_from: Mapped[datetime | None]
    next_step_at: Mapped[datetime | None]  # while somebody has it: when it opens again without an outcome
    queued: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    bar_from: Mapped[datetime | None]  # since when every staff page shows a bar
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
        Index(
            "ix_alert_next_step",
            "next_step_at",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index(
            "ix_alert_bar_from",
            "bar_from",
            sqlite_where=text("bar_from IS NOT NULL"),
            postgresql_where=text("bar_from IS NOT NULL"),
        ),
    )

    @property
    def flag(self) -> Flag:
        """The rule it was raised by."""
        return flag_of(self.rule)

    @property
    def opened_as(self) -> str:
        """What the trail calls it when somebody of the staff opens this.

        That a manager opened what may be about a worker, or anybody a parent's worry, would tell of it to whoever reads
        who opened the record: it has a name of its own, which still tells it apart when the alert has gone.
        """
        return "alert.opened_apart" if self.rule in (ABOUT_A_WORKER, ADULT_WORRY) else "alert.opened"

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
        self.bar_from, self.queued = None, False
        self.next_step_at = opens_again_at(self.held_at, self.due_at)
        self._note("alert.held")

    def keep(self, by: UUID) -> None:
        """*by*, who has it, says that they still have it: it stays theirs for another while without an outcome.

        Raises `SomebodyElseHasIt` if it is closed, open again, or with another person.
        """
        if self.state != HELD or self.held_by_id != by:
            raise SomebodyElseHasIt
        self.next_step_at = current_hub().now() + NO_OUTCOME
        self._note("alert.still_held")

    def hand_over(self, to: UUID, words: str, by: UUID, key: UUID | None = None) -> None:
        """*by* hands it to a colleague and says why; whoever has it has it until *to* says "I have it".

        Raises `SomebodyElseHasIt` if it is closed or another person has it; ValueError for who may not take it.
        """
        if written_before(key):
            return
        if self.state == CLOSED or self.held_by_id not in (None, by):
            raise SomebodyElseHasIt
        if to == by or to not in self.could_take():
            raise ValueError("to somebody else who can open it")
        entry = self._write(HANDED_OVER, words, by, to_id=to, form_key=key)
        self.owner_id = to
        kind, told = f"alert {self.flag.within}", f"alert:{self.id}:handed:{entry.id}"
        outbox.put(kind, object_id=self.id, recipient=to, key=told)
        self._note("alert.handed_over", to=str(to))

    def pass_on(self, to: UUID, words: str, by: UUID) -> None:
        """*by* gives it from whoever holds the young person no longer to *to*, and says why.

        Who had it has it no more: its ladder begins anew. Where nobody had it, its ladder goes on as it stands. Who
        could not open it does not get it: it is for whoever its rule tells. Raises `SomebodyElseHasIt` if it is closed.
        """
        if self.state == CLOSED:
            raise SomebodyElseHasIt
        owner = to if to in self.could_take() else None
        entry = self._write(HANDED_OVER, words, by, to_id=owner)
        had = self.state == HELD
        self.state, self.held_by_id, self.held_at, self.owner_id = OPEN, None, None, owner
        self._note("alert.handed_over", to=owner)
        if had:
            self._begin(self.ladder + 1)
            session.flush()
        if owner is not None and not (had and owner in told_on(self)):
            kind, told = f"alert {self.flag.within}", f"alert:{self.id}:handed:{entry.id}"
            outbox.put(kind, object_id=self.id, recipient=owner, key=told)

    def could_take(self) -> set[UUID]:
        """The ids of those to whom it could be handed over."""
        with beyond_the_wall():  # who else may open it is asked for whoever cannot see all of that
            return who_could_take(
                self.flag, self.child_id, kept_from(self.id, self.child_id, self.kept_from_id)
            )

    def reopen(self, words: str, by: UUID) -> None:
        """*by* opens a closed one again and says why; how it ended before stays in its book.

        Raises `SomebodyElseHasIt` if it is not closed.
        """
        if self.state != CLOSED:
            raise SomebodyElseHasIt
        self._write(ENDED, self.outcome or "", self.closed_by_id, at=self.closed_at)
        self._write(REOPENED, words, by)
        self.state, self.outcome, self.closed_by_id, self.closed_at = OPEN, None, None, None
        self.held_by_id = self.held_at = None
        self._note("alert.reopened")
        self._begin(self.ladder + 1)

    def share_at_meeting(self, words: str, by: UUID, key: UUID | None = None) -> None:
        """*by* tells the daily meeting what was said, and why it needs to hear it; sent twice, it is told once."""
        if not written_before(key):
            self._write(SHARED, words, by, form_key=key)
            self._note("alert.shared", whom="daily meeting")

    def _begin(self, ladder: int) -> None:
        """Its ladder begins anew, with whoever its rule or its rota names."""
        hub = current_hub()
        start = beginning(self.flag, hub.file, hub.now())
        for name, value in start.values(self.flag, self.due_at).items():
            setattr(self, name, value)
        self.ladder = ladder
        with beyond_the_wall():
            kept = kept_from(self.id, self.child_id, self.kept_from_id)
            people = on_rung(0, start.hours, self.flag, self.child_id, kept)
        tell(self, people, 0, start.hours, start.since)

    def _write(self, kind: str, words: str, by: UUID | None, **more: object) -> AlertEntry:
        last = session.scalar(
            select(AlertEntry).where(AlertEntry.alert_id == self.id).order_by(AlertEntry.created_at.desc()).limit(1)
        )  # fmt: skip
        values = {"at": current_hub().now(), "created_at": after(last), **more}
        entry = AlertEntry(
            alert_id=self.id, child_id=self.child_id, kind=kind, words=words, by_id=by, **values
        )
        session.add(entry)
        session.flush()
        return entry

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
        self.next_step_at = self.bar_from = None
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
    with beyond_the_wall():  # who hears of it is another's business than whoever said it
        return _raise(child_id, rule, source_kind, source_id, key, about, anybody_here)


def _raise(
    child_id: UUID, rule: str, source_kind: str, source_id: UUID, key: str, about: UUID | None, anybody_here: bool
) -> Alert:  # fmt: skip
    flag, holders, hub = flag_of(rule), holder_and_cover(child_id), current_hub()
    worker = next(iter(holders), None)
    kept = [about] if about else may_be_about(child_id, flag, anybody_here=anybody_here)
    start = beginning(flag, hub.file, hub.now())
    told = (
        on_rung(0, NIGHT, flag, child_id, set(kept)) if start.hours == NIGHT else by_rule(flag, holders, kept)
    )
    owner = worker if worker in told and flag.tells != MANAGER else None
    due_at = due(hub.now(), flag.within, hub.file, covered=start.hours == NIGHT)
    alert = _insert_once(flag, key, child_id=child_id, source_kind=source_kind, source_id=source_id, due_at=due_at,
                         owner_id=owner, kept_from_id=next(iter(kept), None), **start.values(flag, due_at))  # fmt: skip
    if alert is None:
        # Locked: of a closing under way at this moment, too, it is known how it ended.
        before = session.scalars(select(Alert).where(Alert.key == key).with_for_update()).one()
        if before.state != CLOSED:
            return before
        return _raise(child_id, rule, source_kind, source_id, f"again:{before.id}", about, anybody_here)
    if rule == ABOUT_A_WORKER:
        for person_id in kept:
            Pause.begin(child_id, person_id, alert.id)
    tell(alert, told, 0, start.hours, start.since)
    alert._note("alert.raised", rule=rule, source=source_kind, told=len(told))
    return alert


def _insert_once(flag: Flag, key: str, **values: object) -> Alert | None:
    """The new row, or None where this *key* is there already, be it from a request that is racing this one."""
    hub = current_hub()
    session.flush()
    row = values | {
        "id": new_id(), "created_at": hub.now(), "raised_at": hub.now(), "rule": flag.rule, "key": key,
        "state": OPEN, "language": language().code, "sitting": hub.sitting,
    }  # fmt: skip
    made = insert_into(Alert).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(Alert)
    return session.scalars(made).one_or_none()
