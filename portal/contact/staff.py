"""The staff's list of what was asked for, by the day on which each answer is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal import crypto, paging
from portal.access import STAFF, Can, SignedIn, allow, me
from portal.accounts.models import Person
from portal.config import LONDON, current_hub
from portal.contact.models import Ask
from portal.contact.room import bp
from portal.db import session
from portal.i18n import due_words
from portal.trail.models import ASK, ASK_MANAGER, READ, WAITING, Voice
from portal.web import render

ON_A_PAGE = 50


@dataclass(frozen=True)
class AskLine:
    """One thing that waits for an answer; what stands beside it in own words is a page further."""

    voice_id: UUID
    name: str
    what: str
    answer_by: datetime
    read: bool
    to_manager: bool


@bp.get("/asks")
@allow(STAFF, Can.READ_VOICE)
def asks() -> ResponseReturnValue:
    """What young people asked for and nobody has answered yet, by day."""
    after = request.args.get("after", "")
    lines, onward = waiting(me(), after)
    return render("contact/asks.html", days=_by_day(lines), onward=onward, first=not after, due=due_words)


def waiting(who: SignedIn, after: str = "", most: int = ON_A_PAGE) -> tuple[list[AskLine], str | None]:
    """What waits for an answer of those whom *who* reads, the first day first; and after which to go on."""
    found = (
        Voice.visible_to(who, Can.READ_VOICE)
        .join(Ask, Ask.id == Voice.source_id)
        .join(Person, Person.id == Ask.person_id)
        .where(
            Voice.kind.in_((ASK, ASK_MANAGER)), Voice.state.in_((WAITING, READ)),
            paging.after(after, Ask.answer_by, Ask.id),
        )
        .order_by(Ask.answer_by, Ask.id)
        .with_only_columns(
            Voice.id.label("voice_id"), Voice.kind, Voice.state, Ask.id, Ask.what, Ask.answer_by, Ask.person_id,
            Person.name,
        )
    )  # fmt: skip
    rows = list(session.execute(found.limit(most + 1)))
    crypto.fetch_keys(row.person_id for row in rows)
    onward = paging.place(rows[most - 1].answer_by, rows[most - 1].id) if len(rows) > most else None
    return [_line(row) for row in rows[:most]], onward


def _line(row: Any) -> AskLine:
    return AskLine(
        row.voice_id, crypto.open_sealed(row.name, "person", "name", row.person_id, row.person_id),
        crypto.open_sealed(row.what, "ask", "what", row.id, row.person_id), row.answer_by, row.state == READ,
        row.kind == ASK_MANAGER,
    )  # fmt: skip


def _by_day(lines: list[AskLine]) -> list[tuple[str, list[AskLine]]]:
    """The lines under the day by which each is answered, in London; those of past days under "Late"."""
    now = current_hub().now()
    today = now.astimezone(LONDON).date()
    return [
        (heading, list(group)) for heading, group in groupby(lines, lambda line: _heading(line, now, today))
    ]


def _heading(line: AskLine, now: datetime, today: date) -> str:
    if line.answer_by <= now:
        return "Late"
    day = line.answer_by.astimezone(LONDON).date()
    return "Today" if day == today else f"{day:%A} {day.day} {day:%B}"
