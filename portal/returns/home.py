"""Contacting home: for each parent or carer of a young person, whether a worker has recorded that it is safe.

Only then, and from the return whose hour has not come yet, a form stands at that adult's door after each return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import audit, crypto
from portal.access import STAFF, Can, allow, me
from portal.accounts.contact_beside import Contact, contact_of, may_keep_contact
from portal.accounts.models import Link, Person
from portal.accounts.staff import get_child
from portal.config import current_hub
from portal.db import new_id, session
from portal.episodes.episode import latest_return
from portal.i18n import staff_datetime
from portal.returns.family import STANDS, cautions, hour_after, last_sent
from portal.returns.views import bp
from portal.web import not_found, render, see_other

SAFE, TAKE_BACK = "safe", "take back"


@dataclass(frozen=True)
class AtHome:
    """One parent or carer: whether contacting them is recorded as safe, since when and by whom, and what follows."""

    id: UUID
    name: str
    kind: str
    safe_at: datetime | None
    safe_by: str
    follows: str
    sent_at: datetime | None
    contact: Contact


@bp.get("/young-people/<uuid:child_id>/home")
@allow(STAFF, Can.SAY_HOME_IS_SAFE, of="young person")
def home(child_id: UUID) -> ResponseReturnValue:
    """Every parent and carer, whether contacting them is safe, and what a parent said about whom not to speak to."""
    child = get_child(child_id, Can.SAY_HOME_IS_SAFE)
    audit.read("home.opened_by_staff", object_kind="person", object_id=child.id, subject=child.id)
    return render(
        "returns/home.html", child=child, adults=_at_home(child.id), cautions=cautions(child.id),
        hours=current_hub().file.home_form_hours, card_key=new_id().hex,
    )  # fmt: skip


@bp.post("/young-people/<uuid:child_id>/home/<uuid:adult_id>")
@allow(STAFF, Can.SAY_HOME_IS_SAFE, of="young person")
def say_home(child_id: UUID, adult_id: UUID) -> ResponseReturnValue:
    """Record that contacting this adult is safe, or take that back; of one adult, never of a household."""
    child = get_child(child_id, Can.SAY_HOME_IS_SAFE)
    links = list(session.scalars(Link.running_of(child.id).where(Link.adult_id == adult_id)))
    if not links:
        raise not_found()
    for link in links:
        if request.form.get("do") == SAFE:
            link.say_home_is_safe(me().id)
        elif request.form.get("do") == TAKE_BACK:
            link.take_home_safe_back(me().id)
    return see_other("returns.home", child_id=child.id)


def _at_home(child_id: UUID) -> list[AtHome]:
    links = list(session.scalars(Link.running_of(child_id)))
    people = {person for link in links for person in (link.adult_id, link.home_safe_by_id) if person}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all()
    crypto.fetch_keys(people)
    names = {row.id: crypto.open_sealed(row.name, "person", "name", row.id, row.id) for row in found}
    sent, last = last_sent(child_id), latest_return(child_id)
    returned_at = last.returned_at if last else None
    may_ask = may_keep_contact(child_id)
    lines = [
        AtHome(
            link.adult_id, names[link.adult_id], link.kind, link.home_safe_at,
            names.get(link.home_safe_by_id, "") if link.home_safe_by_id else "",
            _follows(link.home_safe_at, returned_at), sent.get(link.adult_id),
            contact_of(link.adult_id, names[link.adult_id], child_id, may_ask=may_ask),
        )
        for link in links
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.name.casefold())


def _follows(safe_at: datetime | None, returned_at: datetime | None) -> str:
    """What stands at an adult's door now, or from when on, in words for staff; never what a young person did."""
    if safe_at is None:
        return "Nothing is offered to them."
    now, hour = current_hub().now(), hour_after(returned_at) if returned_at else None
    if hour is None or safe_at > hour or now >= hour + STANDS:
        return "From the next return on, their form stands at their door."
    if now < hour:
        return f"Their form about the last return stands at their door from {staff_datetime(hour)}."
    return f"Their form about the last return stands at their door since {staff_datetime(hour)}."
