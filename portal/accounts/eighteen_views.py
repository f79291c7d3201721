"""From sixteen and a half: what will change on the eighteenth birthday, for the worker and at the young person's own door."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal import audit
from portal.access import STAFF, YOUNG, Can, allow
from portal.accounts.eighteen import born, eighteenth, is_told, told_from
from portal.accounts.holders import adults_of
from portal.accounts.models import Person
from portal.accounts.staff import get_child
from portal.accounts.views import bp
from portal.db import session
from portal.web import render


@bp.get("/young-people/<uuid:child_id>/eighteen")
@allow(STAFF, Can.GIVE_WAY_IN, of="young person")
def turning_eighteen(child_id: UUID) -> ResponseReturnValue:
    """When a young person turns 18, what changes that day by itself, and what their worker does before."""
    child = get_child(child_id, Can.GIVE_WAY_IN)
    born_on = born(child)
    audit.read("eighteen.read", object_kind="person", object_id=child.id, subject=child.id)
    return render(
        "accounts/turning_eighteen.html", child=child, adults=adults_of(child.id),
        turns=eighteenth(born_on) if born_on else None, told=told_from(born_on) if born_on else None,
        soon=is_told(born_on),
    )  # fmt: skip


@bp.get("/eighteen")
@allow(YOUNG, Can.READ_ANSWERS_TO_ME)
def when_eighteen() -> ResponseReturnValue:
    """What will change for a young person; from sixteen and a half their first page leads here. It shows nothing of them."""
    return render("accounts/when_eighteen.html")


def may_look_ahead(person_id: UUID) -> bool:
    """Whether somebody is old enough to be told what will change when they turn 18."""
    person = session.scalar(select(Person).where(Person.id == person_id).options(load_only(Person.born_on)))
    return person is not None and is_told(born(person))
