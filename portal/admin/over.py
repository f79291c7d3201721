"""What is over by the timetable, rule by rule, and what goes with one such thing.

What never came on the record is over by no rule: it raises an alarm (`alarms`).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.cards import NeutralCard
from portal.accounts.cover import Cover
from portal.accounts.in_room import HandOver
from portal.accounts.models import Person
from portal.accounts.no_contact import NoContact, runs
from portal.accounts.pauses import Pause
from portal.accounts.rota import DutyTurn
from portal.accounts.shifts import Shift
from portal.accounts.trusted import Place, Trusted
from portal.admin.holds import held_people
from portal.admin.samples import AuditSample, Sampled
from portal.admin.timetable import ACCOUNT, ALERT, AT_ONCE, DRAFT, LIST, MESSAGE, PLAN, RECORD, SENT
from portal.alerts.models import CLOSED, Alert
from portal.config import Keeping, current_hub
from portal.contact.incoming import IncomingText
from portal.db import session
from portal.episodes.imports import ListImport
from portal.episodes.list_row import ListRow
from portal.episodes.words import DROPPED, FAILED, TAKEN, TO_SETTLE
from portal.outbox import OutboxMessage
from portal.questionnaires.models import DRAFT as NOT_SENT
from portal.questionnaires.models import Answer, Submission
from portal.returns import conversation, write_up
from portal.returns.safer_plan import SaferPlan
from portal.returns.write_up import Meant, WriteUp
from portal.trail.models import ABOUT_STAFF, ASK, ASK_MANAGER, TEXT_MESSAGE, Voice

MESSAGES = (ASK, ASK_MANAGER, TEXT_MESSAGE)
NOT_FOR_THE_RECORD = (*MESSAGES, ABOUT_STAFF)
# Where the words of a voice lie, by its kind; those of every other kind are a form.
_SOURCES = {
    ASK: "ask", ASK_MANAGER: "ask", TEXT_MESSAGE: "incoming_text", ABOUT_STAFF: "about_worker",
    conversation.KIND: "conversation", write_up.KIND: "meant",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule: which rows are over, and what goes with one of them (nothing: it still has to wait)."""

    name: str
    table: str
    over: Callable[[], Select[UUID]]
    roots: Callable[[UUID], Mapping[str, set[UUID]]]


