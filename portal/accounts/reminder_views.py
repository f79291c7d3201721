"""Arranging a reminder for somebody who turned reminders on, and taking it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person
from portal.accounts.reminders import NoSafeTime, Reminder
from portal.accounts.safe_contact_form import ReminderForm
from portal.accounts.safe_contact_views import (
    card_form,
    card_page,
    form_key,
    note_reading_again,
    onward,
    uuid_in,
)
from portal.accounts.staff import child_or_adult, get_child
from portal.accounts.views import bp
from portal.db import session


@bp.post("/young-people/<uuid:child_id>/contact/reminders")
@allow(STAFF, Can.KEEP_SAFE_CONTACT, of="young person")
def remind(child_id: UUID) -> ResponseReturnValue:
    """Have them reminded of what was arranged; or take a reminder back."""
    child = get_child(child_id, Can.KEEP_SAFE_CONTACT)
    whose = child_or_adult(child, uuid_in("whose") or child.id)
    if (off := uuid_in("off")) is not None:
        found = select(Reminder).where(Reminder.id == off, Reminder.person_id == whose.id)
        if (reminder := session.scalar(found)) is not None:
            reminder.take_back(me().id)
        return onward(child, whose)
    form = ReminderForm()
    if form.validate() and _arranged(child, whose, form):
        return onward(child, whose)
    note_reading_again(whose)
    return card_page(child, whose, card_form(whose), form, status=422)


def _arranged(child: Person, whose: Person, form: ReminderForm) -> bool:
    day: date = form.on_day.data or date.min
    try:
        Reminder.arrange(whose.id, day, form.part.data, me().id, form_key(whose.id), about=child.id)
    except NoSafeTime:
        form.on_day.errors = ["No time that is safe lies between the day before and then"]
        return False
    return True
