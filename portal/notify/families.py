"""What may leave for a family now: only what the safe-contact card that stands allows, by its way, time and words.

Beyond it, an order of no contact or the end of a link takes away what waits for a parent or carer.

Asked at the moment of sending, in the step that claims: a card changed since moves the message to its next safe time,
or takes it away. Nothing else in the sender knows a young person's, a parent's or a carer's number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal import audit
from portal.accounts import reminders, safe_contact
from portal.accounts.models import Link, Person
from portal.accounts.reminders import FOR_FAMILIES, KIND, Reminder
from portal.accounts.safe_contact import TEXT, SafeContact
from portal.config import current_hub
from portal.crypto import CannotOpen
from portal.db import session
from portal.outbox import OutboxMessage


@dataclass(frozen=True)
class Text:
    """A text to a family that may leave at this instant."""

    to: str = field(repr=False)
    words: str = field(repr=False)


def is_for_family(message: OutboxMessage) -> bool:
    """Whether a message goes to a young person, a parent or a carer."""
    return message.kind in FOR_FAMILIES


def text_now(message: OutboxMessage) -> Text | None:
    """The text, if it may leave at this instant. Else it waits for the next safe time, or is taken away: then None."""
    try:
        return _text_now(message)
    except CannotOpen:  # their key is gone; nobody else's message waits for that
        return _withhold(message)


def _text_now(message: OutboxMessage) -> Text | None:
    now, person_id = current_hub().now(), message.recipient_id
    card = SafeContact.standing(person_id)
    reminder = session.get(Reminder, message.object_id) if message.kind == KIND else None
    if card is None or not _wanted(message.kind, card, reminder):
        return _withhold(message)
    link = session.get(Link, message.link_id) if message.link_id else None
    if message.link_id and link is None:  # by what they heard of it is gone
        return _withhold(message)
    about = link.child_id if link else None
    leaves = safe_contact.next_by(person_id, TEXT, now, about)
    if leaves is None or (reminder is not None and leaves >= reminder.begins_at):
        return _withhold(message)
    if not safe_contact.may_reach_by(person_id, TEXT, now, about):
        message.due_at = leaves  # its lease stays as it is: by that the sender knows that it was tried before
        return None
    words = reminders.words_for(session.get_one(Person, person_id), card, reminder)
    return Text(card.lines.number, words)


def _wanted(kind: str, card: SafeContact, reminder: Reminder | None) -> bool:
    """Whether they have it turned on, today."""
    if kind == KIND:
        return card.lines.reminders and reminder is not None and reminder.taken_back_at is None
    return card.lines.new_here


def _withhold(message: OutboxMessage) -> Text | None:
    """It may not leave any more, and does not wait: a message that never can would look like a dead sender."""
    audit.record(
        "message.withheld", object_kind="message", object_id=message.object_id, subject=message.recipient_id
    )
    session.delete(message)
    return None
