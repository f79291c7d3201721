"""What was agreed in conversations and is not done yet, by the day by which it is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_, or_, select

from portal import crypto
from portal.access import STAFF, Can, allow, me
from portal.accounts.models import Person, may_reach
from portal.config import current_hub
from portal.db import session
from portal.paging import NoSuchPlace
from portal.returns.conversation import AgreedAction, Conversation
from portal.returns.views import bp
from portal.web import render

ON_A_PAGE = 25


@dataclass(frozen=True)
class ActionLine:
    """One action in the list."""

    task_id: UUID
    name: str
    words: str
    owner: str
    by_on: date


@bp.get("/actions")
@allow(STAFF, Can.WRITE_UP)
def actions_due() -> ResponseReturnValue:
    """Everything agreed with the young people of whoever is signed in that is still to be done."""
    actions = AgreedAction.__table__.c
    found = (
        select(
            actions.id, actions.words, actions.owner, actions.by_on, actions.child_id, Conversation.task_id, Person.name
        )
        .join_from(AgreedAction, Conversation, Conversation.id == actions.conversation_id)
        .join(Person, Person.id == actions.child_id)
        .where(
            actions.done_on.is_(None), may_reach(me(), Can.WRITE_UP, actions.child_id),
            _behind(request.args.get("after", ""), actions),
        )
        .order_by(actions.by_on, actions.id)
    )  # fmt: skip
    rows = session.execute(found.limit(ON_A_PAGE + 1)).all()
    crypto.fetch_keys(row.child_id for row in rows)
    more = (
        f"{rows[ON_A_PAGE - 1].by_on:%Y%m%d}-{rows[ON_A_PAGE - 1].id.hex}" if len(rows) > ON_A_PAGE else None
    )
    return render(
        "returns/actions_due.html", fragment="rows", lines=[_line(row) for row in rows[:ON_A_PAGE]], onward=more,
        today=current_hub().today(),
    )  # fmt: skip


def _line(row: Any) -> ActionLine:
    def opened(column: str) -> str:
        return crypto.open_sealed(getattr(row, column), "agreed_action", column, row.id, row.child_id)

    name = crypto.open_sealed(row.name, "person", "name", row.child_id, row.child_id)
    return ActionLine(row.task_id, name, opened("words"), opened("owner"), row.by_on)


def _behind(place: str, actions: Any) -> ColumnElement[bool]:
    """The actions behind the *place* at which the page before ended."""
    if not place:
        return and_(True)
    day, _, last = place.partition("-")
    try:
        on, action_id = date.fromisoformat(day), UUID(hex=last)
    except ValueError:
        raise NoSuchPlace from None
    return or_(actions.by_on > on, and_(actions.by_on == on, actions.id > action_id))