def keeping() -> Keeping:
    """The periods of this hub."""
    return current_hub().file.keeping


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier; its last, where that month is shorter."""
    whole = at.year * 12 + at.month - 1 - months
    year, month = divmod(whole, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def ago(*, months: int = 0, days: int = 0) -> datetime:
    """The instant so many months and days before now."""
    return months_before(current_hub().now(), months) - timedelta(days=days)


def _not_held(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.not_in(held_people())
    return found


# --- what is over -------------------------------------------------------------------------------------------------


def _drafts() -> Select[UUID]:
    touched = select(func.max(Answer.saved_at)).where(Answer.submission_id == Submission.id).scalar_subquery()
    return select(Submission.id).where(
        Submission.state == NOT_SENT,
        func.coalesce(touched, Submission.created_at) < ago(days=keeping().draft_days),
        _not_held(Submission.person_id),
    )


def recorded(voice: type[Voice] = Voice) -> ColumnElement[bool]:
    """The condition under which a voice has been on the record long enough, and has an end."""
    last = current_hub().today() - timedelta(days=keeping().after_record_days)
    return voice.on_record_on.is_not(None) & (voice.on_record_on <= last) & voice.closed_at.is_not(None)


def _said() -> Select[UUID]:
    return select(Voice.id).where(
        Voice.kind.not_in((*NOT_FOR_THE_RECORD, write_up.KIND)),
        recorded(), _not_held(Voice.person_id), _not_held(Voice.about_id),
    )  # fmt: skip


def _messages() -> Select[UUID]:
    return select(Voice.id).where(
        Voice.kind.in_(MESSAGES), Voice.closed_at.is_not(None),
        Voice.said_at < ago(months=keeping().message_months), _not_held(Voice.person_id), _not_held(Voice.about_id),
    )  # fmt: skip


def _texts_of_nobody() -> Select[UUID]:
    return select(IncomingText.id).where(
        IncomingText.person_id.is_(None),
        IncomingText.seen_to_at.is_not(None),
        IncomingText.came_at < ago(months=keeping().message_months),
    )


def _about_staff() -> Select[UUID]:
    pauses = exists().where(Pause.alert_id == Alert.id, Pause.ended_at.is_(None))
    still = exists().where(Alert.source_id == Voice.source_id, (Alert.state != CLOSED) | pauses)
    return select(Voice.id).where(
        Voice.kind == ABOUT_STAFF, ~still, Voice.closed_at < ago(months=keeping().alert_months),
        _not_held(Voice.person_id),
    )  # fmt: skip


def _alerts() -> Select[UUID]:
    # A pause is ended on the page of the alert it began with, and nowhere else.
    pauses = exists().where(Pause.alert_id == Alert.id, Pause.ended_at.is_(None))
    return select(Alert.id).where(
        Alert.state == CLOSED,
        Alert.closed_at < ago(months=keeping().alert_months),
        ~pauses,
        _not_held(Alert.child_id),
    )


def _of_the_closed(table: type[SaferPlan] | type[Trusted] | type[Place]) -> Callable[[], Select[UUID]]:
    def over() -> Select[UUID]:
        return (
            select(table.id)
            .join(Person, Person.id == table.child_id)
            .where(Person.ended_at < ago(months=keeping().plan_months), _not_held(table.child_id))
        )

    return over


def kept_from_somebody(adult_id: Any) -> ColumnElement[bool]:
    """Whether an order of no contact with a young person who is still here runs for this adult; may be a column."""
    young = aliased(Person)
    return exists().where(
        NoContact.adult_id == adult_id, runs(), young.id == NoContact.child_id, young.ended_at.is_(None)
    )


def _accounts() -> Select[UUID]:
    theirs = or_(Voice.person_id == Person.id, Voice.about_id == Person.id)
    unrecorded = exists().where(theirs, Voice.kind.not_in(NOT_FOR_THE_RECORD), ~recorded())
    unanswered = exists().where(theirs, Voice.closed_at.is_(None))
    open_alert = exists().where(Alert.child_id == Person.id, Alert.state != CLOSED)
    return select(Person.id).where(
        Person.kind != "staff",
        Person.ended_at < ago(months=keeping().account_months),
        ~unrecorded, ~unanswered, ~open_alert, ~kept_from_somebody(Person.id), _not_held(Person.id),
    )  # fmt: skip


def _lists() -> Select[UUID]:
    waits = exists().where(
        ListRow.import_id == ListImport.id, ListRow.state.in_(TO_SETTLE), ListRow.settled.is_(None)
    )
    until = ago(months=keeping().list_months)
    taken = (ListImport.state == TAKEN) & (ListImport.taken_at < until) & ~waits
    left = ListImport.state.in_((DROPPED, FAILED)) & (ListImport.created_at < until)
    return select(ListImport.id).where(or_(taken, left))


def _cards() -> Select[UUID]:
    until = ago(months=keeping().account_months)
    return select(NeutralCard.id).where(or_(NeutralCard.ended_at < until, NeutralCard.bound_at < until))


def _covers() -> Select[UUID]:
    return select(Cover.id).where(Cover.ends_at < ago(months=keeping().account_months))


def _turns() -> Select[UUID]:
    return select(DutyTurn.id).where(DutyTurn.ends_at < ago(months=keeping().account_months))


def _shifts() -> Select[UUID]:
    return select(Shift.id).where(Shift.ends_at < ago(months=keeping().account_months))


def _samples() -> Select[UUID]:
    empty = ~exists().where(Sampled.sample_id == AuditSample.id)
    return select(AuditSample.id).where(empty, AuditSample.ends_at < ago(months=keeping().account_months))


def _hand_overs() -> Select[UUID]:
    return select(HandOver.id).where(HandOver.created_at < ago(days=1))


def _messages_sent() -> Select[UUID]:
    return select(OutboxMessage.id).where(OutboxMessage.delivered_at < ago(days=keeping().sent_days))


# --- what goes with it --------------------------------------------------------------------------------------------


def _alone(table: str) -> Callable[[UUID], Mapping[str, set[UUID]]]:
    return lambda row_id: {table: {row_id}}


def _voice_and_words(voice_id: UUID) -> Mapping[str, set[UUID]]:
    """A voice with its words; of a conversation with what was said of its write-ups, once all of that is over."""
    voice = session.get_one(Voice, voice_id)
    source = _SOURCES.get(voice.kind, "submission")
    if voice.kind != conversation.KIND:
        return {"voice": {voice.id}, source: {voice.source_id}}
    said_of_it = select(Meant.id).join(WriteUp, WriteUp.id == Meant.write_up_id)
    corrections = session.execute(
        select(Voice.id, recorded().label("over")).where(
            Voice.kind == write_up.KIND,
            Voice.source_id.in_(said_of_it.where(WriteUp.conversation_id == voice.source_id)),
        )
    ).all()
    if not all(row.over for row in corrections):
        return {}
    return {"voice": {voice.id, *(row.id for row in corrections)}, source: {voice.source_id}}


def _alert_and_answer(alert_id: UUID) -> Mapping[str, set[UUID]]:
    alert = session.get_one(Alert, alert_id)
    another = select(Alert.id).where(Alert.source_id == alert.source_id, Alert.id != alert.id).limit(1)
    if alert.source_kind != "safety" or session.scalar(another) is not None:
        return {"alert": {alert.id}}
    return {"alert": {alert.id}, "safety_answer": {alert.source_id}}


RULES = (
    Rule(DRAFT, "submission", _drafts, _alone("submission")),
    Rule(RECORD, "voice", _said, _voice_and_words),
    Rule(MESSAGE, "voice", _messages, _voice_and_words),
    Rule(MESSAGE, "incoming_text", _texts_of_nobody, _alone("incoming_text")),
    Rule(ALERT, "voice", _about_staff, _voice_and_words),
    Rule(ALERT, "alert", _alerts, _alert_and_answer),
    *(
        Rule(PLAN, table.__tablename__, _of_the_closed(table), _alone(table.__tablename__))
        for table in (SaferPlan, Trusted, Place)
    ),
    Rule(ACCOUNT, "person", _accounts, _alone("person")),
    Rule(ACCOUNT, "neutral_card", _cards, _alone("neutral_card")),
    Rule(ACCOUNT, "cover", _covers, _alone("cover")),
    Rule(ACCOUNT, "duty_turn", _turns, _alone("duty_turn")),
    Rule(ACCOUNT, "shift", _shifts, _alone("shift")),
    Rule(ACCOUNT, "audit_sample", _samples, _alone("audit_sample")),
    Rule(LIST, "list_import", _lists, _alone("list_import")),
    Rule(SENT, "outbox_message", _messages_sent, _alone("outbox_message")),
    Rule(AT_ONCE, "hand_over", _hand_overs, _alone("hand_over")),
)
