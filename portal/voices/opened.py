"""Who opened a young person's record: from the audit trail, in words. A list that shows a name opens nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal import crypto, paging
from portal.access import STAFF
from portal.accounts.models import Organisation, Person
from portal.alerts.flags import ABOUT_A_WORKER, ADULT_WORRY
from portal.alerts.models import Alert
from portal.audit import AuditEvent
from portal.config import LONDON
from portal.db import beyond_the_wall, session
from portal.i18n import N_
from portal.trail.models import TO_MANAGER, Voice

# What opening is, by its line of the audit trail, in families' words. A test asks for every kind of reading there is.
OPENING = {
    "break_glass.opened": N_("opened your record for one day, and had to say why"),
    "break_glass.read": N_("looked at why somebody opened your record"),
    "sample.read": N_("checked what was done here, and who opened your record"),
    "person.opened_by_staff": N_("opened your page"),
    "trusted.read": N_("opened your page"),
    "links.read": N_("opened your page"),
    "eighteen.read": N_("opened your page"),
    "custody.read": N_("opened your page"),
    "voice.opened_by_staff": N_("read what you said"),
    "draft.opened_by_staff": N_("read what you had not sent yet"),
    "voice.copied": N_("copied what you said for your record"),
    "voice.made_pdf": N_("made a copy of what you said for your record"),
    "conversation.read": N_("opened what was written down when you talked"),
    "return.read": N_("opened the page about a time you were away"),
    "way_in.read": N_("opened the page about your way in"),
    "in_room.read": N_("opened the page where you answer in the room"),
    "phone.read": N_("opened the page about your phone"),
    "contact.read": N_("opened your card about safe contact"),
    "alert.opened": N_("opened something that needed a person at once"),
    "plan.opened_by_staff": N_("read your safer plan"),
    "plan.printed": N_("printed your safer plan"),
    "home.opened_by_staff": N_("opened the page about contacting home"),
    "trail.opened_by_staff": N_("opened this list"),
    "trail.printed": N_("printed this list"),
}
# What is opening too, and told to the hub's own overseers alone: that it was opened would tell of it.
APART = {
    "alert.opened_apart": "opened something that needed a person at once",
    "voice.opened_by_staff_apart": "read what was said to a manager alone",
    "voice.copied_apart": "copied what was said to a manager alone",
    "voice.made_pdf_apart": "made a copy of what was said to a manager alone",
}
EVERY_OPENING = OPENING | APART
_AT_ONCE = 200  # events that one page is made of


@dataclass
class Opened:
    """One person of the staff on one day: what they opened, each thing once."""

    on: date
    name: str
    organisation: str
    what: list[str] = field(default_factory=list)


def who_opened(child_id: UUID, before: str = "") -> tuple[list[Opened], str | None]:
    """Who opened what, the last day first; and where the next page begins.

    What may be about a worker is the managers' alone, and a parent's worry is the parent's: that somebody opened it
    would tell of it. It has names of its own (`APART`); what was noted before it had them is looked up.
    """
    not_told = (
        select(Alert.id)
        .where(Alert.child_id == child_id, Alert.rule.in_((ABOUT_A_WORKER, ADULT_WORRY)))
        .union_all(select(Voice.id).where(Voice.person_id == child_id, Voice.kind.in_(TO_MANAGER)))
    )
    # Whoever reads this list may see neither of these, and so would leave nothing out.
    with beyond_the_wall():
        apart = session.scalars(not_told).all()
    rows = session.execute(
        select(AuditEvent.id, AuditEvent.at, AuditEvent.act, AuditEvent.actor_id, Person.name,
               Organisation.name.label("organisation"))
        .join(Person, Person.id == AuditEvent.actor_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            AuditEvent.subject_id == child_id,
            AuditEvent.door == STAFF,
            AuditEvent.act.in_(OPENING),
            AuditEvent.object_id.is_(None) | AuditEvent.object_id.not_in(apart),
            paging.before(before, AuditEvent.at, AuditEvent.id),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(_AT_ONCE + 1)
    ).all()  # fmt: skip
    crypto.fetch_keys({row.actor_id for row in rows})
    onward = paging.place(rows[_AT_ONCE - 1].at, rows[_AT_ONCE - 1].id) if len(rows) > _AT_ONCE else None
    return _by_day(rows[:_AT_ONCE]), onward


def _by_day(rows: Iterable[Any]) -> list[Opened]:
    found: dict[tuple[date, UUID], Opened] = {}
    for row in rows:
        day = row.at.astimezone(LONDON).date()
        if (day, row.actor_id) not in found:
            name = crypto.open_sealed(row.name, "person", "name", row.actor_id, row.actor_id)
            found[day, row.actor_id] = Opened(day, name, row.organisation or "")
        if OPENING[row.act] not in found[day, row.actor_id].what:
            found[day, row.actor_id].what.append(OPENING[row.act])
    return list(found.values())
